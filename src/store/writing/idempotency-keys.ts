import { type Clock, hours, type Microseconds } from "../../core/clock.ts";
import { invalid } from "../../core/problem.ts";
import { firstRow, type Transaction } from "../db.ts";
import { keyOf, type LocatedWrite } from "./located-writes.ts";

/** How long an answer can be had again (contract, section 5). */
const keptFor = hours(24);

/** A request that may be repeated: its key, a digest of what it asks, and how its answer is made. */
export interface Idempotency {
  readonly operation: string;
  readonly key: string;
  /** SHA-256 of the body as parsed, without credentials. */
  readonly bodyDigest: Uint8Array;
  readonly answer: (documents: readonly string[]) => string;
}

interface KeptAnswer {
  readonly created: Microseconds;
  readonly body_digest: Uint8Array;
  readonly answer: string;
}

/** The answers that the writes of a group may be repetitions of. */
export interface KeptAnswers {
  /**
   * The answer that the first request with the write's key got, if there was one in the last 24 hours.
   * @throws Problem (invalid) when that request had another body
   */
  find(located: LocatedWrite): string | undefined;
  /** Keeps the answer to a write for 24 hours. */
  keep(located: LocatedWrite, documents: readonly string[]): void;
  save(transaction: Transaction): Promise<void>;
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
    WHERE enterprise_id = ?1 AND created <= (
      SELECT max(created) FROM (
        SELECT created FROM idempotency_key WHERE enterprise_id = ?1 AND created < ?2 ORDER BY created LIMIT 8
      ) AS oldest)`,
};

/** A key belongs to a client at a property. */
interface Key {
  readonly columns: readonly [enterpriseId: string, clientId: string, operation: string, key: string];
  readonly idempotency: Idempotency;
}

/** Reads the answers under the keys of the writes; the lock of their properties keeps everybody else from adding any. */
export async function keptAnswers(
  transaction: Transaction,
  clock: Clock,
  writes: readonly LocatedWrite[],
): Promise<KeptAnswers> {
  const keys = writes.map(keyOfWrite).filter((key) => key !== undefined);
  const rows = await Promise.all(
    keys.map(({ columns }) => firstRow<KeptAnswer>(transaction, queries.find, ...columns)),
  );
  const answers = new Map(keys.map(({ columns }, index) => [keyOf(...columns), rows[index]]));
  const added = new Map<string, Key>();

  return {
    find: (located) => {
      const key = keyOfWrite(located);
      const kept = key && answers.get(keyOf(...key.columns));
      if (!kept || kept.created < clock() - keptFor) return undefined;
      if (Buffer.compare(kept.body_digest, key.idempotency.bodyDigest) !== 0) {
        throw invalid("Idempotency-Key was used within the last 24 hours with another body.");
      }
      return kept.answer;
    },
    keep: (located, documents) => {
      const key = keyOfWrite(located);
      if (!key) return;
      const { bodyDigest, answer } = key.idempotency;
      answers.set(keyOf(...key.columns), { created: clock(), body_digest: bodyDigest, answer: answer(documents) });
      added.set(keyOf(...key.columns), key);
    },
    save: async (transaction) => {
      for (const [name, { columns }] of added) {
        const kept = answers.get(name);
        if (!kept) continue;
        await transaction.run(queries.removeOld, columns[0], kept.created - keptFor);
        await transaction.run(queries.keep, ...columns, kept.created, kept.body_digest, kept.answer);
      }
    },
  };
}

function keyOfWrite({ write, owner }: LocatedWrite): Key | undefined {
  if (write.kind !== "openThread" && write.kind !== "addMessages") return undefined;
  if (!write.idempotency || write.scope.clientId === null) return undefined;
  const { operation, key } = write.idempotency;
  return { columns: [owner, write.scope.clientId, operation, key], idempotency: write.idempotency };
}
