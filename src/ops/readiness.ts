import { setTimeout } from "node:timers/promises";
import { Problem, unavailable } from "../core/problem.ts";
import { operatorSentence } from "../core/ways-out.ts";
import type { Db } from "../store/db.ts";

/** How long to wait before asking again for a database that could not be used, in milliseconds. */
const pause = 1000;

export interface Readiness<T> {
  /** What the preparation came to, once it has succeeded. Rejects when it never will. */
  readonly result: Promise<T>;
  /** Why nothing can be served yet. */
  refusal(): Problem | undefined;
  stop(): void;
}

/**
 * Prepares the database. A file is there or not; a database on other machines may become available at any time, so it is
 * waited for, meanwhile everything is refused, and the log says why.
 * @throws Problem (unavailable) when there is no use in waiting
 */
export async function prepared<T>(
  db: Db,
  note: (message: string) => void,
  prepare: () => Promise<T>,
): Promise<Readiness<T>> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  try {
    const value = await prepare();
    return { result: Promise.resolve(value), refusal: () => undefined, stop };
  } catch (error) {
    if (db.engine === "sqlite" || !isPassing(error)) throw error;
    let reason: string | undefined = error.message;
    const told = new Set<string>();
    tell(error);

    /** Once each: of several servers of a database, each may have a reason of its own. */
    function tell(problem: Problem): void {
      const sentence = operatorSentence(problem);
      if (!told.has(sentence)) note(`Waiting for the database. ${sentence}`);
      told.add(sentence);
    }

    async function again(): Promise<T> {
      for (;;) {
        await setTimeout(pause, undefined, { signal: stopping.signal });
        try {
          const value = await prepare();
          reason = undefined;
          note("The database is ready.");
          return value;
        } catch (error) {
          if (!isPassing(error)) throw error;
          tell(error);
          reason = error.message;
        }
      }
    }
    return { result: again(), refusal: () => (reason === undefined ? undefined : unavailable(reason)), stop };
  }
}

/** Somebody else can mend it while this process runs. */
function isPassing(error: unknown): error is Problem {
  return error instanceof Problem && error.kind === "unavailable";
}
