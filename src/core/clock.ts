/** Microseconds since 1970-01-01T00:00:00Z. The one unit of time inside Innbox; the wire has whole seconds. */
export type Microseconds = number;

export type Clock = () => Microseconds;

export const microsecondsPerSecond = 1_000_000;

/** The machine's clock. Its steps are those of `Date.now`; order within a step is the store's business. */
export const systemClock: Clock = () => Date.now() * 1000;

/** Gives each caller a time of its own: the clock's, or just after `after` and after every time given before. */
export type NextTime = (after: Microseconds) => Microseconds;

export function increasingTime(clock: Clock): NextTime {
  let last = 0;
  return (after) => {
    last = Math.max(clock(), last + 1, after + 1);
    return last;
  };
}
