import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { listIntegrations } from "../../../src/store/directory/directory.ts";
import { startReceiver } from "../../support/delivery/receiver.ts";
import { announcedIds, batchOf, registerWebhook } from "../../support/delivery/webhooks.ts";
import type { TestServer } from "../../support/server/server.ts";
import { client2AtGross, gross, net, nobody, third, world } from "../../support/server/world.ts";

test("an added message is announced, signed, to the client's URL as it was given", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, ...server } = await world(t);
  const { secret } = await registerWebhook(server, `${receiver.url}/hook?token=a%2Fb+c`);
  const thread = await addThread(gross);
  const [id] = await addMessages(thread);
  const [received] = await receiver.requests(1);
  assert.ok(received);
  assert.equal(received.path, "/hook?token=a%2Fb+c");
  assert.equal(received.headers["content-type"], "application/json");
  const { EnterpriseId, IntegrationId, Events } = batchOf(received);
  assert.equal(EnterpriseId, gross);
  assert.match(IntegrationId, /^[0-9a-f-]{36}$/);
  assert.deepEqual(Events, [{ Discriminator: "MessageAdded", Value: { Id: id, MessageThreadId: thread } }]);
  const seconds = Number(received.headers["webhook-timestamp"]);
  assert.equal(seconds, Date.UTC(2026, 4, 5, 10) / 1000);
  const expected = new Webhook(secret).sign(
    String(received.headers["webhook-id"]),
    new Date(seconds * 1000),
    received.text,
  );
  assert.equal(received.headers["webhook-signature"], expected);
});

test("every message is announced, be it the partner's or the staff's, and can be fetched by its id", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, staff, messages, ...server } = await world(t);
  await registerWebhook(server, receiver.url);
  const thread = await addThread(gross);
  const sent = [...(await addMessages(thread)), await staff("reply", thread), ...(await addMessages(thread, thread))];
  await server.app.settled();
  const announced = announcedIds(receiver.received);
  assert.deepEqual(announced, sent);
  assert.deepEqual(await messages({ MessageIds: announced }), sent.toReversed());
});

test("a thread that is opened, a refused request and a repeated one are not announced", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addTo, ...server } = await world(t);
  await registerWebhook(server, receiver.url);
  const thread = await addThread(gross);
  assert.equal((await addTo([thread, nobody])).status, 400);
  await server.app.settled();
  assert.deepEqual(receiver.received, []);
  const once = { headers: { "Idempotency-Key": "one" } };
  const { body } = await addTo([thread], once);
  assert.equal((await addTo([thread], once)).headers.get("Idempotent-Replayed"), "true");
  await server.app.settled();
  assert.deepEqual(
    announcedIds(receiver.received),
    body.Messages.map(({ Message }) => Message.Id),
  );
});

test("a client hears nothing of another client's messages", async (t) => {
  const [mine, theirs] = [await startReceiver(t), await startReceiver(t)];
  const { addThread, addTo, addMessages, staff, ...server } = await world(t);
  await registerWebhook(server, mine.url);
  await registerWebhook(server, theirs.url, { clientToken: client2AtGross.tokens.ClientToken });
  const [thread, other] = [await addThread(gross), await addThread(undefined, client2AtGross)];
  const [own, others]: [string[], string[]] = [[], []];
  for (let round = 0; round < 3; round += 1) {
    const { body } = await addTo([other], client2AtGross);
    others.push(...body.Messages.map(({ Message }) => Message.Id), await staff("reply", other));
    own.push(...(await addMessages(thread)), await staff("reply", thread));
    await server.app.settled();
  }
  assert.deepEqual([announcedIds(mine.received), announcedIds(theirs.received)], [own, others]);
});

test("what was added before a URL was registered is not announced", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, ...server } = await world(t);
  const thread = await addThread(gross);
  await addMessages(thread);
  await registerWebhook(server, receiver.url);
  const later = await addMessages(thread);
  await server.app.settled();
  assert.deepEqual(announcedIds(receiver.received), later);
});

/** The ids of client 1's integrations: the portfolio's, and those for Net alone. */
async function integrationsOf({ app }: TestServer) {
  const all = await listIntegrations(app.store.db, app.clock());
  const own = all.filter(({ client_name }) => client_name === "Client 1");
  const [portfolio] = own.filter(({ enterprises }) => enterprises === 3);
  assert.ok(portfolio);
  return { portfolio: portfolio.id, single: own.filter((one) => one !== portfolio).map(({ id }) => id) };
}

test("every integration that covers the enterprise is told, each by a request of its own", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, ...server } = await world(t);
  await registerWebhook(server, receiver.url);
  const { portfolio, single } = await integrationsOf(server);
  const ids = await addMessages(await addThread(net));
  await server.app.settled();
  const told = receiver.received.map((one) => batchOf(one));
  assert.deepEqual(told.map(({ IntegrationId }) => IntegrationId).sort(), [portfolio, ...single].sort());
  for (const { EnterpriseId, Events } of told) {
    assert.equal(EnterpriseId, net);
    assert.deepEqual(
      Events.map(({ Value }) => Value.Id),
      ids,
    );
  }
  assert.equal(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size, 3);
});

test("a portfolio hears of each of its enterprises apart", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, ...server } = await world(t);
  await registerWebhook(server, receiver.url);
  const { portfolio } = await integrationsOf(server);
  const threads = [await addThread(gross), await addThread(third)] as const;
  const [first, second, last] = await addMessages(threads[0], threads[1], threads[0]);
  await server.app.settled();
  const told = receiver.received.map((one) => {
    const { EnterpriseId, IntegrationId } = batchOf(one);
    return [EnterpriseId, IntegrationId, announcedIds([one])];
  });
  assert.deepEqual(
    new Map(told.map(([enterprise, ...rest]) => [enterprise, rest])),
    new Map([
      [gross, [portfolio, [first, last]]],
      [third, [portfolio, [second]]],
    ]),
  );
  assert.equal(told.length, 2);
});

test("a URL that is changed keeps its secret, and what waits goes to the new one", async (t) => {
  const [before, after] = [await startReceiver(t, () => 500), await startReceiver(t)];
  const { at, addThread, addMessages, ...server } = await world(t);
  const { id, secret } = await registerWebhook(server, before.url);
  await addMessages(await addThread(gross));
  await server.app.settled();
  assert.deepEqual(await registerWebhook(server, after.url), { id, secret: "" });
  at(6);
  await server.app.settled();
  assert.deepEqual([before.received.length, after.received.length], [1, 1]);
  const [first, second] = [before.received[0], after.received[0]];
  assert.deepEqual([second?.text, second?.headers["webhook-id"]], [first?.text, first?.headers["webhook-id"]]);
  const sentAt = new Date(Number(second?.headers["webhook-timestamp"]) * 1000);
  const expected = new Webhook(secret).sign(String(second?.headers["webhook-id"]), sentAt, second?.text ?? "");
  assert.equal(second?.headers["webhook-signature"], expected);
});
