import type { Microseconds } from "../../core/clock.ts";
import { type Db, firstRow, type Reader } from "../db.ts";
import { postgresOnly, type Query, query } from "../query.ts";
import type { InstallationRow } from "../rows.ts";

/** True while no webhook may be sent, for queries that look for some to send. */
export const areHeld = "EXISTS (SELECT 1 FROM installation WHERE id = 1 AND webhooks_held_since IS NOT NULL)";

type Since = Pick<InstallationRow, "webhooks_held_since">;

export const queries = {
  since: query<Since>`SELECT webhooks_held_since FROM installation WHERE id = 1`,
  lockedSince: query<Since>`SELECT webhooks_held_since FROM installation WHERE id = 1 ${postgresOnly("FOR UPDATE")}`,
  set: query<never, { since: Microseconds | null }>`
    UPDATE installation SET webhooks_held_since = :since WHERE id = 1`,
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
    if (since === undefined) await transaction.run(queries.set, { since: now });
    return since ?? now;
  });
}

/** Has what waits sent, in its order. @returns whether webhooks were held */
export function releaseWebhooks(db: Pick<Db, "transaction">): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const since = await heldSince(transaction, queries.lockedSince);
    if (since !== undefined) await transaction.run(queries.set, { since: null });
    return since !== undefined;
  });
}

async function heldSince(reader: Reader, since: Query<Since>): Promise<Microseconds | undefined> {
  const row = await firstRow(reader, since);
  return row?.webhooks_held_since ?? undefined;
}
