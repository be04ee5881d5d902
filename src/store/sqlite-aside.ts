import { Worker } from "node:worker_threads";
import { tooLate } from "../errors.ts";
import type { Reader, Row, Value } from "./db.ts";
import type { AsideAnswer, AsideQuestion } from "./sqlite-aside-worker.ts";

/** How long a statement may go on that nobody waits for any more, in milliseconds, before its thread is given up. */
const patience = 2000;

interface Asked extends AsideQuestion {
  readonly resolve: (rows: readonly Row[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Reads on another thread, one after the other. */
export interface Aside {
  /** Reads of which each ends with a Problem (timeout) when its time, in milliseconds, is over. */
  reader(milliseconds: number): Reader;
  close(): Promise<void>;
}

/**
 * SQLite holds the thread that asks it, so what may take long asks from another one, which is started when it is first
 * needed. Nobody can end a statement there: it is waited for no longer, and its thread is replaced if it goes on.
 * @param problemOf  what the caller may hear of a failure
 */
export function sqliteAside(path: string, problemOf: (error: unknown) => unknown): Aside {
  const queue: Asked[] = [];
  let worker: Worker | undefined;
  let current: Asked | undefined;
  let isClosed = false;

  function open(): Worker {
    const opened = new Worker(new URL("./sqlite-aside-worker.ts", import.meta.url), {
      workerData: path,
      // Node 24 calls its SQLite experimental in each thread that uses it.
      execArgv: ["--disable-warning=ExperimentalWarning"],
    });
    const ended = (error: unknown) => {
      if (worker !== opened) return;
      worker = undefined;
      current?.reject(problemOf(error));
      current = undefined;
      next();
    };
    opened.on("message", ({ rows, error }: AsideAnswer) => {
      const asked = current;
      current = undefined;
      if (error) asked?.reject(problemOf(Object.assign(new Error(error.message), { errcode: error.errcode })));
      else asked?.resolve(rows);
      next();
    });
    opened.on("error", ended);
    opened.on("exit", () => ended(new Error("The thread of searches has ended.")));
    return opened;
  }

  /** A thread that has nothing to do keeps no process alive. */
  function next(): void {
    current = queue.shift();
    if (!current) {
      worker?.unref();
      return;
    }
    worker ??= open();
    worker.ref();
    worker.postMessage({ statement: current.statement, parameters: current.parameters });
  }

  function giveUp(asked: Asked): void {
    asked.reject(tooLate());
    const index = queue.indexOf(asked);
    if (index >= 0) queue.splice(index, 1);
    if (asked !== current) return;
    setTimeout(() => {
      if (asked === current) void worker?.terminate();
    }, patience).unref();
  }

  async function ask(statement: string, parameters: readonly Value[], milliseconds: number): Promise<readonly Row[]> {
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
      all: async <R>(statement: string, ...parameters: readonly Value[]) =>
        (await ask(statement, parameters, milliseconds)) as R[],
    }),
    close: async () => {
      isClosed = true;
      for (const asked of queue.splice(0)) asked.reject(new Error("The database is closed."));
      await worker?.terminate();
    },
  };
}
