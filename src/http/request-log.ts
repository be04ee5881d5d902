import { pino } from "pino";
import type { AttemptEntry, RequestEntry } from "../core/log-entries.ts";
import { Problem } from "../core/problem.ts";
import { withWayOut } from "../core/ways-out.ts";
import { type LogOutput, logOutput } from "./log-output.ts";

export interface RequestLog {
  answered(entry: RequestEntry): void;
  /** An attempt at a webhook. */
  attempted(entry: AttemptEntry): void;
  /** A failure that is ours and not the caller's; without a request where it belongs to none. */
  failed(requestId: string | undefined, error: unknown): void;
  /** Something that an operator should read. */
  note(message: string): void;
}

/** The log of a process, which outlives everything else in it. */
export interface ProcessLog extends RequestLog {
  /** Where the lines go, for who ends the process. */
  readonly output: Pick<LogOutput, "flushed" | "ended">;
}

/**
 * JSON lines for machines, as production writes them.
 * @param limit  how many bytes of lines may wait while they can't be written
 */
export function jsonLog(limit: number): ProcessLog {
  const output = logOutput({
    limit,
    lost: (lines, reason) => logger.warn({ lost: lines, reason }, lossSentence(lines, reason)),
  });
  const logger = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, output);
  return {
    answered: (entry) => logger.info(entry, "answered"),
    attempted: (entry) => logger.info(entry, "attempted"),
    failed: (requestId, error) => logger.error({ requestId, error: describe(error) }, "failed"),
    note: (message) => logger.info(message),
    output,
  };
}

/** One short line a request or a webhook for the developer who watches the terminal. @param limit as of `jsonLog` */
export function humanLog(limit: number): ProcessLog {
  const output = logOutput({ limit, lost: (lines, reason) => output.write(`${lossSentence(lines, reason)}\n`) });
  return {
    answered: ({ method, route, status, milliseconds }) => {
      output.write(`${timeOfDay()}  ${status}  ${method} ${route}  ${milliseconds} ms\n`);
    },
    attempted: ({ client, status, error, milliseconds }) => {
      output.write(`${timeOfDay()}  ${status ?? "---"}  webhook of ${client}  ${milliseconds} ms  ${error ?? ""}\n`);
    },
    failed: (requestId, error) => {
      output.write(`${requestId ? `Request ${requestId}` : "Something"} failed: ${describe(error)}\n`);
    },
    note: (message) => output.write(`${message}\n`),
    output,
  };
}

function lossSentence(lines: number, reason: string): string {
  return `${lines} ${lines === 1 ? "line" : "lines"} of the log could not be written (${reason}) and were left out here.`;
}

let lastSecond = 0;
let lastTimeOfDay = "";

function timeOfDay(): string {
  const now = Date.now();
  const second = Math.floor(now / 1000);
  if (second !== lastSecond) {
    lastSecond = second;
    lastTimeOfDay = new Date(now).toTimeString().slice(0, 8);
  }
  return lastTimeOfDay;
}

/** What an operator can do about it comes first, and then what the machine said. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  const text = error instanceof Problem ? stack.replace(error.message, () => withWayOut(error)) : stack;
  return error.cause === undefined ? text : `${text}\nCaused by: ${describe(error.cause)}`;
}
