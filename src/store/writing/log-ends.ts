import type { Microseconds } from "../../core/clock.ts";
import type { LogEnd } from "../../messaging/log.ts";
import { firstRow, type Transaction } from "../db.ts";
import { postgresOnly, query } from "../query.ts";

export const queries = {
  lock: query<LogEnd, { enterpriseId: string }>`
    SELECT sequence, created FROM property WHERE enterprise_id = :enterpriseId ${postgresOnly("FOR UPDATE")}`,
  begin: query<never, { enterpriseId: string }>`
    INSERT INTO property (enterprise_id, sequence, created) VALUES (:enterpriseId, 0, 0)
    ON CONFLICT (enterprise_id) DO NOTHING`,
  save: query<never, { enterpriseId: string; sequence: number; created: Microseconds }>`
    UPDATE property SET sequence = :sequence, created = :created WHERE enterprise_id = :enterpriseId`,
};

/**
 * Locks the logs of properties against other writers. A property without any entry has no row, so that its log is missing
 * here and not locked.
 * @param enterpriseIds  in the same order in every transaction, so that two of them never wait for each other
 * @returns where each log ends
 */
export async function lockLogs(
  transaction: Transaction,
  enterpriseIds: readonly string[],
): Promise<Map<string, LogEnd>> {
  const rows = await Promise.all(
    enterpriseIds.map((enterpriseId) => firstRow(transaction, queries.lock, { enterpriseId })),
  );
  return new Map(enterpriseIds.flatMap((id, index) => (rows[index] ? [[id, rows[index]] as const] : [])));
}

/** Begins the log of a property, unless another transaction has done so. */
export async function beginLog(transaction: Transaction, enterpriseId: string): Promise<void> {
  await transaction.run(queries.begin, { enterpriseId });
}

export async function saveLogEnd(
  transaction: Transaction,
  enterpriseId: string,
  { sequence, created }: LogEnd,
): Promise<void> {
  await transaction.run(queries.save, { enterpriseId, sequence, created });
}
