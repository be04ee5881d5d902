import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { microsecondsPerSecond } from "../../../src/core/clock.ts";
import { nextAttempt, readRetryAfter } from "../../../src/delivery/webhooks/retry-schedule.ts";

const now = Date.UTC(2026, 4, 5, 10) * 1000;
const hour = 3600;

/** What the contract says of the pauses between attempts, in seconds. */
const pauses = [5, 300, 1800, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour];

/** The pause after a failure, in seconds; `null` after the last one. */
function pauseAfter(failures: number, random: number, retryAfter?: number): number | null {
  const next = nextAttempt(failures, now, random, retryAfter);
  return next && (next - now) / microsecondsPerSecond;
}

test("nine pauses grow from five seconds to a day, and no attempt follows the tenth failure", () => {
  assert.deepEqual(
    [...pauses.keys(), 9].map((index) => pauseAfter(index + 1, 0)),
    [...pauses, null],
  );
});

test("jitter lengthens a pause by up to a tenth, and never shortens it", () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (random) => {
      for (const [index, pause] of pauses.entries()) {
        const long = pauseAfter(index + 1, random) ?? 0;
        assert.ok(long >= pause && long <= 1.1 * pause + 1e-6, `${long} s`);
      }
    }),
  );
  assert.equal(pauseAfter(1, 1), 5.5);
});

/** A moment so many seconds from now, as HTTP writes dates. */
const httpDate = (second: number) => new Date(now / 1000 + second * 1000).toUTCString();

/** What a receiver asks for after the first failure, and the pause that follows, in seconds; the schedule has 5. */
const asked: [name: string, retryAfter: string | undefined, pause: number][] = [
  ["nothing at all", undefined, 5],
  ["seconds", "7", 7],
  ["a date", httpDate(8), 8],
  ["exactly twice the pause", "10", 10],
  ["more than twice the pause", "11", 10],
  ["a day", "86400", 10],
  ["a date next year", httpDate(365 * 86_400), 10],
  ["more seconds than there will be", "99999999999999999999", 10],
  ["less than the pause", "3", 5],
  ["no seconds", "0", 5],
  ["a date in the past", httpDate(-60), 5],
  ["a word", "soon", 5],
  ["a negative number", "-9", 5],
  ["a fraction", "7.5", 5],
  ["an exponent", "1e1", 5],
  ["an empty header", "", 5],
];

for (const [name, header, pause] of asked) {
  test(`Retry-After with ${name} makes a pause of ${pause} seconds`, () => {
    assert.equal(pauseAfter(1, 0, readRetryAfter(header, now)), pause);
  });
}

test("jitter lengthens what Retry-After asks for too", () => {
  assert.equal(pauseAfter(1, 0.5, 10), 10.5);
});

test("Retry-After never shortens a later pause and is honoured up to twice its length", () => {
  assert.deepEqual([pauseAfter(1, 0, 500), pauseAfter(2, 0, 500), pauseAfter(3, 0, 500)], [10, 500, 1800]);
});
