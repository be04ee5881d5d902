import { tooLate } from "../../../core/problem.ts";
import type { Reader, Row } from "../../db.ts";
import type { AnyAsked } from "../../query.ts";
import { statementOf } from "./connection.ts";
import type { SearchThread } from "./search-thread.ts";
import type { SearchAnswer, SearchQuestion } from "./search-worker.ts";

/** How many threads may be busy with statements whose searches have been answered with a timeout. Each has a cache of some megabytes. */
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

/** The searches of one database: what waits, and the thread that has the one that is under way. */
interface Searches {
  readonly options: SearchReaderOptions;
  readonly queue: Asked[];
  readonly abandoned: Set<SearchThread>;
  thread: SearchThread | undefined;
  current: Asked | undefined;
  isClosed: boolean;
}

/**
 * SQLite holds the thread that asks it, so searches ask from another one, which is started when it is first needed.
 * A statement there can't be interrupted. One that goes on after its time is left alone with its thread, and the next
 * search gets a new thread, so that one search does not block all others.
 */
export function sqliteSearchReader(options: SearchReaderOptions): SearchReader {
  const searches: Searches = {
    options,
    queue: [],
    abandoned: new Set(),
    thread: undefined,
    current: undefined,
    isClosed: false,
  };
  return {
    reader: (milliseconds) => ({
      all: async (...asked: AnyAsked) => (await ask(searches, asked, milliseconds)) as never[],
    }),
    close: async () => {
      searches.isClosed = true;
      for (const asked of searches.queue.splice(0)) asked.reject(new Error("The database is closed."));
      const threads = [...searches.abandoned, ...(searches.thread ? [searches.thread] : [])];
      await inTime(Promise.all(threads.map((one) => one.terminate())), options.patience);
    },
  };
}

async function ask(searches: Searches, query: AnyAsked, milliseconds: number): Promise<readonly Row[]> {
  if (searches.isClosed) throw new Error("The database is closed.");
  const { text: statement, values: parameters } = statementOf(query);
  const { promise, resolve, reject } = Promise.withResolvers<readonly Row[]>();
  const asked: Asked = { statement, parameters, resolve, reject };
  const timer = setTimeout(() => giveUp(searches, asked), Math.max(1, milliseconds));
  searches.queue.push(asked);
  if (!searches.current) next(searches);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

/** Asks the next question. A thread that has nothing to do keeps no process alive. */
function next(searches: Searches): void {
  const { queue, abandoned } = searches;
  if (queue.length === 0) searches.thread?.keepProcess(false);
  // With too many threads abandoned, searches wait until one of them ends, or until their time is over.
  if (queue.length === 0 || (!searches.thread && abandoned.size >= maxAbandoned)) return;
  const asked = queue.shift();
  searches.current = asked;
  if (!asked) return;
  searches.thread ??= open(searches);
  searches.thread.keepProcess(true);
  searches.thread.ask({ statement: asked.statement, parameters: asked.parameters });
}

function open(searches: Searches): SearchThread {
  const opened = searches.options.openThread();
  opened.listen(
    // An abandoned thread may still answer. Its rows are not those of the question that another one has now.
    (answer) => {
      if (searches.thread === opened) settle(searches, answer);
    },
    (error) => ended(searches, opened, error),
  );
  return opened;
}

function settle(searches: Searches, { rows, error }: SearchAnswer): void {
  const { current: asked, options } = searches;
  searches.current = undefined;
  if (error) asked?.reject(options.problemOf(Object.assign(new Error(error.message), { errcode: error.errcode })));
  else asked?.resolve(rows);
  next(searches);
}

function ended(searches: Searches, one: SearchThread, error: unknown): void {
  searches.abandoned.delete(one);
  if (one === searches.thread) {
    searches.thread = undefined;
    searches.current?.reject(searches.options.problemOf(error));
    searches.current = undefined;
  }
  if (!searches.current) next(searches);
}

/** Fails a search whose time is over. Its thread has a while to end the statement before it is abandoned. */
function giveUp(searches: Searches, asked: Asked): void {
  asked.reject(tooLate());
  const index = searches.queue.indexOf(asked);
  if (index >= 0) searches.queue.splice(index, 1);
  if (asked !== searches.current) return;
  setTimeout(() => {
    if (asked === searches.current) abandon(searches);
  }, searches.options.patience).unref();
}

function abandon(searches: Searches): void {
  const { thread: stuck, abandoned, options } = searches;
  if (!stuck || searches.isClosed) return;
  searches.thread = undefined;
  searches.current = undefined;
  abandoned.add(stuck);
  stuck.keepProcess(false);
  void stuck.terminate();
  const isLast = abandoned.size >= maxAbandoned;
  const effect = isLast ? "; there are too many such threads, so that searches have to wait for one to end" : "";
  options.note(
    `A search has not ended in its time, and its thread is replaced (${abandoned.size} are still busy${effect}).`,
  );
  next(searches);
}

/** Resolves with the work, or after so many milliseconds without it. */
async function inTime(work: Promise<unknown>, milliseconds: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, milliseconds);
  await Promise.race([work, promise]);
  clearTimeout(timer);
}
