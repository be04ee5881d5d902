import { setTimeout } from "node:timers/promises";
import type { Db } from "../../store/db.ts";
import { summarizeSome } from "../../store/writing/stale-summaries.ts";

/** How often to look for threads that servers of an older version have changed, in milliseconds. */
const interval = 30_000;

/** Between two of many, so that others have a turn. */
const pause = 5;

/** How long a look under way may take to end when the server stops, in milliseconds. */
const stopPatience = 1000;

/** Keeps what the lists of the inbox show right, also of what was written before there was an inbox. */
export function summarizer(db: Db, failed: (error: unknown) => void): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const count = await summarizeSome(db).catch((error: unknown) => {
        if (!signal.aborted) failed(error);
        return 0;
      });
      await setTimeout(count > 0 ? pause : interval, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      await Promise.race([running, setTimeout(stopPatience, undefined, { ref: false })]);
    },
  };
}
