import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { attemptsOf } from "../../../src/store/webhooks/deliveries.ts";
import { startReceiver } from "../../support/delivery/receiver.ts";
import { deliveriesOf, registerWebhook } from "../../support/delivery/webhooks.ts";
import { client2AtGross, day, gross, utc, world } from "../../support/server/world.ts";

/** Client 1's endpoint, and a way to have one delivery recorded. */
async function worldWithEndpoint(t: TestContext) {
  const receiver = await startReceiver(t);
  const server = await world(t, {}, { random: () => 0 });
  await registerWebhook(server, receiver.url);
  const thread = await server.addThread(gross);
  async function announce(): Promise<void> {
    await server.addMessages(thread);
    await server.app.settled();
  }
  const states = async () => (await deliveriesOf(server)).map(({ state }) => state);
  return { ...server, receiver, announce, states };
}

test("what was delivered thirty days ago is removed bit by bit, with its attempts", async (t) => {
  const { at, announce, app, states, receiver } = await worldWithEndpoint(t);
  for (let count = 0; count < 20; count += 1) await announce();
  const old = await deliveriesOf({ app });
  assert.equal(old.length, 20);
  at(30 * day);
  await announce();
  assert.equal((await states()).length, 21);

  at(30 * day + 1);
  const left: number[] = [];
  for (let count = 0; count < 20 && left.at(-1) !== 0; count += 1) {
    await announce();
    const ids = new Set((await deliveriesOf({ app })).map(({ id }) => id));
    left.push(old.filter(({ id }) => ids.has(id)).length);
  }
  assert.equal(left.at(-1), 0);
  assert.ok(left.length > 1, "all at once");
  assert.deepEqual(
    left,
    left.toSorted((a, b) => b - a),
  );
  for (const one of old) assert.deepEqual(await attemptsOf(app.store.db, one), []);
  // What was delivered since then is all there.
  assert.equal((await states()).length, 1 + left.length);
  assert.equal(receiver.received.length, 21 + left.length);
});

test("what failed or waits is kept however old it is", async (t) => {
  const { at, announce, states, receiver, ...server } = await worldWithEndpoint(t);
  const { app } = server;
  receiver.respond(() => 500);
  await announce();
  for (let attempts = 1; attempts < 10; attempts += 1) {
    const [delivery] = await deliveriesOf({ app });
    at((delivery?.due ?? 0) / 1_000_000 - Date.parse(utc(0)) / 1000);
    await app.settled();
  }
  receiver.respond(() => 200);
  for (let count = 0; count < 3; count += 1) await announce();
  receiver.respond(() => 410);
  await announce();
  assert.deepEqual(await states(), ["waiting", "delivered", "delivered", "delivered", "failed"]);

  // Another client's deliveries are recorded, since this one's endpoint is disabled.
  const other = await startReceiver(t);
  at(400 * day);
  await registerWebhook(server, other.url, { clientToken: client2AtGross.tokens.ClientToken });
  await server.addTo([await server.addThread(gross, client2AtGross)], client2AtGross);
  await app.settled();
  assert.deepEqual(await states(), ["delivered", "waiting", "failed"]);
  const [, , failed] = await deliveriesOf({ app });
  assert.ok(failed);
  assert.equal((await attemptsOf(app.store.db, failed)).length, 10);
});
