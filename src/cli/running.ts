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
 * Takes over what would otherwise end the process or open it to others, from now on. There is no configuration to read
 * again and no file of the log to open again, so signals that ask for it change nothing and leave a line that says so.
 */
export function withstandSignals(log: ProcessLog): void {
  process.on("SIGHUP", () =>
    log.note("SIGHUP: ignored. The log goes to standard output, and settings need a restart."),
  );
  process.on("SIGUSR2", () => log.note("SIGUSR2: ignored. It means nothing to Innbox."));
  // Node would open a debugger, with which everybody on this machine could run code in the server.
  process.on("SIGUSR1", () => log.note("SIGUSR1: ignored. Start with node --inspect to debug."));
  // Node prints the error to stderr and waits until somebody reads it.
  process.on("uncaughtException", (error) => {
    log.failed(undefined, error);
    void end(log, 1);
  });
}

/** Ends the sandbox with the terminal that it was started from; nobody would find it again. */
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
  // Node would wait for a write that the system holds, as a full pipe does that another program made blocking.
  if (!(await log.output.ended(patience))) process.kill(process.pid, "SIGKILL");
  process.exit(exitCode);
}
