import assert from "node:assert/strict";
import { after, test } from "node:test";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { startReceiver } from "../support/delivery/receiver.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { gross, net, publishedMessage } from "../support/server/world.ts";

const guest = { OriginalSender: "Guest", Subject: "Stay" };
const { call, sandbox, url } = await startTestSandbox({ after }, {}, { isStrict: true });

test("a strict sandbox does not know what goes beyond the published API", async () => {
  const feed = await call("events/getAll");
  assert.equal(feed.status, 404);

  const ids = await call("messages/getAll", { MessageIds: [publishedMessage] });
  assert.equal(ids.status, 400);

  // The token's primary property, whatever else is asked for.
  const { body } = await call("messageThreads/add", { ...guest, EnterpriseId: net });
  const MessageThreadIds = body.MessageThreads.map(({ Id }) => Id);
  const { body: list } = await call("messageThreads/getAll", { MessageThreadIds, EnterpriseIds: [gross] });
  assert.equal(list.MessageThreads.length, 1);

  const again = async () => {
    const answer = await fetch(`${url}/api/connector/v1/messageThreads/add`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": "the same" },
      body: JSON.stringify({ ...demoTokens, Client: "Test 1.0.0", ...guest }),
    });
    assert.equal(answer.headers.get("idempotent-replayed"), null);
    return ((await answer.json()) as { MessageThreads: { Id: string }[] }).MessageThreads[0]?.Id;
  };
  assert.notEqual(await again(), await again());

  const description = await (await fetch(`${url}/openapi.json`)).text();
  const extensions = ["/events/getAll", "Idempotency-Key", '"MessageIds": {', "webhook-signature", "(+)"];
  for (const word of extensions) assert.ok(!description.includes(word), word);
});

test("a strict sandbox announces messages by their ids alone, unsigned", async (t) => {
  const receiver = await startReceiver(t);
  const Events = ["MessageAdded", "MessageThreadUpdated"];
  await sandbox("webhooks/set", { ClientToken: demoTokens.ClientToken, Url: receiver.url, Events });
  const { body } = await call("messageThreads/add", guest);
  const MessageThreadId = body.MessageThreads[0]?.Id;
  await sandbox("messageThreads/resolve", { MessageThreadId });
  const { body: added } = await call("messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] });
  const [{ text, headers } = assert.fail()] = await receiver.requests(1);
  assert.deepEqual(JSON.parse(text).Events, [
    { Discriminator: "MessageAdded", Value: { Id: added.Messages[0]?.Message.Id } },
  ]);
  assert.deepEqual(
    Object.keys(headers).filter((name) => name.startsWith("webhook-")),
    [],
  );
});

test("a strict sandbox sends sockets what is published, from now on", async () => {
  const cookie = `ClientToken=${demoTokens.ClientToken}; AccessToken=${demoTokens.AccessToken}`;
  const { body } = await call("messageThreads/add", guest);
  const MessageThreadId = body.MessageThreads[0]?.Id;
  await call("messages/add", { Messages: [{ MessageThreadId, Text: "Before" }] });
  const socket = new WebSocket(`${url.replace("http", "ws")}/ws/connector?after=nonsense`, {
    headers: { Cookie: cookie },
  } as never);
  const frame = new Promise<string>((resolve) => {
    socket.onmessage = ({ data }) => resolve(String(data));
  });
  await new Promise((resolve) => {
    socket.onopen = resolve;
  });
  const { body: added } = await call("messages/add", { Messages: [{ MessageThreadId, Text: "Now" }] });
  assert.deepEqual(JSON.parse(await frame), { Events: [{ Type: "Message", Id: added.Messages[0]?.Message.Id }] });
  socket.close();
});
