import type { Microseconds } from "../../core/clock.ts";
import { type Db, firstRow, type Reader } from "../db.ts";

/** True while no webhook may be sent, for queries that look for some to send. */
export const areHeld = "EXISTS (SELECT 1 FROM installation WHERE id = 1 AND webhooks_held_since IS NOT NULL)";

export const queries = {
  since: "SELECT webhooks_held_since FROM installation WHERE id = 1",
  lockedSince: "SELECT webhooks_held_since FROM installation WHERE id = 1 /*! FOR UPDATE */",
  set: "UPDATE installation SET webhooks_held_since = ?1 WHERE id = 1",
};

/** Since when webhooks are held; `undefined` while they are sent. */
export function webhooksHeldSince(reader: Reader): Promise<Microseconds | undefined> {
  return heldSince(reader, queries.since);
}

/**
 * Has the servers on this database begin no call to a webhook from now on. Events wait; calls under way go on.
 * @returns since when webhooks are held, which may be before now
 */
export function holdWebhooks(db: Pick<Db, "transaction">, now: Microseconds): Promise<Microseconds> {
  return db.transaction(async (transaction) => {
    const since = await heldSince(transaction, queries.lockedSince);
    if (since === undefined) await transaction.run(queries.set, now);
    return since ?? now;
  });
}

/** Has what waits sent, in its order. @returns whether webhooks were held */
export function releaseWebhooks(db: Pick<Db, "transaction">): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const since = await heldSince(transaction, queries.lockedSince);
    if (since !== undefined) await transaction.run(queries.set, null);
    return since !== undefined;
  });
}

async function heldSince(reader: Reader, query: string): Promise<Microseconds | undefined> {
  const row = await firstRow<{ webhooks_held_since: Microseconds | null }>(reader, query);
  return row?.webhooks_held_since ?? undefined;
}
