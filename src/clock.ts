/** Microseconds since 1970-01-01T00:00:00Z. The one unit of time inside Innbox; the wire has whole seconds. */
export type Microseconds = number;

export type Clock = () => Microseconds;

export const microsecondsPerSecond = 1_000_000;

/** The machine's clock. Its steps are those of `Date.now`; order within a step is the store's business. */
export const systemClock: Clock = () => Date.now() * 1000;
