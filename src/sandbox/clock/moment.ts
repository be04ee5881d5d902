import { type Microseconds, microsecondsPerSecond } from "../../core/clock.ts";
import { parseDateTime } from "../../protocol/date-time.ts";

/** A date-time that has been checked already, in microseconds. */
export function moment(text: string): Microseconds {
  const { second = 0, fraction = "" } = parseDateTime(text) ?? {};
  return second * microsecondsPerSecond + Number(fraction.padEnd(6, "0").slice(0, 6));
}
