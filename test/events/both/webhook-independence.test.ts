import assert from "node:assert/strict";
import { test } from "node:test";
import { hold, type Receiver, startReceiver } from "../../support/delivery/receiver.ts";
import { announcedIds, registerWebhook } from "../../support/delivery/webhooks.ts";
import { client2AtGross, enterprises, gross, world } from "../../support/server/world.ts";

/** Client 3 at Gross. */
const client3AtGross = {
  tokens: {
    ClientToken: "2CC71B0660F345019882AD200155B4FE-4A1FC9080A4DD2A404734003674F77E",
    AccessToken: "5F56B9903A834F199E28AD20015E58CA-5C6A1A00550634911534AD6A098E8B7",
  },
};

/** How many requests a receiver handles at the same time, at most; each is answered a turn or more after it came. */
function mostAtOnce(receiver: Receiver): () => number {
  let most = 0;
  let current = 0;
  receiver.respond((_, response) => {
    current += 1;
    most = Math.max(most, current);
    setImmediate(() => {
      current -= 1;
      response.writeHead(200).end();
    });
    return undefined;
  });
  return () => most;
}

test("an endpoint that hangs and one that fails delay no other", async (t) => {
  const [hanging, failing, healthy] = [await startReceiver(t), await startReceiver(t), await startReceiver(t)];
  const server = await world(t, {}, { random: () => 0 });
  const { addThread, addTo } = server;
  await registerWebhook(server, hanging.url);
  await registerWebhook(server, failing.url, { clientToken: client2AtGross.tokens.ClientToken });
  await registerWebhook(server, healthy.url, { clientToken: client3AtGross.tokens.ClientToken });
  const release = hold(hanging);
  failing.respond(() => 500);
  const clients = await Promise.all(
    [{}, client2AtGross, client3AtGross].map(async (options) => ({ thread: await addThread(gross, options), options })),
  );
  const sent: string[] = [];
  for (let round = 1; round <= 10; round += 1) {
    for (const { thread, options } of clients) {
      const { status, body } = await addTo([thread], options);
      assert.equal(status, 200);
      if (options === client3AtGross) sent.push(...body.Messages.map(({ Message }) => Message.Id));
    }
    await healthy.until((received) => announcedIds(received).length === round);
  }
  assert.deepEqual(announcedIds(healthy.received), sent);
  assert.equal(hanging.received.length, 1);
  release(200);
  failing.respond(() => 200);
  server.at(6);
  await server.app.settled();
  assert.equal(new Set(announcedIds(hanging.received)).size, 10);
  assert.equal(new Set(announcedIds(failing.received)).size, 10);
  assert.deepEqual(announcedIds(healthy.received), sent);
});

test("an endpoint is sent one request at a time, of however many integrations and enterprises", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, ...server } = await world(t);
  await registerWebhook(server, receiver.url);
  const most = mostAtOnce(receiver);
  const threads = await Promise.all(enterprises.map((enterprise) => addThread(enterprise)));
  await Promise.all(Array.from({ length: 10 }, () => addMessages(...threads)));
  await server.app.settled();
  assert.ok(receiver.received.length >= 5, `${receiver.received.length} requests`);
  assert.equal(most(), 1);
});

test("an endpoint that hangs is sent nothing else, even when something else is due meanwhile", async (t) => {
  const receiver = await startReceiver(t, () => 500);
  const control = await startReceiver(t);
  const server = await world(t, {}, { random: () => 0 });
  const { at, addThread, addMessages, addTo } = server;
  await registerWebhook(server, receiver.url);
  await registerWebhook(server, control.url, { clientToken: client2AtGross.tokens.ClientToken });
  const thread = await addThread(gross);
  await addMessages(thread);
  await server.app.settled();
  const release = hold(receiver);
  await addMessages(thread);
  await receiver.requests(2);
  // Beyond the retry of the first message, and beyond what any call may take.
  at(60);
  await addMessages(thread);
  await addTo([await addThread(gross, client2AtGross)], client2AtGross);
  await control.requests(1);
  assert.equal(receiver.received.length, 2);
  release(200);
  await server.app.settled();
  assert.equal(receiver.received.length, 4);
});

test("of endpoints that have much to hear, each has its turn", async (t) => {
  const [busy, other] = [await startReceiver(t), await startReceiver(t)];
  const server = await world(t);
  const { addThread, addMessages, addTo } = server;
  await registerWebhook(server, busy.url);
  await registerWebhook(server, other.url, { clientToken: client2AtGross.tokens.ClientToken });
  const thread = await addThread(gross);
  const otherThread = await addThread(gross, client2AtGross);
  const release = hold(busy);
  await addMessages(thread);
  await busy.requests(1);
  await addMessages(...Array.from({ length: 1000 }, () => thread));
  let before = Number.POSITIVE_INFINITY;
  other.respond(() => {
    before = Math.min(before, busy.received.length);
    return 200;
  });
  release(200);
  await addTo([otherThread], client2AtGross);
  await server.app.settled();
  assert.equal(busy.received.length, 11);
  assert.ok(before < 11, "the other endpoint waited for all of the busy one's");
});
