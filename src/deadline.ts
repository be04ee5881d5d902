/** Until when somebody waits for an answer. */
export interface Deadline {
  /** Aborted once nobody waits any more. */
  readonly signal: AbortSignal;
  /** In milliseconds of `performance.now`. Never, once the answer has begun: what begins in time may go on. */
  end: number;
  /** Set while what was asked is being committed: meanwhile nobody can say that nothing was stored. */
  isCommitting: boolean;
}

/** How much time is left, in milliseconds; at least one, since nothing can be asked to take none. */
export function remaining({ end }: Deadline): number {
  return Math.max(1, Math.ceil(end - performance.now()));
}

/** For what nobody asked for: what takes longer than so many milliseconds is given up, and tried again. */
export function within(milliseconds: number): Deadline {
  const { signal } = new AbortController();
  return { signal, end: performance.now() + milliseconds, isCommitting: false };
}
