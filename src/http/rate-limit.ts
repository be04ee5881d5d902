import { type Clock, type Microseconds, microsecondsPerSecond } from "../clock.ts";
import { Problem } from "../errors.ts";

export interface RateLimit {
  readonly requests: number;
  readonly seconds: number;
}

/** Counts a request. @throws Problem (tooMany) when its key has had its share; such a request is not counted. */
export type CountRequest = (key: string) => void;

/** How many keys are kept before those are dropped that have been quiet for a whole window. */
const maxKeys = 10_000;

/** A sliding window over the accepted requests of each key (contract, section 2, "Limits"). */
export function requestCounter(limit: RateLimit | undefined, clock: Clock): CountRequest {
  if (!limit) return () => undefined;
  const { requests } = limit;
  const window = limit.seconds * microsecondsPerSecond;
  /** The times of the last accepted requests of each key, oldest first. */
  const keys = new Map<string, Microseconds[]>();
  // A clock that was set back leaves times in the future, which count no more than those that are over.
  const isOver = (time: Microseconds, now: Microseconds) => time <= now - window || time > now;

  function dropQuiet(now: Microseconds): void {
    for (const [key, times] of keys) {
      if (isOver(times.at(-1) ?? 0, now)) keys.delete(key);
    }
    // All busy: the key that has been known longest makes room.
    const [longestKnown] = keys.keys();
    if (keys.size >= maxKeys && longestKnown !== undefined) keys.delete(longestKnown);
  }

  return (key) => {
    const now = clock();
    const known = keys.get(key);
    if (!known && keys.size >= maxKeys) dropQuiet(now);
    const times = known ?? [];
    if (!known) keys.set(key, times);
    while (times[0] !== undefined && isOver(times[0], now)) times.shift();
    if (times[0] !== undefined && times.length >= requests) {
      const retryAfterSeconds = Math.max(1, Math.ceil((times[0] + window - now) / microsecondsPerSecond));
      const message = `More than ${requests} requests in ${limit.seconds} seconds; try again in ${retryAfterSeconds} s.`;
      throw new Problem("tooMany", message, { retryAfterSeconds });
    }
    times.push(now);
  };
}
