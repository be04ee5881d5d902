import assert from "node:assert/strict";
import { test } from "node:test";
import { hold, startReceiver } from "../../support/delivery/receiver.ts";
import { announcedIds, deliveriesOf, registerWebhook, settledTogether } from "../../support/delivery/webhooks.ts";
import { tenMinutes } from "../../support/run/patience.ts";
import { engineDatabase } from "../../support/server/server.ts";
import { gross, world } from "../../support/server/world.ts";

test("what waits is delivered after a restart, and what was delivered is not sent again", async (t) => {
  const receiver = await startReceiver(t);
  const database = await engineDatabase(t);
  const before = await world(t, { database }, { random: () => 0 });
  await registerWebhook(before, receiver.url);
  const thread = await before.addThread(gross);
  const delivered = await before.addMessages(thread);
  await before.app.settled();
  receiver.respond(() => 500);
  const waiting = await before.addMessages(thread);
  await before.app.settled();
  await before.app.stop();

  receiver.respond(() => 200);
  const after = await world(t, { database }, { random: () => 0 });
  await after.app.settled();
  assert.equal(receiver.received.length, 2);
  after.at(5);
  await after.app.settled();
  assert.deepEqual(
    receiver.received.map((one) => announcedIds([one])),
    [delivered, waiting, waiting],
  );
  const [, attempt, again] = receiver.received;
  assert.deepEqual([again?.text, again?.headers["webhook-id"]], [attempt?.text, attempt?.headers["webhook-id"]]);
  after.at(40 * 86_400);
  await after.app.settled();
  assert.equal(receiver.received.length, 3);
});

test("a stop does not wait for an endpoint that hangs; what it was sent comes again first", async (t) => {
  const receiver = await startReceiver(t);
  const database = await engineDatabase(t);
  const before = await world(t, { database }, { workerPatience: { calls: 1, records: tenMinutes } });
  await registerWebhook(before, receiver.url);
  const thread = await before.addThread(gross);
  hold(receiver);
  const first = await before.addMessages(thread);
  await receiver.requests(1);
  const later = await before.addMessages(thread, thread);
  // The call would go on for ten minutes; the test would not end in time if the stop waited for it.
  await before.app.stop();

  receiver.respond(() => 200);
  const after = await world(t, { database });
  await after.app.settled();
  assert.deepEqual(
    receiver.received.map((one) => announcedIds([one])),
    [first, first, later],
  );
  const [attempt, again] = receiver.received;
  assert.deepEqual([again?.text, again?.headers["webhook-id"]], [attempt?.text, attempt?.headers["webhook-id"]]);
  assert.deepEqual(
    (await deliveriesOf(after)).map(({ state, attempts }) => [state, attempts]),
    [
      ["delivered", 1],
      ["delivered", 1],
    ],
  );
});

test("a stop lets a call end that is about to", async (t) => {
  const receiver = await startReceiver(t);
  const database = await engineDatabase(t);
  const before = await world(t, { database }, { workerPatience: { calls: tenMinutes, records: tenMinutes } });
  await registerWebhook(before, receiver.url);
  const release = hold(receiver);
  await before.addMessages(await before.addThread(gross));
  await receiver.requests(1);
  const stopped = before.app.stop();
  release(200);
  await stopped;
  const after = await world(t, { database });
  await after.app.settled();
  assert.equal(receiver.received.length, 1);
  assert.deepEqual(
    (await deliveriesOf(after)).map(({ state }) => state),
    ["delivered"],
  );
});

test("messages that were added while no endpoint could be reached wait over several restarts", async (t) => {
  const receiver = await startReceiver(t, () => 503);
  const database = await engineDatabase(t);
  const sent: string[] = [];
  for (let round = 0; round < 3; round += 1) {
    const server = await world(t, { database }, { random: () => 0 });
    if (round === 0) await registerWebhook(server, receiver.url);
    server.at(round / 10);
    sent.push(...(await server.addMessages(await server.addThread(gross))));
    await server.app.settled();
    await server.app.stop();
  }
  receiver.respond(() => 200);
  const { length } = receiver.received;
  const server = await world(t, { database });
  server.at(6);
  await server.app.settled();
  assert.deepEqual(announcedIds(receiver.received.slice(length)), sent);
});

test("two servers on one database send everything once, whichever of them stored it", async (t) => {
  const receiver = await startReceiver(t);
  const database = await engineDatabase(t);
  const servers = [await world(t, { database }), await world(t, { database })] as const;
  await registerWebhook(servers[0], receiver.url);
  const thread = await servers[0].addThread(gross);
  const sent: string[] = [];
  for (let round = 0; round < 10; round += 1) {
    for (const { addMessages } of servers) sent.push(...(await addMessages(thread)));
  }
  await settledTogether(servers);
  assert.deepEqual(announcedIds(receiver.received), sent);
  assert.ok((await deliveriesOf(servers[1])).every(({ state, attempts }) => state === "delivered" && attempts === 1));
});
