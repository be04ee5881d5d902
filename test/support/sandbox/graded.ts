import assert from "node:assert/strict";
import { test } from "node:test";
import { rehearse } from "../../../src/rehearsal/rehearsal.ts";
import { type TrafficLog, trafficLog } from "./traffic-log.ts";

/** Has something happen in a log. */
export type Write = (log: TrafficLog) => void;

/** A rule, what happens, its grade, what it says, and the numbers of the entries that show it. */
export type Case = readonly [
  rule: string,
  name: string,
  write: Write,
  grade: string,
  sentence: RegExp,
  entries?: readonly number[],
];

/** Has each case hold for client 1. */
export function testRules(cases: readonly Case[]): void {
  for (const [rule, name, write, grade, sentence, entries] of cases) {
    test(`${rule}: ${name}: ${grade}`, () => {
      const log = trafficLog();
      write(log);
      const report = rehearse(log.entries).find(({ client }) => client === "Client 1");
      const judged = report?.rules.find((each) => each.rule.name === rule);
      const findings = judged?.findings ?? [];
      const sentences = findings.map((finding) => finding.sentence).join(" ");
      assert.equal(judged?.grade, grade, sentences);
      assert.match(sentences, sentence);
      if (entries)
        assert.deepEqual(
          findings.flatMap((finding) => finding.entries),
          entries,
        );
    });
  }
}

export const hello = { Messages: [{ MessageThreadId: "t1", Text: "Hello" }] };

export const thread = { MessageThreadIds: ["t1"] };

export const guest = { OriginalSender: "Jane", Subject: "Late" };

export function messages(...ids: readonly string[]) {
  return { Messages: ids.map((Id) => ({ Id, MessageThreadId: "t1", Text: Id })), Cursor: ids.at(-1) ?? null };
}

export function added(id: string) {
  return { answer: { Messages: [{ Identifier: null, Message: { Id: id } }] } };
}

/** As clients ask for what is new: from the last time until now. */
export function since(start: number, end: number) {
  const utc = (seconds: number) =>
    `2026-05-05T12:0${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}Z`;
  return { UpdatedUtc: { StartUtc: utc(start), EndUtc: utc(end) } };
}
