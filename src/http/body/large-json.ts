import { Worker } from "node:worker_threads";
import { invalid, tooLate } from "../../core/problem.ts";
import type { ReadBody } from "./json-body.ts";
import type { JsonObject } from "./json-shape.ts";
import type { LargeJsonAnswer, LargeJsonQuestion } from "./large-json-thread.ts";

/** Parses a body on another thread. @throws Problem (invalid), or (timeout) once its request is abandoned */
export type ParseLargeJson = (question: LargeJsonQuestion, signal: AbortSignal) => Promise<ReadBody>;

export interface LargeJsonParser {
  readonly parse: ParseLargeJson;
  stop(): Promise<void>;
}

interface Asked {
  readonly question: LargeJsonQuestion;
  readonly signal: AbortSignal;
  readonly resolve: (read: ReadBody) => void;
  readonly reject: (error: unknown) => void;
}

/** In MiB. What is alive of a body survives the first collection anyway, so room for young objects saves copies. */
const resourceLimits = { maxYoungGenerationSizeMb: 32 };

/**
 * One thread that parses bodies one after the other, so that one event loop serves small requests meanwhile, and memory is
 * needed for one large body at a time. It is started when it is first needed, and ended when it has had nothing to do for
 * a while, which gives its memory back.
 * @param idleTime  how long it may have nothing to do, in milliseconds
 */
export function largeJsonParser(idleTime: number, openThread: () => Worker = largeJsonThread): LargeJsonParser {
  const queue: Asked[] = [];
  let current: Asked | undefined;
  let worker: Worker | undefined;
  let idleTimer: NodeJS.Timeout | undefined;

  function open(): Worker {
    const opened = openThread();
    opened.on("message", ({ value, digest, message }: LargeJsonAnswer) => {
      if (message === undefined) current?.resolve({ value: value as JsonObject, digest });
      else current?.reject(invalid(message));
      next();
    });
    opened.on("error", (error) => lose(opened, error));
    // After an error, or when the parser itself has ended the thread, this thread is no longer the current one.
    opened.on("exit", () => lose(opened, new Error("The thread that parses large bodies has ended.")));
    return opened;
  }

  /** Refuses the body that a thread was parsing when it ended. The next body opens another thread. */
  function lose(opened: Worker, error: Error): void {
    if (worker !== opened) return;
    worker = undefined;
    current?.reject(isOutOfMemory(error) ? invalid("The body has too many values to be read.") : error);
    next();
  }

  function next(): void {
    do current = queue.shift();
    while (current && isAbandoned(current));
    clearTimeout(idleTimer);
    if (!current) {
      worker?.unref();
      idleTimer = setTimeout(end, idleTime).unref();
      return;
    }
    worker ??= open();
    worker.ref();
    const { question } = current;
    worker.postMessage(question, [question.bytes.buffer]);
  }

  async function end(): Promise<void> {
    const ending = worker;
    worker = undefined;
    await ending?.terminate();
  }

  return {
    parse: (question, signal) =>
      new Promise((resolve, reject) => {
        const giveUp = () => reject(tooLate());
        if (signal.aborted) return giveUp();
        signal.addEventListener("abort", giveUp, { once: true });
        queue.push({ question, signal, resolve, reject });
        if (!current) next();
      }),
    stop: () => {
      clearTimeout(idleTimer);
      return end();
    },
  };
}

function largeJsonThread(): Worker {
  return new Worker(new URL("./large-json-thread.ts", import.meta.url), { resourceLimits, execArgv: [] });
}

/** The memory of a body is freed when its client goes away. */
function isAbandoned({ question, signal }: Asked): boolean {
  return signal.aborted || question.bytes.length === 0;
}

function isOutOfMemory(error: Error): boolean {
  return "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
}
