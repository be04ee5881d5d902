import assert from "node:assert/strict";
import { after, test } from "node:test";
import { clientOf } from "../support/client/client.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";

const { call, sandbox, url } = await startTestSandbox({ after });
const count = 1000;
const atOnce = 40;

test("1,000 adds make 1,000 messages, though every fifth connection breaks", async () => {
  const { body } = await call("messageThreads/add", { OriginalSender: "Guest", Subject: "Stay" });
  const MessageThreadId = body.MessageThreads[0]?.Id ?? "";
  const Faults = (["Disconnect", "Drop", "Half"] as const).map((Kind) => ({
    On: "Request",
    Kind,
    Operation: "messages/add",
    Share: 0.07,
  }));
  await sandbox("faults/set", { Faults });
  const connector = clientOf({ url }, { idempotencyKeys: true, retries: 12 });

  const added = new Set<string>();
  let next = 0;
  async function addInTurn(): Promise<void> {
    while (next < count) {
      next += 1;
      const { Messages } = await connector.messages.add({ Messages: [{ MessageThreadId, Text: `Message ${next}` }] });
      for (const { Message } of Messages) added.add(Message.Id);
    }
  }
  await Promise.all(Array.from({ length: atOnce }, addInTurn));

  const { body: state } = await sandbox("faults/getAll");
  const bitten = state.Faults.reduce((sum, { Bitten }) => sum + Bitten, 0);
  assert.ok(bitten > count / 8, `${bitten} connections were broken`);
  await sandbox("faults/set", { Faults: [] });
  const kept = [];
  for await (const { Id } of connector.messages.getAll({ MessageThreadIds: [MessageThreadId] })) kept.push(Id);
  assert.equal(kept.length, count);
  assert.deepEqual(new Set(kept), added);
});
