import type { LogEnd } from "../../messaging/log.ts";
import { firstRow, type Transaction } from "../db.ts";

export const queries = {
  lock: "SELECT sequence, created FROM property WHERE enterprise_id = ?1 /*! FOR UPDATE */",
  begin: `
    INSERT INTO property (enterprise_id, sequence, created) VALUES (?1, 0, 0) ON CONFLICT (enterprise_id) DO NOTHING`,
  save: "UPDATE property SET sequence = ?2, created = ?3 WHERE enterprise_id = ?1",
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
  const rows = await Promise.all(enterpriseIds.map((id) => firstRow<LogEnd>(transaction, queries.lock, id)));
  return new Map(enterpriseIds.flatMap((id, index) => (rows[index] ? [[id, rows[index]] as const] : [])));
}

/** Begins the log of a property, unless another transaction has done so. */
export async function beginLog(transaction: Transaction, enterpriseId: string): Promise<void> {
  await transaction.run(queries.begin, enterpriseId);
}

export async function saveLogEnd(
  transaction: Transaction,
  enterpriseId: string,
  { sequence, created }: LogEnd,
): Promise<void> {
  await transaction.run(queries.save, enterpriseId, sequence, created);
}
