import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";

/** How often something went wrong lately. What each number means is the business of the rule that counts. */
export interface ThrottleRow {
  readonly failures: number;
  /** When it went wrong last. */
  readonly failed: Microseconds;
  /** From when on the row means nothing. */
  readonly expires: Microseconds;
}

export const queries = {
  find: "SELECT failures, failed, expires FROM staff_throttle WHERE digest = ?1",
  // Locks the row, also where there was none: of many tries at once, each sees those before it.
  lock: `
    INSERT INTO staff_throttle (digest, failures, failed, expires) VALUES (?1, 0, 0, 0)
    ON CONFLICT (digest) DO UPDATE SET failures = staff_throttle.failures
    RETURNING failures, failed, expires`,
  set: "UPDATE staff_throttle SET failures = ?2, failed = ?3, expires = ?4 WHERE digest = ?1",
  delete: "DELETE FROM staff_throttle WHERE digest = ?1",
  // More than one try can add, so that the table holds no more than what has not expired.
  removeOld: `
    DELETE FROM staff_throttle WHERE digest IN (
      SELECT digest FROM staff_throttle WHERE expires <= ?1 ORDER BY expires LIMIT 8 /*! FOR UPDATE SKIP LOCKED */
    )`,
};

const none: ThrottleRow = { failures: 0, failed: 0, expires: 0 };

export async function findThrottle(reader: Reader, digest: Uint8Array): Promise<ThrottleRow> {
  return (await firstRow<ThrottleRow>(reader, queries.find, digest)) ?? none;
}

/** The same, locked until the transaction ends. */
export async function lockThrottle(transaction: Transaction, digest: Uint8Array): Promise<ThrottleRow> {
  return (await firstRow<ThrottleRow>(transaction, queries.lock, digest)) ?? none;
}

export async function setThrottle(transaction: Transaction, digest: Uint8Array, row: ThrottleRow): Promise<void> {
  await transaction.run(queries.set, digest, row.failures, row.failed, row.expires);
}

export async function deleteThrottle(transaction: Transaction, digest: Uint8Array): Promise<void> {
  await transaction.run(queries.delete, digest);
}

/** Removes a few of the rows that have expired. */
export async function removeOldThrottles(transaction: Transaction, now: Microseconds): Promise<void> {
  await transaction.run(queries.removeOld, now);
}
