import { within } from "../../core/deadline.ts";
import { type Db, firstRow, type Transaction } from "../db.ts";
import { readGroupThreads, saveSummaries } from "./group-threads.ts";
import { isStale, lookAt } from "./summary-of-messages.ts";
import { queries as group } from "./write-group.ts";

/** How many threads are looked at in one transaction, so that no writer waits for long. */
const maxThreads = 50;

/** How long a statement may take, in milliseconds: whoever has locked a table is in nobody else's way. */
const lookLimit = 3000;

export const queries = {
  // The index has no other rows than these.
  stale: `
    SELECT enterprise_id, id FROM message_thread INDEXED BY message_thread_unsummarized
    WHERE summarized <> updated LIMIT ${maxThreads}`,
};

interface StaleRow {
  readonly enterprise_id: string;
  readonly id: string;
}

/**
 * Summarizes some threads that were changed without it: before there were summaries, or by a server of a version that
 * has none.
 * @returns how many there were
 */
export async function summarizeSome(db: Db): Promise<number> {
  const rows = await db.until(within(lookLimit)).all<StaleRow>(queries.stale);
  for (const [enterpriseId, some] of Map.groupBy(rows, ({ enterprise_id }) => enterprise_id)) {
    await db.transaction(
      (transaction) =>
        summarize(
          transaction,
          enterpriseId,
          some.map(({ id }) => id),
        ),
      lookLimit,
    );
  }
  return rows.length;
}

async function summarize(transaction: Transaction, enterpriseId: string, ids: readonly string[]): Promise<void> {
  // Whoever writes locks it too.
  await firstRow(transaction, group.property, enterpriseId);
  const threads = await readGroupThreads(transaction, enterpriseId, ids);
  const stale = threads.filter(isStale);
  await Promise.all(stale.map((thread) => lookAt(transaction, thread)));
  await saveSummaries(transaction, stale);
}
