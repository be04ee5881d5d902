import { type Microseconds, microsecondsPerSecond, seconds } from "../core/clock.ts";

/** A moment as a client may write it: whole seconds since 1970, and the digits behind the decimal point. */
export interface Instant {
  readonly second: number;
  /** Without trailing zeros; empty when the moment is a whole second. */
  readonly fraction: string;
}

const pattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))?$/i;

/** Reads an ISO 8601 date-time (contract, section 1); `undefined` for anything that is none. */
export function parseDateTime(text: string): Instant | undefined {
  const match = pattern.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offsetHours = Number(match[9] ?? 0);
  const offsetMinutes = Number(match[10] ?? 0);
  if (hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) return undefined;

  // Date.UTC reads the years 0 to 99 as 1900 to 1999, so the year is set by itself.
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;

  const offset = (offsetHours * 60 + offsetMinutes) * 60 * (match[8] === "-" ? -1 : 1);
  return { second: date.getTime() / 1000 - offset, fraction: withoutTrailingZeros(match[7] ?? "") };
}

/** When the second of an ISO 8601 date-time begins; `undefined` for anything that is none. */
export function secondOf(text: string): Microseconds | undefined {
  const instant = parseDateTime(text);
  return instant && seconds(instant.second);
}

/** An expression such as `0+$` would begin anew at each of a million zeros. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits.charAt(end - 1) === "0") end -= 1;
  return digits.slice(0, end);
}

/** Negative when `a` lies before `b`, positive when after, 0 when they are the same moment. */
export function compareInstants(a: Instant, b: Instant): number {
  if (a.second !== b.second) return a.second - b.second;
  if (a.fraction === b.fraction) return 0;
  return a.fraction < b.fraction ? -1 : 1;
}

let lastSecond = Number.NaN;
let lastText = "";

/** The moment as answers print it: `YYYY-MM-DDThh:mm:ssZ`, cut to whole seconds. */
export function formatDateTime(time: Microseconds): string {
  const second = Math.floor(time / microsecondsPerSecond);
  if (second !== lastSecond) {
    lastSecond = second;
    lastText = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
  }
  return lastText;
}
