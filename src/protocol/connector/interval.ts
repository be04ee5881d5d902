import { type Microseconds, seconds } from "../../core/clock.ts";
import { invalid } from "../../core/problem.ts";
import { compareInstants, type Instant, parseDateTime } from "../date-time.ts";
import type { TimeInterval } from "../values.ts";

/** `from <= t < to`. */
export interface TimeRange {
  readonly from: Microseconds;
  readonly to: Microseconds;
}

export const always: TimeRange = { from: Number.MIN_SAFE_INTEGER, to: Number.MAX_SAFE_INTEGER };

export function isInRange(time: Microseconds, { from, to }: TimeRange): boolean {
  return time >= from && time < to;
}

/** The same as `readInterval` for a field that a request may leave out. */
export function readOptionalInterval(
  field: string,
  interval: TimeInterval | null | undefined,
  maxMonths: number,
): TimeRange | undefined {
  return interval ? readInterval(field, interval, maxMonths) : undefined;
}

/**
 * What an interval on the wire means (contract, section 3): half-open, or exactly `StartUtc` when both ends are equal,
 * and never longer than `maxMonths` calendar months and one day.
 * @throws Problem (invalid) naming `field`
 */
export function readInterval(field: string, interval: TimeInterval, maxMonths: number): TimeRange {
  const start = readInstant(`${field}.StartUtc`, interval.StartUtc);
  const end = readInstant(`${field}.EndUtc`, interval.EndUtc);
  const order = compareInstants(start, end);
  if (order > 0) throw invalid(`${field}.StartUtc must not be after ${field}.EndUtc.`);
  if (compareInstants(end, addMonthsAndDay(start, maxMonths)) > 0) {
    throw invalid(`${field} must not be longer than ${maxMonths === 1 ? "1 month" : `${maxMonths} months`}.`);
  }
  // Items carry whole seconds, so a fraction moves a bound to the next second, and no item equals it.
  const from = firstSecondFrom(start);
  const to = order === 0 && start.fraction === "" ? from + 1 : firstSecondFrom(end);
  return { from: toMicroseconds(from), to: toMicroseconds(to) };
}

function readInstant(field: string, text: string): Instant {
  const instant = parseDateTime(text);
  if (!instant) throw invalid(`${field} must be an ISO 8601 date-time such as 2022-03-03T00:00:00Z.`);
  return instant;
}

function addMonthsAndDay(start: Instant, months: number): Instant {
  const date = new Date(start.second * 1000);
  const dayOfMonth = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const lastDayOfMonth = new Date(date);
  lastDayOfMonth.setUTCMonth(date.getUTCMonth() + 1, 0);
  date.setUTCDate(Math.min(dayOfMonth, lastDayOfMonth.getUTCDate()) + 1);
  return { second: date.getTime() / 1000, fraction: start.fraction };
}

function firstSecondFrom(instant: Instant): number {
  return instant.fraction === "" ? instant.second : instant.second + 1;
}

/** The far ends of the calendar are no exact numbers in microseconds, and are cut: no item lies there. */
function toMicroseconds(second: number): Microseconds {
  const microseconds = seconds(second);
  return Math.min(Math.max(microseconds, always.from), always.to);
}
