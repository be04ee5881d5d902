import { LRUCache } from "lru-cache";
import { type Clock, type Microseconds, microsecondsPerSecond } from "../core/clock.ts";
import { Problem } from "../core/problem.ts";

export interface RateLimit {
  readonly requests: number;
  readonly seconds: number;
}

/** Counts a request. @throws Problem (tooMany) when its key has had its share; such a request is not counted. */
export type CountRequest = (key: string) => void;

/** How many keys are counted. When there are more, the key whose last request is the oldest is forgotten. */
const defaultKeys = 10_000;

/**
 * A sliding window over the accepted requests of each key (contract, section 2, "Limits"). How many requests it lets
 * through, 200 in 30 seconds by default, is a setting (config/settings.ts).
 */
export function requestCounter(limit: RateLimit | undefined, clock: Clock, maxKeys = defaultKeys): CountRequest {
  if (!limit) return () => undefined;
  const { requests } = limit;
  const window = limit.seconds * microsecondsPerSecond;
  /** The times of the last accepted requests of each key, oldest first. */
  const keys = new LRUCache<string, Microseconds[]>({ max: maxKeys });
  // After a clock was set back, times of before may be in the future. They do not count either.
  const isOver = (time: Microseconds, now: Microseconds) => time <= now - window || time > now;

  return (key) => {
    const now = clock();
    const known = keys.get(key);
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
