import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Readers, type Transaction } from "../db.ts";
import type { PropertyScope } from "../scope.ts";

export interface SavedReplyRow {
  readonly id: string;
  readonly enterprise_id: string;
  readonly shortcut: string;
  readonly language_code: string;
  readonly text: string;
}

export const queries = {
  list: `
    SELECT reply.id, reply.enterprise_id, reply.shortcut, reply.language_code, reply.text
    FROM json_each(?1) AS scope
    CROSS JOIN saved_reply AS reply ON reply.enterprise_id = scope.value`,
  set: `
    INSERT INTO saved_reply (enterprise_id, shortcut, language_code, id, text, updated)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)
    ON CONFLICT (enterprise_id, shortcut, language_code)
    DO UPDATE SET text = excluded.text, updated = excluded.updated
    RETURNING id`,
  delete: "DELETE FROM saved_reply WHERE enterprise_id = ?1 AND id = ?2",
};

/** All of these properties, in no order. */
export function savedRepliesOf(readers: Readers, scope: PropertyScope): Promise<SavedReplyRow[]> {
  return readers.all<SavedReplyRow>(queries.list, JSON.stringify(scope.enterpriseIds));
}

/** Adds a reply, or changes the one of this property, shortcut and language. @returns it with the id that it has */
export async function saveReply(
  transaction: Transaction,
  reply: SavedReplyRow,
  now: Microseconds,
): Promise<SavedReplyRow> {
  const { enterprise_id, shortcut, language_code, id, text } = reply;
  const kept = await firstRow<{ id: string }>(
    transaction,
    queries.set,
    enterprise_id,
    shortcut,
    language_code,
    id,
    text,
    now,
  );
  return { ...reply, ...kept };
}

export async function deleteSavedReply(transaction: Transaction, enterpriseId: string, id: string): Promise<void> {
  await transaction.run(queries.delete, enterpriseId, id);
}
