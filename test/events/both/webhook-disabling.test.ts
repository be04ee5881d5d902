import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import {
  disableWebhookEndpoint,
  enableWebhookEndpoint,
  findWebhookEndpoint,
} from "../../../src/store/webhooks/endpoints.ts";
import { startReceiver } from "../../support/delivery/receiver.ts";
import { announcedIds, deliveriesOf, registerWebhook } from "../../support/delivery/webhooks.ts";
import { day, gross, world } from "../../support/server/world.ts";

/** Client 1's endpoint, which the operator can disable and enable. */
async function worldWithEndpoint(t: TestContext, status = 200) {
  const receiver = await startReceiver(t, () => status);
  const server = await world(t, {}, { random: () => 0 });
  const { id } = await registerWebhook(server, receiver.url);
  const { db } = server.app.store;
  const thread = await server.addThread(gross);

  /** Adds a message, and lets everything be sent that is due. */
  async function announce(): Promise<string[]> {
    const ids = await server.addMessages(thread);
    await server.app.settled();
    return ids;
  }
  /** Whether it is enabled, and if not, why. */
  async function state(): Promise<string> {
    const { is_enabled, disabled_reason } = await findWebhookEndpoint(db, id);
    return is_enabled === 1 ? "enabled" : (disabled_reason ?? "");
  }
  async function enable(skip = false): Promise<void> {
    await db.transaction((transaction) => enableWebhookEndpoint(transaction, id, skip));
    await server.app.settled();
  }
  const disable = () => db.transaction((transaction) => disableWebhookEndpoint(transaction, id, "By the operator."));
  return { ...server, receiver, announce, state, enable, disable };
}

test("410 disables an endpoint, and what waits goes out once it is enabled", async (t) => {
  const { receiver, announce, state, enable, at, logged, ...server } = await worldWithEndpoint(t, 410);
  const first = await announce();
  assert.equal(await state(), "It answered 410.");
  assert.match(JSON.stringify(logged), /The webhook [0-9a-f-]{36} of Client 1 was disabled\. It answered 410\./);
  receiver.respond(() => 200);
  at(6);
  const meanwhile = [...(await announce()), ...(await announce())];
  at(30 * day);
  await server.app.settled();
  assert.deepEqual(announcedIds(receiver.received), first);

  await enable();
  assert.equal(await state(), "enabled");
  assert.deepEqual(
    receiver.received.map((one) => announcedIds([one])),
    [first, first, meanwhile],
  );
  const [one, again] = receiver.received;
  assert.deepEqual([again?.text, again?.headers["webhook-id"]], [one?.text, one?.headers["webhook-id"]]);
  assert.deepEqual(
    (await deliveriesOf(server)).map(({ state }) => state),
    ["delivered", "delivered"],
  );
});

test("other answers that an endpoint is gone do not disable it", async (t) => {
  const { receiver, announce, state } = await worldWithEndpoint(t);
  for (const status of [400, 401, 403, 404, 301, 500, 503]) {
    receiver.respond(() => status);
    await announce();
    assert.equal(await state(), "enabled", `${status}`);
  }
});

test("five days of nothing but failures disable an endpoint", async (t) => {
  const { receiver, announce, state, enable, at, ...server } = await worldWithEndpoint(t, 500);
  await announce();
  for (const second of [day, 2 * day, 4 * day, 5 * day - 1]) {
    at(second);
    await announce();
    assert.equal(await state(), "enabled", `${second}`);
  }
  at(5 * day);
  await announce();
  assert.equal(await state(), "Nothing but failures for five days.");
  const { length } = receiver.received;
  at(40 * day);
  const ids = await announce();
  assert.equal(receiver.received.length, length);

  // Enabled, it has five days again.
  await enable();
  assert.equal(await state(), "enabled");
  at(44 * day);
  await server.app.settled();
  assert.equal(await state(), "enabled");
  receiver.respond(() => 200);
  at(45 * day - 1);
  await server.app.settled();
  assert.ok(announcedIds(receiver.received).includes(ids[0] ?? ""));
});

test("a success in between starts the five days anew", async (t) => {
  const { receiver, announce, state, at } = await worldWithEndpoint(t, 500);
  await announce();
  at(4 * day);
  receiver.respond(() => 200);
  await announce();
  receiver.respond(() => 500);
  at(4.5 * day);
  await announce();
  at(5 * day);
  await announce();
  at(9.4 * day);
  await announce();
  assert.equal(await state(), "enabled");
  at(9.5 * day);
  await announce();
  assert.equal(await state(), "Nothing but failures for five days.");
});

test("five days without anything to send disable no webhook", async (t) => {
  const { announce, state, at, receiver } = await worldWithEndpoint(t);
  await announce();
  at(20 * day);
  receiver.respond(() => 500);
  await announce();
  assert.equal(await state(), "enabled");
});

test("an endpoint that the operator disables loses nothing", async (t) => {
  const { receiver, announce, state, enable, disable, addMessages, addThread } = await worldWithEndpoint(t);
  const before = await announce();
  await disable();
  assert.equal(await state(), "By the operator.");
  const thread = await addThread(gross);
  const meanwhile = [
    ...(await announce()),
    ...(await addMessages(...Array.from({ length: 150 }, () => thread))),
    ...(await announce()),
  ];
  assert.deepEqual(announcedIds(receiver.received), before);
  await enable();
  assert.deepEqual(announcedIds(receiver.received), [...before, ...meanwhile]);
  const after = await announce();
  assert.deepEqual(announcedIds(receiver.received), [...before, ...meanwhile, ...after]);
});

test("a retry waits for its endpoint to be enabled", async (t) => {
  const { receiver, announce, enable, disable, at, ...server } = await worldWithEndpoint(t, 500);
  const ids = await announce();
  await disable();
  receiver.respond(() => 200);
  at(day);
  await server.app.settled();
  assert.equal(receiver.received.length, 1);
  await enable();
  assert.deepEqual(announcedIds(receiver.received), [...ids, ...ids]);
});

test("enabling with skip leaves out what is not part of a delivery yet, and nothing that comes later", async (t) => {
  const { receiver, announce, enable, disable, at, ...server } = await worldWithEndpoint(t, 500);
  const frozen = await announce();
  await disable();
  receiver.respond(() => 200);
  await announce();
  await announce();
  at(5);
  await enable(true);
  const later = await announce();
  at(60 * day);
  await server.app.settled();
  assert.deepEqual(
    receiver.received.map((one) => announcedIds([one])),
    [frozen, frozen, later],
  );
});

test("registering a URL again enables its endpoint", async (t) => {
  const { receiver, announce, state, ...server } = await worldWithEndpoint(t, 410);
  const first = await announce();
  receiver.respond(() => 200);
  const second = await announce();
  await registerWebhook(server, `${receiver.url}/new`);
  assert.equal(await state(), "enabled");
  server.at(5);
  await server.app.settled();
  assert.deepEqual(announcedIds(receiver.received.slice(1)).sort(), [...first, ...second].sort());
  assert.deepEqual(
    receiver.received.map(({ path }) => path),
    ["/", "/new", "/new"],
  );
});
