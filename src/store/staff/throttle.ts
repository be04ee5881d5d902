import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import { postgresOnly, query } from "../query.ts";
import type { StaffThrottleRow } from "../rows.ts";

/**
 * How often something went wrong lately, and when it did so last. What each number means is the business of the rule that
 * counts. The row means nothing from `expires` on.
 */
export type ThrottleRow = Omit<StaffThrottleRow, "digest">;

export const queries = {
  find: query<ThrottleRow, { digest: Uint8Array }>`
    SELECT failures, failed, expires FROM staff_throttle WHERE digest = :digest`,
  // Locks the row, also where there was none: of many tries at once, each sees those before it.
  lock: query<ThrottleRow, { digest: Uint8Array }>`
    INSERT INTO staff_throttle (digest, failures, failed, expires) VALUES (:digest, 0, 0, 0)
    ON CONFLICT (digest) DO UPDATE SET failures = staff_throttle.failures
    RETURNING failures, failed, expires`,
  set: query<never, { digest: Uint8Array; failures: number; failed: Microseconds; expires: Microseconds }>`
    UPDATE staff_throttle SET failures = :failures, failed = :failed, expires = :expires WHERE digest = :digest`,
  delete: query<never, { digest: Uint8Array }>`DELETE FROM staff_throttle WHERE digest = :digest`,
  // More than one try can add, so that the table holds no more than what has not expired.
  removeOld: query<never, { now: Microseconds }>`
    DELETE FROM staff_throttle WHERE digest IN (
      SELECT digest FROM staff_throttle WHERE expires <= :now ORDER BY expires LIMIT 8
      ${postgresOnly("FOR UPDATE SKIP LOCKED")}
    )`,
};

const none: ThrottleRow = { failures: 0, failed: 0, expires: 0 };

export async function findThrottle(reader: Reader, digest: Uint8Array): Promise<ThrottleRow> {
  return (await firstRow(reader, queries.find, { digest })) ?? none;
}

/** The same, locked until the transaction ends. */
export async function lockThrottle(transaction: Transaction, digest: Uint8Array): Promise<ThrottleRow> {
  return (await firstRow(transaction, queries.lock, { digest })) ?? none;
}

export async function setThrottle(transaction: Transaction, digest: Uint8Array, row: ThrottleRow): Promise<void> {
  await transaction.run(queries.set, { digest, ...row });
}

export async function deleteThrottle(transaction: Transaction, digest: Uint8Array): Promise<void> {
  await transaction.run(queries.delete, { digest });
}

/** Removes a few of the rows that have expired. */
export async function removeOldThrottles(transaction: Transaction, now: Microseconds): Promise<void> {
  await transaction.run(queries.removeOld, { now });
}
