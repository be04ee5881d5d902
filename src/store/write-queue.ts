import { type Clock, increasingTime } from "../clock.ts";
import { Problem } from "../errors.ts";
import type { Db } from "./db.ts";
import { writeGroup } from "./write-group.ts";
import { applyWrite, type Write, type Written } from "./writes.ts";

/** How many writes share a transaction at most, so that none waits long for its neighbours. */
const maxGroup = 128;

export interface WriteQueue {
  /**
   * Stores a write together with those that arrive at the same time; resolves after their common commit.
   * A write whose `signal` is aborted before its turn is not carried out.
   * @throws Problem (invalid) when the write itself can't be, (unavailable) when the database can't take it
   */
  write(write: Write, signal?: AbortSignal): Promise<Written>;
}

interface Waiting {
  readonly write: Write;
  readonly signal: AbortSignal | undefined;
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly written: Written } | { readonly problem: Problem };

export function writeQueue(db: Db, clock: Clock): WriteQueue {
  const nextTime = increasingTime(clock);
  let waiting: Waiting[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const group = waiting.slice(0, maxGroup).filter(isWanted);
      waiting = waiting.slice(maxGroup);
      await commit(group);
    }
    isRunning = false;
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await db.transaction(async (transaction) => {
        const shared = writeGroup(transaction, clock, nextTime);
        const outcomes: Outcome[] = [];
        for (const { write } of group) outcomes.push(await outcomeOf(() => applyWrite(shared, write)));
        await shared.save();
        return outcomes;
      });
      for (const [index, outcome] of outcomes.entries()) settle(group[index], outcome);
    } catch (error) {
      // Nothing of the group was stored. One by one, a write that can't be stored fails alone.
      const [only] = group;
      if (group.length === 1) only?.reject(error);
      else for (const alone of group) await commit([alone]);
    }
  }

  return {
    write: (write, signal) =>
      new Promise((resolve, reject) => {
        waiting.push({ write, signal, resolve, reject });
        if (isRunning) return;
        isRunning = true;
        // Requests are let in together, so that all of one turn of the event loop have come by then.
        process.nextTick(run);
      }),
  };
}

function isWanted({ signal, reject }: Waiting): boolean {
  if (!signal?.aborted) return true;
  reject(new Problem("timeout", "The request could not be served in time; nothing was stored."));
  return false;
}

/** A problem of one write leaves its group alone: it was found before the write changed anything. */
async function outcomeOf(apply: () => Promise<Written>): Promise<Outcome> {
  try {
    return { written: await apply() };
  } catch (error) {
    if (error instanceof Problem && error.kind === "invalid") return { problem: error };
    throw error;
  }
}

function settle(waiting: Waiting | undefined, outcome: Outcome): void {
  if ("problem" in outcome) waiting?.reject(outcome.problem);
  else waiting?.resolve(outcome.written);
}
