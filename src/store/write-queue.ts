import { setImmediate } from "node:timers/promises";
import { type Clock, increasingTime } from "../clock.ts";
import { Problem } from "../errors.ts";
import type { Db } from "./db.ts";
import { type LogChange, writeGroup } from "./write-group.ts";
import { applyWrite, type Write, type Written } from "./writes.ts";

/** How many new rows share a transaction at most, so that none waits long for its neighbours. */
const maxRows = 1000;

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

interface Stored {
  readonly outcomes: readonly Outcome[];
  readonly changes: readonly LogChange[];
}

/** `announce` is told of each commit that clients are to hear of, which is a hint: other processes commit too. */
export function writeQueue(db: Db, clock: Clock, announce: (changes: readonly LogChange[]) => void): WriteQueue {
  const nextTime = increasingTime(clock);
  let waiting: Waiting[] = [];
  let isRunning = false;

  async function run(): Promise<void> {
    for (;;) {
      const size = groupSize(waiting);
      const group = waiting.slice(0, size);
      waiting = waiting.slice(size);
      await commit(group);
      if (waiting.length === 0) break;
      // Others have a turn between two groups: readers, timers, signals.
      await setImmediate();
    }
    isRunning = false;
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    let stored: Stored;
    try {
      stored = await store(group);
    } catch (error) {
      // Nothing of the group was stored. Unless the database is to blame, one by one the write that is fails alone.
      const isNobodysFault = error instanceof Problem && error.kind === "unavailable";
      if (group.length === 1 || isNobodysFault) for (const { reject } of group) reject(error);
      else for (const alone of group) await commit([alone]);
      return;
    }
    for (const [index, outcome] of stored.outcomes.entries()) settle(group[index], outcome);
    if (stored.changes.length > 0) announce(stored.changes);
  }

  function store(group: readonly Waiting[]): Promise<Stored> {
    return db.transaction(async (transaction) => {
      const shared = writeGroup(transaction, clock, nextTime);
      const outcomes: Outcome[] = [];
      for (const { write, signal } of group) {
        // Asked only now: the transaction may have waited for its turn.
        outcomes.push(signal?.aborted ? { problem: tooLate() } : await outcomeOf(() => applyWrite(shared, write)));
      }
      return { outcomes, changes: await shared.save() };
    });
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

/** How many of the first writes go into the next transaction: one at least, and no more rows than it may have. */
function groupSize(waiting: readonly Waiting[]): number {
  let rows = 0;
  const end = waiting.findIndex(({ write }, index) => {
    rows += write.kind === "addMessages" ? write.messages.length : 1;
    return rows > maxRows && index > 0;
  });
  return end < 0 ? waiting.length : end;
}

function tooLate(): Problem {
  return new Problem("timeout", "The request could not be served in time; nothing was stored.");
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
