import { Problem } from "../core/problem.ts";
import type { WriteQueue } from "./writing/write-queue.ts";

/**
 * How long a refused write makes the database count as unavailable, in milliseconds. Meanwhile `/health/ready` says so,
 * and a load balancer sends requests to other nodes.
 */
const troubleTime = 10_000;

export interface WatchedWrites {
  readonly write: WriteQueue["write"];
  /** Why the database refused the last write, if it did so within the last ten seconds. */
  trouble(): string | undefined;
}

/** Remembers for a while that the database refused a write. */
export function watchWrites(write: WriteQueue["write"]): WatchedWrites {
  let refused: { readonly why: string; readonly at: number } | undefined;
  return {
    write: async (...asked) => {
      try {
        const written = await write(...asked);
        refused = undefined;
        return written;
      } catch (error) {
        const isTrouble = error instanceof Problem && error.kind === "unavailable" && error.cause !== undefined;
        if (isTrouble) refused = { why: error.message, at: performance.now() };
        throw error;
      }
    },
    trouble: () => (refused && performance.now() - refused.at < troubleTime ? refused.why : undefined),
  };
}
