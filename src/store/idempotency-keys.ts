import { type Clock, microsecondsPerSecond } from "../clock.ts";
import { invalid } from "../errors.ts";
import { first, type Transaction } from "./db.ts";

/** How long an answer can be had again (contract, section 5). */
const keptFor = 24 * 60 * 60 * microsecondsPerSecond;

/** A request that may be repeated: its key, a digest of what it asks, and how its answer is made. */
export interface Idempotency {
  readonly operation: string;
  readonly key: string;
  /** SHA-256 of the body as parsed, without credentials. */
  readonly bodyDigest: Uint8Array;
  readonly answer: (documents: readonly string[]) => string;
}

interface Owner {
  readonly enterpriseId: string;
  readonly clientId: string;
}

export const queries = {
  find: `
    SELECT created, body_digest, answer FROM idempotency_key
    WHERE enterprise_id = ?1 AND client_id = ?2 AND operation = ?3 AND key = ?4`,
  keep: `
    INSERT INTO idempotency_key (enterprise_id, client_id, operation, key, created, body_digest, answer)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
    ON CONFLICT (enterprise_id, client_id, operation, key)
    DO UPDATE SET created = excluded.created, body_digest = excluded.body_digest, answer = excluded.answer`,
  // A few at a time: each kept key pays for the removal of old ones, and none waits for many.
  removeOld: `
    DELETE FROM idempotency_key
    WHERE enterprise_id = ?1 AND (enterprise_id, client_id, operation, key) IN (
      SELECT enterprise_id, client_id, operation, key FROM idempotency_key
      WHERE enterprise_id = ?1 AND created < ?2 ORDER BY created LIMIT 8)`,
};

/**
 * The answer that the first request with this key got, if there was one in the last 24 hours.
 * @throws Problem (invalid) when that request had another body
 */
export async function findAnswer(
  transaction: Transaction,
  clock: Clock,
  { enterpriseId, clientId }: Owner,
  { operation, key, bodyDigest }: Idempotency,
): Promise<string | undefined> {
  const kept = await first<{ created: number; body_digest: Uint8Array; answer: string }>(
    transaction,
    queries.find,
    enterpriseId,
    clientId,
    operation,
    key,
  );
  if (!kept || kept.created < clock() - keptFor) return undefined;
  if (Buffer.compare(kept.body_digest, bodyDigest) !== 0) {
    throw invalid("Idempotency-Key was used within the last 24 hours with another body.");
  }
  return kept.answer;
}

/** Keeps the answer for 24 hours, in the transaction that stores what it speaks of. */
export async function keepAnswer(
  transaction: Transaction,
  clock: Clock,
  { enterpriseId, clientId }: Owner,
  { operation, key, bodyDigest, answer }: Idempotency,
  documents: readonly string[],
): Promise<void> {
  const now = clock();
  await transaction.run(queries.removeOld, enterpriseId, now - keptFor);
  await transaction.run(queries.keep, enterpriseId, clientId, operation, key, now, bodyDigest, answer(documents));
}
