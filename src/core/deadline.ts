import { tooLate } from "./problem.ts";

/** Until when somebody waits for an answer. */
export interface Deadline {
  /** Aborted once nobody waits any more. */
  readonly signal: AbortSignal;
  /** In milliseconds of `performance.now`. Never, once the answer has begun: what begins in time may go on. */
  end: number;
  /**
   * Set when the first commit for the request begins, and from then on: a later failure must not be answered as if
   * nothing had been stored.
   */
  mayBeStored: boolean;
}

/** How much time is left, in milliseconds; at least one, since nothing can be asked to take none. */
export function remaining({ end }: Deadline): number {
  return Math.max(1, Math.ceil(end - performance.now()));
}

/** @throws Problem (timeout) when nobody waits for an answer any more */
export function mustBeInTime({ signal, end }: Deadline): void {
  if (signal.aborted || performance.now() >= end) throw tooLate();
}

/** For work that no request waits for: what takes longer than so many milliseconds is given up, and tried again. */
export function within(milliseconds: number): Deadline {
  const { signal } = new AbortController();
  return { signal, end: performance.now() + milliseconds, mayBeStored: false };
}

/**
 * Notes that a commit for the request begins.
 * @returns what takes the note back, for a commit that is certain to have failed
 */
export function beginCommit(deadline: Deadline): () => void {
  const before = deadline.mayBeStored;
  deadline.mayBeStored = true;
  return () => {
    deadline.mayBeStored = before;
  };
}
