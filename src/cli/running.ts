import { isatty } from "node:tty";
import type { App } from "../app.ts";
import type { ProcessLog } from "../http/request-log.ts";
import type { Option } from "./command.ts";

const stopSignals = ["SIGTERM", "SIGINT"] as const;

/** How long lines of the log may take to be written before the process ends without them, in milliseconds. */
const logPatience = 1000;

/** The same when the process is to end at once. */
const hurriedPatience = 100;

export const sharedOption: Option = {
  name: "shared",
  description: "Work on a SQLite file on which other servers work too.",
};

const standardInput = 0;

/**
 * Handles, from now on, signals and errors that would otherwise end the process or open a debugger. SIGHUP and SIGUSR2
 * ask some programs to read their configuration or open their log again; here they only leave a line in the log.
 */
export function withstandSignals(log: ProcessLog): void {
  process.on("SIGHUP", () =>
    log.note("SIGHUP: ignored. The log goes to standard output, and settings need a restart."),
  );
  process.on("SIGUSR2", () => log.note("SIGUSR2: ignored. It means nothing to Innbox."));
  // Without this handler, Node opens a debugger, with which every program on this machine could run code in the server.
  process.on("SIGUSR1", () => log.note("SIGUSR1: ignored. Start with node --inspect to debug."));
  // Without this handler, Node prints the error to stderr, which blocks while nothing reads that pipe.
  process.on("uncaughtException", (error) => {
    log.failed(undefined, error);
    void end(log, 1);
  });
}

/** Ends the sandbox when its terminal is closed; without one, it would go on unseen. */
export function stopWithTerminal(): void {
  if (!isatty(standardInput)) return;
  process.removeAllListeners("SIGHUP");
  process.on("SIGHUP", () => process.kill(process.pid, "SIGTERM"));
}

/** Stops the app at the first signal that asks for it, and ends the process. A second signal ends it at once. */
export function untilStopped(app: Pick<App, "stop">, log: ProcessLog): Promise<never> {
  let isStopping = false;
  for (const signal of stopSignals) {
    process.on(signal, () => {
      if (isStopping) return void end(log, 1, hurriedPatience);
      isStopping = true;
      log.note(`${signal}: finishing what is under way; once more ends it at once.`);
      app
        .stop()
        .then(() => log.note("Stopped."))
        .then(
          () => end(log, 0),
          (error: unknown) => {
            log.failed(undefined, error);
            return end(log, 1);
          },
        );
    });
  }
  return new Promise(() => undefined);
}

/** Ends the process with the last lines of its log, as far as they can be written. */
async function end(log: ProcessLog, exitCode: number, patience = logPatience): Promise<void> {
  await log.output.flushed(patience);
  // exit() would wait for a write that blocks, as one to a full pipe does after another program has made it blocking.
  if (!(await log.output.ended(patience))) process.kill(process.pid, "SIGKILL");
  process.exit(exitCode);
}
