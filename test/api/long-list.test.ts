import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../src/protocol/messages.ts";
import { startSandbox } from "../support/server.ts";
import { credentials } from "../support/world.ts";

const requestTimeout = 500;

test("a list that is read for longer than a request may take is answered to its end", async (t) => {
  const { call, url } = await startSandbox(t, { "request-timeout": `${requestTimeout}ms` });
  const opened = await call("messageThreads/add", { OriginalSender: "Guest", Subject: "A long story" });
  const MessageThreadId = opened.body.MessageThreads[0]?.Id ?? "";
  const Text = "Something that happened at the hotel. ".repeat(100);
  for (let batch = 0; batch < 25; batch += 1) {
    const Messages = Array.from({ length: 200 }, () => ({ MessageThreadId, Text }));
    assert.equal((await call("messages/add", { Messages })).status, 200);
  }

  const begin = performance.now();
  const response = await fetch(`${url}/api/connector/v1/messages/getAll`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...credentials, MessageThreadIds: [MessageThreadId] }),
  });
  assert.ok(response.body);
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body) {
    pieces.push(piece);
    // The reader has other things to do, until well after the deadline.
    while (performance.now() - begin < 2 * requestTimeout) await call("configuration/get");
  }
  const { Messages } = JSON.parse(Buffer.concat(pieces).toString()) as { Messages: Message[] };
  assert.equal(new Set(Messages.map(({ Id }) => Id)).size, 5000);
});
