import assert from "node:assert/strict";
import { test } from "node:test";
import { refusals } from "../../../src/http/refusals.ts";

test("what is refused is noted once in an interval, with a count for each kind", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const notes: string[] = [];
  const { count, stop } = refusals((message) => notes.push(message), 60_000);
  for (let refusal = 0; refusal < 1000; refusal += 1) count("connections");
  count("bodies of one network");
  t.mock.timers.tick(59_999);
  assert.deepEqual(notes, []);
  t.mock.timers.tick(1);
  assert.deepEqual(notes, ["Refused in the last 60 seconds: 1000 connections, 1 bodies of one network."]);
  t.mock.timers.tick(600_000);
  count("connections");
  stop();
  assert.deepEqual(notes.slice(1), ["Refused in the last 60 seconds: 1 connections."]);
});
