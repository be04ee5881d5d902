import { within } from "../../core/deadline.ts";
import type { Db, Transaction } from "../db.ts";
import { indexedBy, query } from "../query.ts";
import type { MessageThreadRow } from "../rows.ts";
import { lockLogs } from "./log-ends.ts";
import { recomputeSummary } from "./recompute-summary.ts";
import { isStale, readThreads, saveSummaries } from "./thread-rows.ts";

/** How many threads share a transaction, so that no writer waits for long. */
const maxThreads = 50;

/**
 * How long a statement may take, in milliseconds. While a migration holds a table, a statement that waits for it would
 * hold up every writer behind it.
 */
const statementLimit = 3000;

export const queries = {
  // The index has no other rows than these.
  stale: query<Pick<MessageThreadRow, "enterprise_id" | "id">>`
    SELECT enterprise_id, id FROM message_thread ${indexedBy("message_thread_unsummarized")}
    WHERE summarized <> updated LIMIT ${maxThreads}`,
};

/**
 * Summarizes some threads that were changed without it: before there were summaries, or by a server of a version that
 * has none.
 * @returns how many there were
 */
export async function summarizeSome(db: Db): Promise<number> {
  const rows = await db.until(within(statementLimit)).all(queries.stale);
  for (const [enterpriseId, threads] of Map.groupBy(rows, ({ enterprise_id }) => enterprise_id)) {
    const ids = threads.map(({ id }) => id);
    await db.transaction((transaction) => summarize(transaction, enterpriseId, ids), statementLimit);
  }
  return rows.length;
}

async function summarize(transaction: Transaction, enterpriseId: string, ids: readonly string[]): Promise<void> {
  // A server that writes to the property takes this lock too.
  await lockLogs(transaction, [enterpriseId]);
  const threads = await readThreads(transaction, enterpriseId, ids);
  const stale = threads.filter(isStale);
  await saveSummaries(transaction, await Promise.all(stale.map((thread) => recomputeSummary(transaction, thread))));
}
