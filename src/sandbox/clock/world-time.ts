import { type Microseconds, seconds } from "../../core/clock.ts";
import { parseDateTime } from "../../protocol/date-time.ts";

/** The time of a date-time that a schema has checked. */
export function readWorldTime(text: string): Microseconds {
  const { second = 0, fraction = "" } = parseDateTime(text) ?? {};
  return seconds(second) + Number(fraction.padEnd(6, "0").slice(0, 6));
}

/** A time as the sandbox's own answers have it, with milliseconds: `2026-03-14T18:30:00.250Z`. */
export function formatWorldTime(time: Microseconds): string {
  return new Date(time / 1000).toISOString();
}
