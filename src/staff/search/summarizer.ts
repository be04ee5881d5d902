import { type BackgroundLoop, backgroundLoop, pause } from "../../core/background-loop.ts";
import type { Db } from "../../store/db.ts";
import { summarizeSome } from "../../store/writing/stale-summaries.ts";

/** How often to look for threads that servers of an older version have changed, in milliseconds. */
const interval = 30_000;

/** How long requests have the database to themselves between two steps, in milliseconds. */
const stepPause = 5;

/** Corrects what the lists of the inbox show of threads that were written by a version without an inbox. */
export function summarizer(db: Db, failed: (error: unknown) => void): Pick<BackgroundLoop, "stop"> {
  return backgroundLoop({
    interval,
    failed,
    step: async (signal) => {
      const count = await summarizeSome(db);
      if (count === 0 || signal.aborted) return "idle";
      await pause(stepPause, signal);
      return "more";
    },
  });
}
