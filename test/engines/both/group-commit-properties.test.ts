import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { runs } from "../../support/database/engine.ts";
import { stored } from "../../support/database/stored.ts";
import { startSandbox } from "../../support/server/server.ts";
import { gross, nobody } from "../../support/server/world.ts";

type Request = "open" | "write" | "writeToNothing" | "openEmpty" | "writeTwice";

const requests: fc.Arbitrary<Request[]> = fc.array(
  fc.constantFrom<Request>("open", "open", "write", "write", "writeToNothing", "openEmpty", "writeTwice"),
  { minLength: 1, maxLength: 60 },
);

interface LogRow {
  readonly sequence: number;
  readonly created: number;
  readonly message_thread_id: string;
  readonly message_id: string | null;
}

test("concurrent requests are answered each for itself, and the log has every one of them once, without a gap", async (t) => {
  await fc.assert(
    fc.asyncProperty(requests, async (batch) => {
      const server = await startSandbox(t);
      const guest = { OriginalSender: "Guest", Subject: "Question" };
      const first = await server.call("messageThreads/add", guest);
      const threadId = first.body.MessageThreads[0]?.Id ?? "";
      const message = { MessageThreadId: threadId, Text: "Hello" };
      const nowhere = { ...message, MessageThreadId: nobody };

      const send = {
        open: () => server.call("messageThreads/add", guest),
        openEmpty: () => server.call("messageThreads/add", { ...guest, Subject: " " }),
        write: () => server.call("messages/add", { Messages: [message] }),
        writeTwice: () => server.call("messages/add", { Messages: [message, message] }),
        writeToNothing: () => server.call("messages/add", { Messages: [message, nowhere] }),
      };
      const answers = await Promise.all(batch.map(async (kind) => ({ kind, answer: await send[kind]() })));

      const acknowledged = [threadId];
      for (const { kind, answer } of answers) {
        const isBad = kind === "openEmpty" || kind === "writeToNothing";
        assert.equal(answer.status, isBad ? 400 : 200, answer.text);
        if (kind === "open") acknowledged.push(answer.body.MessageThreads[0]?.Id ?? "");
        if (!isBad && kind !== "open") acknowledged.push(...answer.body.Messages.map((item) => item.Message.Id));
      }
      await server.app.stop();

      const query = "SELECT * FROM property_log WHERE enterprise_id = ?1 ORDER BY sequence";
      const rows = await stored<LogRow>(server.database, query, gross);
      assert.deepEqual(
        rows.map(({ sequence }) => sequence),
        rows.map((_, index) => index + 1),
      );
      assert.deepEqual(
        [...rows].sort((a, b) => a.created - b.created),
        rows,
        "time follows the log",
      );
      const logged = rows.map((row) => row.message_id ?? row.message_thread_id);
      assert.deepEqual(logged.toSorted(), acknowledged.toSorted());
    }),
    { numRuns: runs(25) },
  );
});
