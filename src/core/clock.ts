/** Microseconds since 1970-01-01T00:00:00Z. The one unit of time inside Innbox; the wire has whole seconds. */
export type Microseconds = number;

export type Clock = () => Microseconds;

export const microsecondsPerSecond = 1_000_000;

export function seconds(count: number): Microseconds {
  return count * microsecondsPerSecond;
}

export function minutes(count: number): Microseconds {
  return seconds(count * 60);
}

export function hours(count: number): Microseconds {
  return minutes(count * 60);
}

export function days(count: number): Microseconds {
  return hours(count * 24);
}

/** A time as `Date`, timers and `duration` have it. */
export function fromMilliseconds(milliseconds: number): Microseconds {
  return milliseconds * 1000;
}

/** The machine's clock. Its steps are those of `Date.now`; order within a step is the store's business. */
export const systemClock: Clock = () => fromMilliseconds(Date.now());

/** Gives each caller a time of its own: the clock's, or just after `after` and after every time given before. */
export type NextTime = (after: Microseconds) => Microseconds;

export function increasingTime(clock: Clock): NextTime {
  let last = 0;
  return (after) => {
    last = Math.max(clock(), last + 1, after + 1);
    return last;
  };
}
