import assert from "node:assert/strict";
import { test } from "node:test";
import { Webhook } from "standardwebhooks";
import { startReceiver } from "./support/receiver.ts";
import { batchOf, registerWebhook } from "./support/webhooks.ts";
import { gross, world } from "./support/world.ts";

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
