import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { attemptsOf } from "../../src/store/webhooks/deliveries.ts";
import { startReceiver } from "../support/delivery/receiver.ts";
import { deliveriesOf, registerWebhook } from "../support/delivery/webhooks.ts";
import { call, innboxData, startServer } from "../support/server/process.ts";
import { temporaryFolder } from "../support/server/server.ts";
import { credentials, gross, guest, world } from "../support/server/world.ts";

test("each attempt is a line of the log, without URL and bodies", async (t) => {
  const receiver = await startReceiver(t, () => 500);
  const server = await world(t, {}, { random: () => 0 });
  const { addThread, addMessages, at, logged } = server;
  const { id } = await registerWebhook(server, `${receiver.url}/hook?token=open-sesame`);
  const [message = ""] = await addMessages(await addThread(gross));
  await receiver.requests(1);
  await server.app.settled();
  receiver.respond(() => 204);
  at(6);
  await server.app.settled();
  const [delivery] = await deliveriesOf(server);
  const attempts = logged.filter((entry) => typeof entry === "object" && entry !== null && "deliveryId" in entry);
  const known = { deliveryId: delivery?.id, endpointId: id, client: "Client 1" };
  assert.partialDeepStrictEqual(attempts, [
    { ...known, status: 500, error: "It answered 500." },
    { ...known, status: 204, error: null },
  ]);
  assert.equal(attempts.length, 2);
  assert.doesNotMatch(JSON.stringify(logged), new RegExp(`open-sesame|/hook|${message}`));
});

test("an answer with NUL in it is kept with another sign in its place", async (t) => {
  const receiver = await startReceiver(t);
  receiver.respond((_received, response) => {
    response.writeHead(200).end("a\0b");
    return undefined;
  });
  const server = await world(t);
  await registerWebhook(server, receiver.url);
  await server.addMessages(await server.addThread(gross));
  await receiver.requests(1);
  await server.app.settled();
  const [delivery] = await deliveriesOf(server);
  assert.ok(delivery);
  const [attempt] = await attemptsOf(server.app.store.db, delivery);
  assert.equal(attempt?.response_body, "a\ufffdb");
});

test("a developer sees in the terminal what a webhook was answered", async (t) => {
  const receiver = await startReceiver(t, () => 410);
  const database = `sqlite:${join(temporaryFolder(t), "innbox.db")}`;
  const server = await startServer(t, "dev", database);
  const url = `${receiver.url}/hook`;
  await innboxData("webhook", "set", "--client-token", credentials.ClientToken, "--url", url, "--database", database);
  const { body } = await call(server.url, "messageThreads/add", guest);
  const Messages = [{ MessageThreadId: body.MessageThreads[0]?.Id, Text: "Hello" }];
  await call(server.url, "messages/add", { Messages });
  await server.printed(/^\d\d:\d\d:\d\d {2}410 {2}webhook of Client 1 {2}[\d.]+ ms {2}It answered 410\.$/m);
  await server.printed(/^The webhook [0-9a-f-]{36} of Client 1 was disabled\. It answered 410\.$/m);
});
