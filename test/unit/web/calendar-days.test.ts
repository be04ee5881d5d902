import assert from "node:assert/strict";
import { test } from "node:test";
import { daysBefore } from "../../../web/inbox/calendar-days.ts";

const hour = 3_600_000;

test("after a day of 23 hours, the day before is yesterday and the one before that is not", () => {
  // 30 March, 00:30 in Prague; the clocks went forward on the 29th.
  const now = Date.parse("2026-03-29T22:30:00Z");
  assert.equal(daysBefore("2026-03-29T22:10:00Z", now, "Europe/Prague"), 0);
  assert.equal(daysBefore("2026-03-29T10:00:00Z", now, "Europe/Prague"), 1);
  assert.equal(daysBefore("2026-03-28T22:50:00Z", now, "Europe/Prague"), 2);
});

test("after a day of 25 hours, its first hour is still yesterday", () => {
  // 26 October, 00:30 in Prague.
  const now = Date.parse("2026-10-25T23:30:00Z");
  assert.equal(daysBefore("2026-10-24T22:10:00Z", now, "Europe/Prague"), 1);
  assert.equal(daysBefore("2026-10-24T21:50:00Z", now, "Europe/Prague"), 2);
});

test("what is yet to come lies before nothing, and an unknown zone is taken for the browser's own", () => {
  const now = Date.parse("2026-05-06T08:00:00Z");
  assert.equal(daysBefore("2026-05-07T08:00:00Z", now, "Europe/Prague"), -1);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  assert.equal(daysBefore("2026-05-05T23:30:00Z", now, "Nowhere/Land"), daysBefore("2026-05-05T23:30:00Z", now, own));
});

for (const [zone, change] of [
  ["Europe/Prague", "2026-03-29T01:00:00Z"],
  ["Europe/Prague", "2026-10-25T01:00:00Z"],
  ["America/New_York", "2026-03-08T07:00:00Z"],
  ["America/Santiago", "2026-09-06T04:00:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T15:30:00Z"],
  ["Asia/Kathmandu", "2026-12-31T18:15:00Z"],
] as const) {
  test(`days are those of the calendar in ${zone} around ${change}`, () => {
    const start = Date.parse(change) - 60 * hour;
    const written = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" });
    const times = Array.from({ length: 120 }, (_, index) => start + index * hour);
    const dates = times.map((time) => Date.parse(written.format(time)));
    for (const [before, earlier] of times.entries()) {
      for (const [after, later] of times.entries()) {
        const expected = ((dates[after] ?? 0) - (dates[before] ?? 0)) / (24 * hour);
        assert.equal(daysBefore(new Date(earlier).toISOString(), later, zone), expected);
      }
    }
  });
}
