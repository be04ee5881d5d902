import { tooLate } from "../../../core/problem.ts";
import type { Reader, Row } from "../../db.ts";
import type { AnyAsked } from "../../query.ts";
import { statementOf } from "./connection.ts";
import type { SearchThread } from "./search-thread.ts";
import type { SearchAnswer, SearchQuestion } from "./search-worker.ts";

/** How many threads may be busy with statements that nobody waits for any more. Each has a cache of some megabytes. */
export const maxAbandoned = 3;

export interface SearchReaderOptions {
  readonly openThread: () => SearchThread;
  /** What the caller may read of a failure. */
  readonly problemOf: (error: unknown) => unknown;
  /** How long a statement may go on after its time is over, in milliseconds, before its thread is abandoned. */
  readonly patience: number;
  /** Tells the operator something. */
  readonly note: (message: string) => void;
}

/** Reads on another thread, one after the other. */
export interface SearchReader {
  /** Reads of which each ends with a Problem (timeout) when its time, in milliseconds, is over. */
  reader(milliseconds: number): Reader;
  close(): Promise<void>;
}

interface Asked extends SearchQuestion {
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * SQLite holds the thread that asks it, so searches ask from another one, which is started when it is first needed.
 * A statement there can't be interrupted. One that goes on after its time is left alone with its thread, and the next
 * search gets a new thread, so that one search does not block all others.
 */
export function sqliteSearchReader({ openThread, problemOf, patience, note }: SearchReaderOptions): SearchReader {
  const queue: Asked[] = [];
  const abandoned = new Set<SearchThread>();
  let thread: SearchThread | undefined;
  let current: Asked | undefined;
  let isClosed = false;

  function open(): SearchThread {
    const opened = openThread();
    opened.listen(
      // An abandoned thread may still answer. Its rows are not those of the question that another one has now.
      (answer) => {
        if (thread === opened) settle(answer);
      },
      (error) => ended(opened, error),
    );
    return opened;
  }

  function settle({ rows, error }: SearchAnswer): void {
    const asked = current;
    current = undefined;
    if (error) asked?.reject(problemOf(Object.assign(new Error(error.message), { errcode: error.errcode })));
    else asked?.resolve(rows);
    next();
  }

  function ended(one: SearchThread, error: unknown): void {
    abandoned.delete(one);
    if (one === thread) {
      thread = undefined;
      current?.reject(problemOf(error));
      current = undefined;
    }
    if (!current) next();
  }

  /** A thread that has nothing to do keeps no process alive. */
  function next(): void {
    if (queue.length === 0) thread?.keepProcess(false);
    // With too many threads abandoned, searches wait until one of them ends, or until their time is over.
    if (queue.length === 0 || (!thread && abandoned.size >= maxAbandoned)) return;
    current = queue.shift();
    if (!current) return;
    thread ??= open();
    thread.keepProcess(true);
    thread.ask({ statement: current.statement, parameters: current.parameters });
  }

  function giveUp(asked: Asked): void {
    asked.reject(tooLate());
    const index = queue.indexOf(asked);
    if (index >= 0) queue.splice(index, 1);
    if (asked !== current) return;
    setTimeout(() => {
      if (asked === current) abandon();
    }, patience).unref();
  }

  function abandon(): void {
    const stuck = thread;
    if (!stuck || isClosed) return;
    thread = undefined;
    current = undefined;
    abandoned.add(stuck);
    stuck.keepProcess(false);
    void stuck.terminate();
    const isLast = abandoned.size >= maxAbandoned;
    const effect = isLast ? "; there are too many such threads, so that searches have to wait for one to end" : "";
    note(`A search has not ended in its time, and its thread is replaced (${abandoned.size} are still busy${effect}).`);
    next();
  }

  async function ask(query: AnyAsked, milliseconds: number): Promise<readonly Row[]> {
    const { text: statement, values: parameters } = statementOf(query);
    if (isClosed) throw new Error("The database is closed.");
    const { promise, resolve, reject } = Promise.withResolvers<readonly Row[]>();
    const asked: Asked = { statement, parameters, resolve, reject };
    const timer = setTimeout(() => giveUp(asked), Math.max(1, milliseconds));
    queue.push(asked);
    if (!current) next();
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    reader: (milliseconds) => ({
      all: async (...asked: AnyAsked) => (await ask(asked, milliseconds)) as never[],
    }),
    close: async () => {
      isClosed = true;
      for (const asked of queue.splice(0)) asked.reject(new Error("The database is closed."));
      const threads = [...abandoned, ...(thread ? [thread] : [])];
      await inTime(Promise.all(threads.map((one) => one.terminate())), patience);
    },
  };
}

/** Resolves with the work, or after so many milliseconds without it. */
async function inTime(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
