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

/** The clock of a process's writes. It gives what they change an order, also from one property to another. */
export interface WriteClock {
  readonly now: Clock;
  /** The earliest time for the next change: the clock's, or just after that of the last change, whichever is later. */
  earliest(): Microseconds;
  /** Notes the time of a change. */
  passed(time: Microseconds): void;
}

export function writeClock(clock: Clock): WriteClock {
  let last = 0;
  return {
    now: clock,
    earliest: () => Math.max(clock(), last + 1),
    passed: (time) => {
      last = Math.max(last, time);
    },
  };
}
