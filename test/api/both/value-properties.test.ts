import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Problem } from "../../../src/core/problem.ts";
import { readInterval } from "../../../src/protocol/connector/interval.ts";
import { parseDateTime } from "../../../src/protocol/date-time.ts";
import { runs } from "../../support/database/engine.ts";
import { startSandbox } from "../../support/server/server.ts";

const seconds = fc.integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2100, 0, 1) / 1000 });

function printed(second: number): string {
  return new Date(second * 1000).toISOString().replace(".000Z", "Z");
}

test("a date-time means the same moment in every zone", () => {
  const offset = fc.record({ sign: fc.constantFrom(1, -1), hours: fc.nat(23), minutes: fc.nat(59) });
  fc.assert(
    fc.property(seconds, offset, (second, { sign, hours, minutes }) => {
      const local = printed(second + sign * (hours * 60 + minutes) * 60).slice(0, 19);
      const digits = (value: number) => String(value).padStart(2, "0");
      const zone = `${sign > 0 ? "+" : "-"}${digits(hours)}:${digits(minutes)}`;
      assert.deepEqual(parseDateTime(local + zone), { second, fraction: "" });
    }),
  );
});

test("an interval may be as long as the calendar says, and a day of grace, and no longer", () => {
  fc.assert(
    fc.property(seconds, fc.integer({ min: 0, max: 100 * 86_400 }), fc.constantFrom(1, 3), (from, length, months) => {
      const calendar = Temporal.Instant.from(printed(from)).toZonedDateTimeISO("UTC");
      const longest = calendar.add({ months }, { overflow: "constrain" }).add({ days: 1 }).epochMilliseconds / 1000;
      const read = () =>
        readInterval("CreatedUtc", { StartUtc: printed(from), EndUtc: printed(from + length) }, months);
      if (from + length <= longest) assert.deepEqual(read(), rangeOf(from, length));
      else assert.throws(read, (error) => error instanceof Problem && error.message.startsWith("CreatedUtc "));
    }),
    { numRuns: 2000 },
  );
});

function rangeOf(from: number, length: number) {
  return { from: from * 1e6, to: (from + Math.max(length, 1)) * 1e6 };
}

test("a fraction of a second counts at both ends", () => {
  fc.assert(
    fc.property(seconds, fc.integer({ min: 1, max: 999 }), fc.nat(5), (second, milliseconds, length) => {
      const fraction = String(milliseconds).padStart(3, "0");
      const StartUtc = printed(second).replace("Z", `.${fraction}Z`);
      const EndUtc = printed(second + length).replace("Z", `.${fraction}Z`);
      const { from, to } = readInterval("CreatedUtc", { StartUtc, EndUtc }, 1);
      // Items carry whole seconds: the first one not before the start is the next second.
      assert.deepEqual({ from, to }, { from: (second + 1) * 1e6, to: (second + length + 1) * 1e6 });
    }),
  );
});

test("what a guest wrote comes back exactly", async (t) => {
  const { call } = await startSandbox(t);
  const words = fc
    .string({ unit: "binary", minLength: 1, maxLength: 200 })
    .filter((text) => /\S/.test(text) && !text.includes("\0"));
  await fc.assert(
    fc.asyncProperty(words, words, words, async (OriginalSender, Subject, Text) => {
      const opened = await call("messageThreads/add", { OriginalSender, Subject });
      assert.equal(opened.status, 200, opened.text);
      const MessageThreadId = opened.body.MessageThreads[0]?.Id ?? "";
      assert.equal((await call("messages/add", { Messages: [{ MessageThreadId, Text }] })).status, 200);
      const threads = await call("messageThreads/getAll", { MessageThreadIds: [MessageThreadId] });
      assert.partialDeepStrictEqual(threads.body.MessageThreads, [{ OriginalSender, Subject }]);
      const messages = await call("messages/getAll", { MessageThreadIds: [MessageThreadId] });
      assert.equal(messages.body.Messages[0]?.Text, Text);
    }),
    { numRuns: runs(150) },
  );
});
