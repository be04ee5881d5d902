import { Worker } from "node:worker_threads";
import type { SearchAnswer, SearchQuestion } from "./search-worker.ts";

/** A thread that answers one statement after the other. */
export interface SearchThread {
  ask(question: SearchQuestion): void;
  /** Calls `answered` for each answer, and `ended` when there will be no more. */
  listen(answered: (answer: SearchAnswer) => void, ended: (error: unknown) => void): void;
  /** Whether the process waits for it before it ends. */
  keepProcess(isKept: boolean): void;
  /** Ends it as soon as the statement under way has come to its end, which nothing can interrupt. */
  terminate(): Promise<unknown>;
}

/** Starts a thread that reads a database of SQLite. */
export function openSearchThread(path: string): SearchThread {
  const worker = new Worker(new URL("./search-worker.ts", import.meta.url), {
    workerData: path,
    // Node 24 calls its SQLite experimental in each thread that uses it.
    execArgv: ["--disable-warning=ExperimentalWarning"],
  });
  return {
    ask: (question) => worker.postMessage(question),
    listen: (answered, ended) => {
      worker.on("message", answered);
      worker.on("error", ended);
      worker.on("exit", () => ended(new Error("The thread of searches has ended.")));
    },
    keepProcess: (isKept) => (isKept ? worker.ref() : worker.unref()),
    terminate: () => worker.terminate(),
  };
}
