import type { App } from "../app.ts";
import type { RequestLog } from "../http/request-log.ts";

const signals = ["SIGTERM", "SIGINT"] as const;

/** Resolves when the process was told to stop and has done so; a second signal ends it at once. */
export function untilStopped(app: Pick<App, "stop">, log: RequestLog): Promise<void> {
  return new Promise((resolve, reject) => {
    let isStopping = false;
    for (const signal of signals) {
      process.on(signal, () => {
        if (isStopping) process.exit(1);
        isStopping = true;
        log.note(`${signal}: finishing what is under way; once more ends it at once.`);
        app
          .stop()
          .then(() => log.note("Stopped."))
          .then(resolve, reject);
      });
    }
  });
}
