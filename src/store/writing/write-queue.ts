import { setImmediate } from "node:timers/promises";
import { type Clock, type WriteClock, writeClock } from "../../core/clock.ts";
import { beginCommit, type Deadline, remaining } from "../../core/deadline.ts";
import { Problem, tooLate } from "../../core/problem.ts";
import type { Db } from "../db.ts";
import type { LogChange } from "../log/property-log.ts";
import { type RoutedWrite, routeWrite } from "./route-writes.ts";
import { type Outcome, type StoredGroup, storeGroup } from "./write-group.ts";
import type { Write, Writer, Written } from "./writes.ts";

/** How many new rows share a transaction at most, so that none waits long for its neighbours. */
const maxRows = 1000;

export interface WriteQueue extends Writer {
  /** A write whose `deadline` has passed before its commit begins is not carried out. */
  write(write: Write, deadline?: Deadline): Promise<Written>;
}

interface Waiting {
  readonly routed: RoutedWrite;
  readonly deadline: Deadline | undefined;
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

/** What a queue commits to, and whom it tells. */
interface Target {
  readonly db: Db;
  readonly clock: WriteClock;
  /** Told of each commit, as a hint: other processes commit too. */
  readonly announce: (changes: readonly LogChange[]) => void;
}

/**
 * Writes of one property wait for each other, and share the next transaction. Where the database carries out
 * several transactions at a time, each property has a lane of its own, so that a busy property does not hold up the others.
 */
export function writeQueue(db: Db, clock: Clock, announce: Target["announce"]): WriteQueue {
  const target = { db, clock: writeClock(clock), announce };
  /** What waits in each lane; the lane that has waited longest comes first. What is being committed is not in it. */
  const lanes = new Map<string, Waiting[]>();
  const busy = new Set<string>();

  function enter(waiting: Waiting): void {
    const lane = db.maxTransactions > 1 ? waiting.routed.owner : "";
    const others = lanes.get(lane);
    if (others) others.push(waiting);
    else lanes.set(lane, [waiting]);
    // Requests are let in together, so that all of one turn of the event loop have come by then.
    process.nextTick(startNext);
  }

  function startNext(): void {
    for (const lane of lanes.keys()) {
      if (busy.size >= db.maxTransactions) return;
      if (!busy.has(lane)) void run(lane);
    }
  }

  async function run(lane: string): Promise<void> {
    busy.add(lane);
    const waiting = lanes.get(lane) ?? [];
    const size = groupSize(waiting);
    // What is left goes behind the other lanes, which have waited meanwhile.
    lanes.delete(lane);
    if (waiting.length > size) lanes.set(lane, waiting.slice(size));
    await commit(target, waiting.slice(0, size));
    // Readers, timers and signals have a turn between two groups.
    if (lanes.size > 0) await setImmediate();
    busy.delete(lane);
    startNext();
  }

  return {
    write: async (write, deadline) => {
      const routed = await routeWrite(deadline ? db.until(deadline) : db, write);
      return new Promise((resolve, reject) => enter({ routed, deadline, resolve, reject }));
    },
  };
}

/** How many of the first writes go into the next transaction: one at least, and no more rows than it may have. */
function groupSize(waiting: readonly Waiting[]): number {
  let rows = 0;
  const end = waiting.findIndex(({ routed: { command } }, index) => {
    rows += command.kind === "addMessages" ? command.messages.length : 1;
    return rows > maxRows && index > 0;
  });
  return end < 0 ? waiting.length : end;
}

/**
 * A request of the group ran out of time while the transaction ran. The transaction is rolled back, and the group is
 * committed again without that request.
 */
const isTooLate = Symbol("is too late");

/** Commits a group and answers each of its writes. */
async function commit(target: Target, group: readonly Waiting[]): Promise<void> {
  const inTime: Waiting[] = [];
  for (const waiting of group) {
    if (waiting.deadline?.signal.aborted) waiting.reject(tooLate());
    else inTime.push(waiting);
  }
  if (inTime.length === 0) return;
  const takeBacks: (() => void)[] = [];
  let stored: StoredGroup;
  try {
    stored = await store(target, inTime, takeBacks);
  } catch (error) {
    for (const takeBack of takeBacks) takeBack();
    if (error === isTooLate) return commit(target, inTime);
    // Nothing of the group was stored. Unless the database is to blame, the writes are carried out one by one, so that
    // only the one that failed the group fails.
    const isFaultOfDatabase = error instanceof Problem && error.kind === "unavailable";
    if (inTime.length === 1 || isFaultOfDatabase) for (const { reject } of inTime) reject(error);
    else for (const alone of inTime) await commit(target, [alone]);
    return;
  }
  for (const [index, outcome] of stored.outcomes.entries()) settle(inTime[index], outcome);
  if (stored.changes.length > 0) target.announce(stored.changes);
}

/** @param takeBacks  filled with what is to be called when the commit fails */
function store({ db, clock }: Target, group: readonly Waiting[], takeBacks: (() => void)[]): Promise<StoredGroup> {
  const writes = group.map(({ routed }) => routed);
  return db.transaction(async (transaction) => {
    const stored = await storeGroup(transaction, writes, clock);
    // Asked only now: the transaction may have waited for its turn, and what was answered 408 must not be stored.
    if (group.some(({ deadline }) => deadline?.signal.aborted)) throw isTooLate;
    for (const { deadline } of group) if (deadline) takeBacks.push(beginCommit(deadline));
    return stored;
  }, timeLeft(group));
}

/** Until the last deadline of the group, in milliseconds; `undefined` when one of its writes has none. */
function timeLeft(group: readonly Waiting[]): number | undefined {
  const times = group.map(({ deadline }) => (deadline ? remaining(deadline) : Number.POSITIVE_INFINITY));
  const longest = Math.max(...times);
  return Number.isFinite(longest) ? longest : undefined;
}

function settle(waiting: Waiting | undefined, outcome: Outcome): void {
  if ("problem" in outcome) waiting?.reject(outcome.problem);
  else waiting?.resolve(outcome.written);
}
