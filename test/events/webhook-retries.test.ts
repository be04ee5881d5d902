import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { attemptsOf, resend, resendFailed } from "../../src/store/webhooks/deliveries.ts";
import { type Received, startReceiver } from "../support/delivery/receiver.ts";
import { announcedIds, deliveriesOf, registerWebhook } from "../support/delivery/webhooks.ts";
import { day, gross, world } from "../support/server/world.ts";

const hour = 3600;

/** What the contract says of the pauses between attempts, in seconds. */
const pauses = [5, 300, 1800, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];

/** Enough for a pause that is computed in fractions; the clock has microseconds. */
const moment = 0.000_01;

/** What stays the same at every attempt. */
function frozen({ text, path, headers }: Received) {
  return { text, path, id: headers["webhook-id"], type: headers["content-type"] };
}

/** Client 1's endpoint, which answers 500. */
async function failingWorld(t: TestContext, random = 0) {
  const receiver = await startReceiver(t, () => 500);
  const server = await world(t, {}, { random: () => random });
  await registerWebhook(server, receiver.url);
  const thread = await server.addThread(gross);

  /** Lets one attempt after the other fail, until there are no more, and answers when that is. */
  async function failAll(from: number): Promise<number> {
    await server.app.settled();
    let second = from;
    for (const pause of pauses) {
      second += pause * (1 + 0.1 * random) + moment;
      server.at(second);
      await server.app.settled();
    }
    return second;
  }
  const addMessage = () => server.addMessages(thread);
  const deliveries = () => deliveriesOf(server);
  return { ...server, receiver, addMessage, failAll, deliveries };
}

test("nine pauses grow from 5 seconds to a day, with jitter", async (t) => {
  const random = 0.999;
  const { receiver, addMessage, at, ...server } = await failingWorld(t, random);
  await addMessage();
  await server.app.settled();
  let second = 0;
  for (const [index, pause] of pauses.entries()) {
    const long = pause * (1 + 0.1 * random);
    for (const early of [pause / 2, long - moment]) {
      at(second + early);
      await server.app.settled();
      assert.equal(receiver.received.length, index + 1, `${early} s after failure ${index + 1}`);
    }
    second += long + moment;
    at(second);
    await server.app.settled();
    assert.equal(receiver.received.length, index + 2, `${long} s after failure ${index + 1}`);
  }
  assert.equal(new Set(receiver.received.map((one) => JSON.stringify(frozen(one)))).size, 1);
});
test("after the tenth failure a delivery is kept as failed, with every attempt, and never sent again", async (t) => {
  const { receiver, addMessage, failAll, deliveries, at, ...server } = await failingWorld(t);
  const announced = await addMessage();
  const end = await failAll(0);
  assert.equal(receiver.received.length, 10);
  const [delivery, ...others] = await deliveries();
  assert.ok(delivery);
  assert.deepEqual(others, []);
  assert.deepEqual([delivery.state, delivery.attempts, delivery.status], ["failed", 10, 500]);
  assert.equal(delivery.id, receiver.received[0]?.headers["webhook-id"]);
  const attempts = await attemptsOf(server.app.store.db, delivery);
  assert.deepEqual(
    attempts.map(({ number, status, error }) => [number, status, error]),
    attempts.map((_, index) => [index + 1, 500, "It answered 500."]),
  );

  at(end + 60 * day);
  receiver.respond(() => 200);
  const later = await addMessage();
  await server.app.settled();
  assert.deepEqual(announcedIds(receiver.received.slice(10)), later);
  assert.deepEqual(announcedIds(receiver.received.slice(0, 1)), announced);
  assert.deepEqual(
    (await deliveries()).map(({ state }) => state),
    ["delivered", "failed"],
  );
});

test("a failed delivery that is sent again is the same request, and starts the schedule over", async (t) => {
  const { receiver, addMessage, failAll, deliveries, at, app } = await failingWorld(t);
  await addMessage();
  const end = await failAll(0);
  const [failed] = await deliveries();
  // Five days of nothing but failures would disable the endpoint.
  receiver.respond(() => 200);
  await addMessage();
  await app.settled();
  receiver.respond(() => 500);
  assert.equal(receiver.received.length, 11);

  await resend(app.store.db, failed?.id ?? "", app.clock());
  await app.settled();
  assert.equal(receiver.received.length, 12);
  at(end + 4.9);
  await app.settled();
  assert.equal(receiver.received.length, 12);
  await failAll(end);
  const again = [...receiver.received.slice(0, 10), ...receiver.received.slice(11)];
  assert.equal(again.length, 20);
  assert.equal(new Set(again.map((one) => JSON.stringify(frozen(one)))).size, 1);
  const states = async () => (await deliveries()).map(({ state, attempts }) => [state, attempts]);
  assert.deepEqual(await states(), [
    ["delivered", 1],
    ["failed", 20],
  ]);

  receiver.respond(() => 200);
  await resend(app.store.db, failed?.id ?? "", app.clock());
  await app.settled();
  assert.deepEqual(await states(), [
    ["delivered", 1],
    ["delivered", 21],
  ]);
});

test("all failed deliveries since a moment are sent again together", async (t) => {
  const { receiver, addMessage, failAll, deliveries, at, app } = await failingWorld(t);
  const first = await addMessage();
  const end = await failAll(0);
  at(end + 1);
  receiver.respond(() => 200);
  await addMessage();
  await app.settled();
  receiver.respond(() => 500);
  const since = app.clock();
  const later = await addMessage();
  // Else the second one might be announced together with it.
  await app.settled();
  later.push(...(await addMessage()));
  await failAll(end + 1);
  assert.deepEqual(
    (await deliveries()).map(({ state }) => state),
    ["failed", "failed", "delivered", "failed"],
  );

  receiver.respond(() => 200);
  const before = receiver.received.length;
  assert.equal(await resendFailed(app.store.db, since, app.clock()), 2);
  await app.settled();
  assert.deepEqual(announcedIds(receiver.received.slice(before)).sort(), later.sort());
  assert.equal(await resendFailed(app.store.db, 0, app.clock()), 1);
  await app.settled();
  assert.deepEqual(announcedIds(receiver.received.slice(before + 2)), first);
  assert.equal(await resendFailed(app.store.db, 0, app.clock()), 0);
});

test("a success ends the retries", async (t) => {
  const { receiver, addMessage, deliveries, at, ...server } = await failingWorld(t);
  await addMessage();
  await server.app.settled();
  receiver.respond(() => 200);
  at(5);
  await server.app.settled();
  assert.equal(receiver.received.length, 2);
  at(30 * day);
  await server.app.settled();
  assert.equal(receiver.received.length, 2);
  assert.deepEqual(
    (await deliveries()).map(({ state, attempts }) => [state, attempts]),
    [["delivered", 2]],
  );
});
