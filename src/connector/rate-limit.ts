import { type Clock, type Microseconds, microsecondsPerSecond } from "../clock.ts";
import { Problem } from "../errors.ts";

export interface RateLimit {
  readonly requests: number;
  readonly seconds: number;
}

/** Counts a request. @throws Problem (tooMany) when its key has had its share; such a request is not counted. */
export type CountRequest = (key: string) => void;

/** The last accepted requests of one key, oldest first from `start`. */
interface Accepted {
  readonly times: Float64Array;
  start: number;
  count: number;
}

/** How many keys are kept before those are dropped that have been quiet for a whole window. */
const maxKeys = 10_000;

/** A sliding window over the accepted requests of each key (contract, section 2, "Limits"). */
export function requestCounter(limit: RateLimit | undefined, clock: Clock): CountRequest {
  if (!limit) return () => undefined;
  const { requests } = limit;
  const window = limit.seconds * microsecondsPerSecond;
  const keys = new Map<string, Accepted>();

  function dropQuiet(now: Microseconds): void {
    for (const [key, { times, start, count }] of keys) {
      const newest = times[(start + count - 1) % requests] ?? 0;
      if (newest <= now - window) keys.delete(key);
    }
    // All busy: the key that has been known longest makes room.
    const [longestKnown] = keys.keys();
    if (keys.size >= maxKeys && longestKnown !== undefined) keys.delete(longestKnown);
  }

  return (key) => {
    const now = clock();
    let accepted = keys.get(key);
    if (!accepted) {
      if (keys.size >= maxKeys) dropQuiet(now);
      accepted = { times: new Float64Array(requests), start: 0, count: 0 };
      keys.set(key, accepted);
    }
    while (accepted.count > 0 && (accepted.times[accepted.start] ?? 0) <= now - window) {
      accepted.start = (accepted.start + 1) % requests;
      accepted.count -= 1;
    }
    if (accepted.count === requests) {
      const free = (accepted.times[accepted.start] ?? 0) + window;
      const retryAfterSeconds = Math.max(1, Math.ceil((free - now) / microsecondsPerSecond));
      const message = `More than ${requests} requests in ${limit.seconds} seconds; try again in ${retryAfterSeconds} s.`;
      throw new Problem("tooMany", message, { retryAfterSeconds });
    }
    accepted.times[(accepted.start + accepted.count) % requests] = now;
    accepted.count += 1;
  };
}
