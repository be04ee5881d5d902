import type { TimeInterval } from "./types.ts";

/** A property of a list's request that the server takes only so long. */
export interface LimitedInterval {
  readonly property: string;
  /** Calendar months from its start. */
  readonly months: number;
  /** Whether an item may move to a later time while a list is read. */
  readonly isMoving?: boolean;
}

/**
 * Cuts an interval into ones that are allowed, newest first. They are half-open, so that each second is in exactly one
 * of them. What is short enough, or can't be read, stays as it is.
 */
export function slicesOf(interval: TimeInterval, months: number): TimeInterval[] {
  const end = timeOf(interval.EndUtc);
  let start = timeOf(interval.StartUtc);
  const cuts: string[] = [];
  for (;;) {
    const cut = monthsLater(start, months);
    // Also true when one of them is NaN, for a time that can't be read.
    if (!(cut < end)) break;
    cuts.push(formatted(cut));
    start = cut;
  }
  const starts = [interval.StartUtc, ...cuts];
  const ends = [...cuts, interval.EndUtc];
  return starts.map((StartUtc, index) => ({ StartUtc, EndUtc: ends[index] ?? interval.EndUtc })).reverse();
}

const dateTime = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?(Z|[+-]\d\d:\d\d)?$/;

/** Milliseconds since 1970 of an ISO 8601 date-time, which is UTC when it names no zone; NaN for anything else. */
function timeOf(text: string): number {
  const [, local = "", fraction = "", zone = "Z"] = dateTime.exec(String(text).toUpperCase()) ?? [];
  // Engines read the 30th of February as a day in March.
  if (formatted(Date.parse(`${local}Z`)) !== `${local}Z`) return Number.NaN;
  return Date.parse(`${local}${zone}`) + Number(`0${fraction}`) * 1000;
}

function formatted(time: number): string {
  return Number.isNaN(time) ? "" : `${new Date(time).toISOString().slice(0, 19)}Z`;
}

/** In whole seconds; on the last day of a month that has no such day. */
function monthsLater(time: number, months: number): number {
  const date = new Date(Math.floor(time / 1000) * 1000);
  const dayOfMonth = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months);
  if (date.getUTCDate() !== dayOfMonth) date.setUTCDate(0);
  return date.getTime();
}
