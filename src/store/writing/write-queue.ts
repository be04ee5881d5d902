import { setImmediate } from "node:timers/promises";
import { type Clock, increasingTime } from "../../core/clock.ts";
import { beginCommit, type Deadline, remaining } from "../../core/deadline.ts";
import { Problem, tooLate } from "../../core/problem.ts";
import type { Db } from "../db.ts";
import { type LocatedWrite, located, type Write } from "./located-writes.ts";
import { type LogChange, writeGroup } from "./write-group.ts";
import { applyWrite, type Written } from "./writes.ts";

/** How many new rows share a transaction at most, so that none waits long for its neighbours. */
const maxRows = 1000;

/** Writes to the logs of properties. */
export interface Writer {
  /**
   * Stores a write together with those that arrive at the same time; resolves after their common commit.
   * @throws Problem (invalid, conflict) when the write itself can't be, (timeout) when it was too late, (unavailable) when the
   * database can't take it or, after a lost connection, did not say whether it has
   */
  write(write: Write): Promise<Written>;
}

export interface WriteQueue extends Writer {
  /** A write whose `deadline` has passed before its commit begins is not carried out. */
  write(write: Write, deadline?: Deadline): Promise<Written>;
}

interface Waiting {
  readonly located: LocatedWrite;
  readonly deadline: Deadline | undefined;
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly written: Written } | { readonly problem: Problem };

interface Stored {
  readonly outcomes: readonly Outcome[];
  readonly changes: readonly LogChange[];
}

/** Somebody of the group has stopped waiting, so that it has to be put together again. */
const isTooLate = Symbol("is too late");

/**
 * Writes of one property wait for each other, and share the next transaction. Those of others go their own way where the
 * database has several writers, so that a busy property is its own affair.
 * @param announce  told of each commit that clients are to hear of, which is a hint: other processes commit too
 */
export function writeQueue(db: Db, clock: Clock, announce: (changes: readonly LogChange[]) => void): WriteQueue {
  const nextTime = increasingTime(clock);
  /** What waits at each property, those that have waited longest first. One that is being written has its own group. */
  const lanes = new Map<string, Waiting[]>();
  const busy = new Set<string>();

  function laneOf({ owner }: LocatedWrite): string {
    return db.writers > 1 ? owner : "";
  }

  function startNext(): void {
    for (const lane of lanes.keys()) {
      if (busy.size >= db.writers) return;
      if (!busy.has(lane)) void run(lane);
    }
  }

  async function run(lane: string): Promise<void> {
    busy.add(lane);
    const waiting = lanes.get(lane) ?? [];
    const size = groupSize(waiting);
    // Behind the others, who have waited meanwhile.
    lanes.delete(lane);
    if (waiting.length > size) lanes.set(lane, waiting.slice(size));
    await commit(waiting.slice(0, size));
    // Others have a turn between two groups: readers, timers, signals.
    if (lanes.size > 0) await setImmediate();
    busy.delete(lane);
    startNext();
  }

  async function commit(group: readonly Waiting[]): Promise<void> {
    const inTime = group.filter(({ deadline, reject }) => {
      if (deadline?.signal.aborted) reject(tooLate());
      return !deadline?.signal.aborted;
    });
    if (inTime.length === 0) return;
    const takeBacks: (() => void)[] = [];
    let stored: Stored;
    try {
      stored = await store(inTime, takeBacks);
    } catch (error) {
      for (const takeBack of takeBacks) takeBack();
      if (error === isTooLate) return commit(inTime);
      // Nothing of the group was stored. Unless the database is to blame, the writes are carried out one by one, so that
      // only the one that failed the group fails.
      const isFaultOfDatabase = error instanceof Problem && error.kind === "unavailable";
      if (inTime.length === 1 || isFaultOfDatabase) for (const { reject } of inTime) reject(error);
      else for (const alone of inTime) await commit([alone]);
      return;
    }
    for (const [index, outcome] of stored.outcomes.entries()) settle(inTime[index], outcome);
    if (stored.changes.length > 0) announce(stored.changes);
  }

  /** @param takeBacks  filled with what is to be called when the commit failed */
  function store(group: readonly Waiting[], takeBacks: (() => void)[]): Promise<Stored> {
    return db.transaction(async (transaction) => {
      const shared = await writeGroup(
        transaction,
        clock,
        nextTime,
        group.map((each) => each.located),
      );
      const outcomes = group.map(({ located }) => outcomeOf(() => applyWrite(shared, located)));
      const changes = await shared.save();
      // Asked only now: the transaction may have waited for its turn, and what was answered 408 must not be stored.
      if (group.some(({ deadline }) => deadline?.signal.aborted)) throw isTooLate;
      for (const { deadline } of group) if (deadline) takeBacks.push(beginCommit(deadline));
      return { outcomes, changes };
    }, timeLeft(group));
  }

  return {
    write: async (write, deadline) => {
      const found = await located(deadline ? db.until(deadline) : db, write);
      return new Promise((resolve, reject) => {
        const lane = laneOf(found);
        const waiting = lanes.get(lane);
        if (waiting) waiting.push({ located: found, deadline, resolve, reject });
        else lanes.set(lane, [{ located: found, deadline, resolve, reject }]);
        // Requests are let in together, so that all of one turn of the event loop have come by then.
        process.nextTick(startNext);
      });
    },
  };
}

/** How many of the first writes go into the next transaction: one at least, and no more rows than it may have. */
function groupSize(waiting: readonly Waiting[]): number {
  let rows = 0;
  const end = waiting.findIndex(({ located: { write } }, index) => {
    rows += write.kind === "addMessages" ? write.messages.length : 1;
    return rows > maxRows && index > 0;
  });
  return end < 0 ? waiting.length : end;
}

/** Until nobody of the group waits any more, in milliseconds; `undefined` when somebody waits for ever. */
function timeLeft(group: readonly Waiting[]): number | undefined {
  const times = group.map(({ deadline }) => (deadline ? remaining(deadline) : Number.POSITIVE_INFINITY));
  const longest = Math.max(...times);
  return Number.isFinite(longest) ? longest : undefined;
}

/** A problem of one write leaves its group alone: it was found before the write changed anything. */
function outcomeOf(apply: () => Written): Outcome {
  try {
    return { written: apply() };
  } catch (error) {
    if (error instanceof Problem && ["invalid", "conflict"].includes(error.kind)) return { problem: error };
    throw error;
  }
}

function settle(waiting: Waiting | undefined, outcome: Outcome): void {
  if ("problem" in outcome) waiting?.reject(outcome.problem);
  else waiting?.resolve(outcome.written);
}
