import assert from "node:assert/strict";
import { test } from "node:test";
import { hold, startReceiver } from "../../support/delivery/receiver.ts";
import { announcedIds, batchOf, registerWebhook } from "../../support/delivery/webhooks.ts";
import { everything, gross, world } from "../../support/server/world.ts";

test("what gathers while an endpoint hangs goes out a hundred events at a time, in order", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, ...server } = await world(t);
  await registerWebhook(server, receiver.url);
  const release = hold(receiver);
  const thread = await addThread(gross);
  const first = await addMessages(thread);
  await receiver.requests(1);
  const many = await addMessages(...Array.from({ length: 230 }, () => thread));
  const more = await addMessages(...Array.from({ length: 20 }, () => thread));
  release(200);
  await server.app.settled();
  const sizes = receiver.received.map((one) => batchOf(one).Events.length);
  assert.deepEqual(sizes, [1, 100, 100, 50]);
  assert.deepEqual(announcedIds(receiver.received), [...first, ...many, ...more]);
});

test("a hundred waiting events are one request, and nothing follows it", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, ...server } = await world(t);
  await registerWebhook(server, receiver.url);
  const thread = await addThread(gross);
  const ids = await addMessages(...Array.from({ length: 100 }, () => thread));
  await server.app.settled();
  assert.deepEqual(
    receiver.received.map((one) => announcedIds([one])),
    [ids],
  );
});

test("the largest body stays within 20,000 bytes", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, staff, ...server } = await world(t);
  await registerWebhook(server, receiver.url, { events: ["MessageAdded", "MessageThreadUpdated"] });
  const release = hold(receiver);
  const thread = await addThread(gross);
  await addMessages(thread);
  await receiver.requests(1);
  for (let round = 0; round < 50; round += 1) {
    await staff("resolve", thread);
    await staff("reopen", thread);
  }
  release(200);
  await server.app.settled();
  assert.equal(receiver.received.length, 2);
  const { text, headers } = receiver.received[1] ?? { text: "", headers: {} };
  const { Events } = JSON.parse(text) as { Events: { Discriminator: string }[] };
  assert.deepEqual(
    Events.map(({ Discriminator }) => Discriminator),
    Array.from({ length: 100 }, () => "MessageThreadUpdated"),
  );
  assert.equal(Number(headers["content-length"]), Buffer.byteLength(text));
  assert.ok(Buffer.byteLength(text) <= 20_000, `${Buffer.byteLength(text)} bytes`);
});

test("messages of many requests at once are announced in the order in which they were added", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, messages, ...server } = await world(t);
  await registerWebhook(server, receiver.url);
  const release = hold(receiver);
  const threads = await Promise.all([addThread(gross), addThread(gross), addThread(gross)]);
  await Promise.all(threads.flatMap((thread) => Array.from({ length: 20 }, () => addMessages(thread, ...threads))));
  release(200);
  await server.app.settled();
  const inOrder = (await messages({ MessageThreadIds: threads, ...everything })).toReversed();
  assert.equal(inOrder.length, 240);
  assert.deepEqual(announcedIds(receiver.received), inOrder);
});

test("a retry is the same request to the byte, and what came in between is another one", async (t) => {
  const receiver = await startReceiver(t, () => 500);
  const { at, addThread, addMessages, ...server } = await world(t, {}, { random: () => 0 });
  await registerWebhook(server, receiver.url);
  const thread = await addThread(gross);
  const first = await addMessages(thread);
  await server.app.settled();
  const second = await addMessages(thread, thread);
  await server.app.settled();
  receiver.respond(() => 200);
  at(6);
  const third = await addMessages(thread);
  await server.app.settled();

  assert.deepEqual(
    receiver.received.map((one) => announcedIds([one])),
    [first, second, first, second, third],
  );
  const [one, two, oneAgain, twoAgain, three] = receiver.received.map(({ text, headers }) => ({
    id: headers["webhook-id"],
    text,
  }));
  assert.deepEqual([oneAgain, twoAgain], [one, two]);
  assert.equal(new Set([one?.id, two?.id, three?.id]).size, 3);
});

test("what comes while an attempt hangs that then fails is not put into its retry", async (t) => {
  const receiver = await startReceiver(t);
  const { at, addThread, addMessages, ...server } = await world(t, {}, { random: () => 0 });
  await registerWebhook(server, receiver.url);
  const release = hold(receiver);
  const thread = await addThread(gross);
  const first = await addMessages(thread);
  await receiver.requests(1);
  const rest = await addMessages(thread, thread);
  release(500);
  await receiver.requests(2);
  receiver.respond(() => 200);
  await server.app.settled();
  at(6);
  await server.app.settled();
  const [one, two, ...again] = receiver.received.map(({ text, headers }) => `${headers["webhook-id"]} ${text}`);
  assert.deepEqual(again, [one, two]);
  assert.deepEqual(announcedIds(receiver.received.slice(0, 2)), [...first, ...rest]);
});
