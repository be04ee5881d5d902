import { type Microseconds, writeClock } from "../../core/clock.ts";
import type { Transaction } from "../db.ts";
import { routeWrite } from "./route-writes.ts";
import { storeGroup } from "./write-group.ts";
import type { Write } from "./writes.ts";

/** A write, and when it is to have happened. */
export interface PastWrite extends Write {
  readonly at: Microseconds;
}

/**
 * Carries out writes of the past in a transaction, in their order, each at its own time or just after the last entry of
 * its property's log.
 * @throws Problem (invalid, conflict) of the first write that can't be carried out; the transaction must not be committed
 */
export async function storePast(transaction: Transaction, writes: readonly PastWrite[]): Promise<void> {
  const routed = await Promise.all(writes.map((write) => routeWrite(transaction, write)));
  const end = writes.at(-1)?.at ?? 0;
  const { outcomes } = await storeGroup(
    transaction,
    routed,
    writeClock(() => end),
  );
  for (const outcome of outcomes) if ("problem" in outcome) throw outcome.problem;
}
