import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { loopTurns } from "../../../src/http/body/loop-turns.ts";

test("in each turn of the event loop a few go on, in the order in which they asked", async () => {
  const turn = loopTurns(3);
  const wentOn: number[] = [];
  const all = Array.from({ length: 8 }, (_, index) => turn().then(() => wentOn.push(index)));
  const counts: number[] = [];
  for (let round = 0; round < 4; round += 1) {
    counts.push(wentOn.length);
    await setImmediate();
  }
  await Promise.all(all);
  assert.deepEqual(counts, [0, 3, 6, 8]);
  assert.deepEqual(wentOn, [0, 1, 2, 3, 4, 5, 6, 7]);
});
