import assert from "node:assert/strict";
import { test } from "node:test";
import type { Message } from "../../src/protocol/connector/messages.ts";
import { holdTime } from "../support/run/held-time.ts";
import { startSandbox } from "../support/server/server.ts";
import { credentials, published } from "../support/server/world.ts";

/** Far more than fits into the buffers of a connection, so that the server reads on while its answer is read. */
const batches = 5;

test("a list that is read for longer than a request may take is answered to its end", async (t) => {
  const time = holdTime(t);
  const { call, url } = await startSandbox(t, { "request-timeout": "30s" });
  const Text = "Something that happened at the hotel. ".repeat(100);
  const Messages = Array.from({ length: 1000 }, () => ({ MessageThreadId: published, Text }));
  for (let batch = 0; batch < batches; batch += 1) {
    assert.equal((await call("messages/add", { Messages })).status, 200);
  }

  const response = await fetch(`${url}/api/connector/v1/messages/getAll`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...credentials, MessageThreadIds: [published] }),
  });
  assert.ok(response.body);
  const pieces: Uint8Array[] = [];
  for await (const piece of response.body) {
    // The reader has other things to do, until well after the deadline.
    if (pieces.length === 0) {
      time.pass(60_000);
      assert.equal((await call("configuration/get")).status, 200);
    }
    pieces.push(piece);
  }
  const listed = JSON.parse(Buffer.concat(pieces).toString()) as { readonly Messages: readonly Message[] };
  assert.equal(new Set(listed.Messages.map(({ Id }) => Id)).size, batches * 1000);
});
