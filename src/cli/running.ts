import type { App } from "../app.ts";

const signals = ["SIGTERM", "SIGINT"] as const;

/** Resolves when the process is told to stop and has done so; a second signal ends it at once. */
export function untilStopped(app: App): Promise<void> {
  return new Promise((resolve, reject) => {
    let isStopping = false;
    for (const signal of signals) {
      process.on(signal, () => {
        if (isStopping) process.exit(1);
        isStopping = true;
        app.stop().then(resolve, reject);
      });
    }
  });
}
