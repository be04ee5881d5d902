import { type Clock, hours, type Microseconds } from "../../core/clock.ts";
import { invalid } from "../../core/problem.ts";
import { framed } from "../../messaging/documents.ts";
import { firstRow, type Transaction } from "../db.ts";
import { query } from "../query.ts";
import type { IdempotencyKeyRow } from "../rows.ts";
import { compositeKey } from "./composite-key.ts";
import type { RoutedWrite } from "./route-writes.ts";
import type { Idempotency } from "./writes.ts";

/** How long an answer can be had again (contract, section 5). */
const keptFor = hours(24);

/** The answer is whole, as it was sent: during an upgrade, a server of the version before sends it as it stands here. */
type KeptAnswer = Pick<IdempotencyKeyRow, "created" | "body_digest" | "answer">;

/** The answers that the writes of a group may be repetitions of. */
export interface KeptAnswers {
  /**
   * The answer that the first request with the write's key got, if there was one in the last 24 hours.
   * @throws Problem (invalid) when that request had another body
   */
  find(write: RoutedWrite): string | undefined;
  /** Keeps the answer to a write for 24 hours. */
  keep(write: RoutedWrite, documents: readonly string[]): void;
  save(transaction: Transaction): Promise<void>;
}

type KeyColumns = {
  readonly enterpriseId: string;
  readonly clientId: string;
  readonly operation: string;
  readonly key: string;
};

export const queries = {
  find: query<KeptAnswer, KeyColumns>`
    SELECT created, body_digest, answer FROM idempotency_key
    WHERE enterprise_id = :enterpriseId AND client_id = :clientId AND operation = :operation AND key = :key`,
  keep: query<never, KeyColumns & KeptAnswer>`
    INSERT INTO idempotency_key (enterprise_id, client_id, operation, key, created, body_digest, answer)
    VALUES (:enterpriseId, :clientId, :operation, :key, :created, :body_digest, :answer)
    ON CONFLICT (enterprise_id, client_id, operation, key)
    DO UPDATE SET created = excluded.created, body_digest = excluded.body_digest, answer = excluded.answer`,
  // A few at a time: each kept key pays for the removal of old ones, and none waits for many.
  removeOld: query<never, { enterpriseId: string; before: Microseconds }>`
    DELETE FROM idempotency_key
    WHERE enterprise_id = :enterpriseId AND created <= (
      SELECT max(created) FROM (
        SELECT created FROM idempotency_key WHERE enterprise_id = :enterpriseId AND created < :before
        ORDER BY created LIMIT 8
      ) AS oldest)`,
};

interface Key {
  readonly columns: KeyColumns;
  readonly idempotency: Idempotency;
}

/** Reads the answers under the keys of the writes. The lock of their properties keeps other writers from adding any. */
export async function keptAnswers(
  transaction: Transaction,
  clock: Clock,
  writes: readonly RoutedWrite[],
): Promise<KeptAnswers> {
  const keys = writes.map(keyOf).filter((key) => key !== undefined);
  const rows = await Promise.all(keys.map(({ columns }) => firstRow(transaction, queries.find, columns)));
  const answers = new Map(keys.map(({ columns }, index) => [nameOf(columns), rows[index]]));
  const added = new Map<string, KeyColumns>();

  return {
    find: (write) => {
      const key = keyOf(write);
      const kept = key && answers.get(nameOf(key.columns));
      if (!kept || kept.created < clock() - keptFor) return undefined;
      if (Buffer.compare(kept.body_digest, key.idempotency.bodyDigest) !== 0) {
        throw invalid("Idempotency-Key was used within the last 24 hours with another body.");
      }
      return kept.answer;
    },
    keep: (write, documents) => {
      const key = keyOf(write);
      if (!key) return;
      const { bodyDigest, frame } = key.idempotency;
      const name = nameOf(key.columns);
      answers.set(name, { created: clock(), body_digest: bodyDigest, answer: framed(frame, documents) });
      added.set(name, key.columns);
    },
    save: async (transaction) => {
      for (const [name, columns] of added) {
        const kept = answers.get(name);
        if (!kept) continue;
        await transaction.run(queries.removeOld, {
          enterpriseId: columns.enterpriseId,
          before: kept.created - keptFor,
        });
        await transaction.run(queries.keep, { ...columns, ...kept });
      }
    },
  };
}

function keyOf({ scope, idempotency, owner }: RoutedWrite): Key | undefined {
  if (!idempotency || scope.clientId === null) return undefined;
  const { operation, key } = idempotency;
  return { columns: { enterpriseId: owner, clientId: scope.clientId, operation, key }, idempotency };
}

function nameOf({ enterpriseId, clientId, operation, key }: KeyColumns): string {
  return compositeKey(enterpriseId, clientId, operation, key);
}
