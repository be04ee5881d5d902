import assert from "node:assert/strict";
import { test } from "node:test";
import { disableWebhookEndpoint, enableWebhookEndpoint } from "../../src/store/webhooks/endpoints.ts";
import { type Received, startReceiver } from "../support/delivery/receiver.ts";
import { batchOf, registerWebhook } from "../support/delivery/webhooks.ts";
import { gross, world } from "../support/server/world.ts";

/** Everything that was announced: what, and of what, in the order of arrival. */
function announced(received: readonly Received[]) {
  return received.flatMap((one) => batchOf(one).Events.map(({ Discriminator, Value }) => [Discriminator, Value.Id]));
}

test("resolving and reopening a thread is announced to those who subscribe to it, in order", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, staff, ...server } = await world(t);
  await registerWebhook(server, receiver.url, { events: ["MessageAdded", "MessageThreadUpdated"] });
  const thread = await addThread(gross);
  const [first] = await addMessages(thread);
  await staff("resolve", thread);
  const reply = await staff("reply", thread);
  await staff("reopen", thread);
  await staff("resolve", thread);
  const [last] = await addMessages(thread);
  await server.app.settled();
  const updated = ["MessageThreadUpdated", thread];
  assert.deepEqual(announced(receiver.received), [
    ["MessageAdded", first],
    updated,
    ["MessageAdded", reply],
    updated,
    updated,
    // The guest's message opens the thread, before it is added.
    updated,
    ["MessageAdded", last],
  ]);
  const threads = receiver.received.flatMap((one) => batchOf(one).Events.map(({ Value }) => Value.MessageThreadId));
  assert.deepEqual([...new Set(threads)], [thread]);
});

test("what changes nothing is not announced, nor is a thread that is opened", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, staff, ...server } = await world(t);
  await registerWebhook(server, receiver.url, { events: ["MessageAdded", "MessageThreadUpdated"] });
  const thread = await addThread(gross);
  await staff("reopen", thread);
  await staff("resolve", thread);
  await staff("resolve", thread);
  const other = await addThread(gross);
  await staff("resolve", other);
  await server.app.settled();
  assert.deepEqual(announced(receiver.received), [
    ["MessageThreadUpdated", thread],
    ["MessageThreadUpdated", other],
  ]);
});

test("those who subscribe to messages alone hear nothing of threads", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, staff, ...server } = await world(t);
  await registerWebhook(server, receiver.url);
  const thread = await addThread(gross);
  await staff("resolve", thread);
  const reply = await staff("reply", thread);
  const [message] = await addMessages(thread);
  await staff("resolve", thread);
  await server.app.settled();
  assert.deepEqual(announced(receiver.received), [
    ["MessageAdded", reply],
    ["MessageAdded", message],
  ]);
});

test("those who subscribe to threads alone find them behind any number of messages", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, staff, ...server } = await world(t);
  await registerWebhook(server, receiver.url, { events: ["MessageThreadUpdated"] });
  const thread = await addThread(gross);
  await staff("resolve", thread);
  await server.app.settled();
  receiver.respond(() => 500);
  await addMessages(...Array.from({ length: 250 }, () => thread));
  await server.app.settled();
  await staff("resolve", thread);
  await server.app.settled();
  const updated = ["MessageThreadUpdated", thread];
  assert.deepEqual(announced(receiver.received), [updated, updated, updated]);
});

test("a server has not settled while there is more to leave out than one look for work does", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, staff, app, ...server } = await world(t);
  const { id } = await registerWebhook({ app, ...server }, receiver.url, { events: ["MessageThreadUpdated"] });
  const thread = await addThread(gross);
  const { db } = app.store;
  await db.transaction((transaction) => disableWebhookEndpoint(transaction, id, "By the operator."));
  for (let request = 0; request < 6; request += 1) await addMessages(...Array.from({ length: 900 }, () => thread));
  await staff("resolve", thread);
  await db.transaction((transaction) => enableWebhookEndpoint(transaction, id, false));
  await app.settled();
  assert.deepEqual(announced(receiver.received), [["MessageThreadUpdated", thread]]);
});

test("a changed subscription holds for what happens from then on", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, staff, ...server } = await world(t);
  await registerWebhook(server, receiver.url);
  const thread = await addThread(gross);
  await staff("resolve", thread);
  await server.app.settled();
  await registerWebhook(server, receiver.url, { events: ["MessageThreadUpdated"] });
  await staff("reply", thread);
  await staff("reopen", thread);
  await server.app.settled();
  assert.deepEqual(announced(receiver.received), [["MessageThreadUpdated", thread]]);
});
