import { days, type Microseconds, microsecondsPerSecond } from "../../core/clock.ts";

const minute = 60;
const hour = 60 * minute;

/** Pauses after the first failure, the second, and so on, in seconds (contract, section 6). */
const pauses = [5, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour] as const;

/** How much longer a pause may get, so that endpoints that failed together do not come back together. */
const jitter = 0.1;

/** After how long with nothing but failures an endpoint is disabled. */
export const maxFailingTime: Microseconds = days(5);

/**
 * When to try again after the failure that is number `failures`, counted from 1; `null` after the last one.
 * @param random  from 0 to 1
 * @param retryAfter  what the receiver asked for, in seconds; honoured up to twice the pause
 */
export function nextAttempt(
  failures: number,
  now: Microseconds,
  random: number,
  retryAfter: number | undefined,
): Microseconds | null {
  const pause = pauses[failures - 1];
  if (pause === undefined) return null;
  const seconds = Math.max(pause, Math.min(retryAfter ?? 0, 2 * pause));
  return now + Math.ceil(seconds * (1 + jitter * random) * microsecondsPerSecond);
}

/** Seconds of a `Retry-After` header: a number of them, or a date. */
export function readRetryAfter(header: string | undefined, now: Microseconds): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date / 1000 - now / microsecondsPerSecond);
}
