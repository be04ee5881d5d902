import assert from "node:assert/strict";
import { test } from "node:test";
import { progressBar, progressLine } from "../../../src/cli/progress-bar.ts";

/** A terminal of some width, and a clock that is moved by hand. */
function watched(columns?: number, isTTY = true) {
  let written = "";
  let milliseconds = 0;
  const write = (text: string) => {
    written += text;
  };
  const bar = progressBar({ isTTY, ...(columns !== undefined && { columns }), write }, () => milliseconds);
  return {
    draw: (at: number, done: number, title = "Copying") => {
      milliseconds = at;
      bar.draw({ title, done, total: 400_000, detail: "message" });
    },
    clear: bar.clear,
    /** What is on the line now. */
    line: () => written.split("\r").at(-1)?.replace("\u001b[K", ""),
    lines: () => written.split("\r").length - 1,
  };
}

test("a line tells how much is done, how fast, and how long it will take", () => {
  const { draw, line } = watched(200);
  draw(0, 0);
  draw(4000, 100_000);
  const bar = "##".padEnd(10);
  assert.equal(line(), `Copying   [${bar}]  25%  100,000 of 400,000 rows  25,000/s  0:12 left  message`);
  draw(16_000, 400_000);
  assert.equal(line(), `Copying   [${"#".repeat(10)}] 100%  400,000 of 400,000 rows  25,000/s  0:00 left  message`);
});

test("what an earlier run has done says nothing of this one's pace, and the next work has a pace of its own", () => {
  const { draw, line } = watched(200);
  draw(0, 300_000);
  assert.match(line() ?? "", / 75% .* {2}0\/s {4}message$/);
  draw(1000, 310_000);
  assert.match(line() ?? "", / {2}10,000\/s {2}0:09 left {2}message$/);
  draw(2000, 1000, "Verifying");
  draw(3000, 3000, "Verifying");
  assert.match(line() ?? "", /^Verifying \[ {10}\] {3}0% {2}3,000 .* {2}2,000\/s {2}3:19 left {2}message$/);
});

test("hours are told, and a total that was too small does no harm", () => {
  const step = { title: "Copying", total: 10_000_000, detail: "" };
  assert.match(progressLine({ ...step, done: 0 }, 1000), /1,000\/s {2}2:46:40 left/);
  assert.match(progressLine({ ...step, done: 10_000_001 }, 1000), /#\] 100% .* {2}0:00 left/);
  assert.match(progressLine({ ...step, done: 0, total: 0 }, 0), /#\] 100% {2}0 of 0 rows/);
});

test("the line is drawn ten times a second, is never longer than the terminal, and is gone in the end", () => {
  const { draw, clear, line, lines } = watched(60);
  for (let at = 0; at <= 1000; at += 10) draw(at, at);
  assert.equal(lines(), 11);
  assert.equal(line()?.length, 59);
  clear();
  assert.equal(line(), "");
});

test("nothing is drawn where the output is no terminal", () => {
  const { draw, clear, lines } = watched(80, false);
  draw(0, 0);
  draw(1000, 400_000);
  clear();
  assert.equal(lines(), 0);
});
