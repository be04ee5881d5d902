import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Readers, type Transaction } from "../db.ts";
import { each, lateral, query } from "../query.ts";
import type { SavedReplyRow as StoredReplyRow } from "../rows.ts";
import type { PropertyScope } from "../scope.ts";

export type SavedReplyRow = Omit<StoredReplyRow, "updated">;

export const queries = {
  list: query<SavedReplyRow, { enterpriseIds: readonly string[] }>`
    SELECT reply.id, reply.enterprise_id, reply.shortcut, reply.language_code, reply.text
    FROM ${each("enterpriseIds", "scope")}
    ${lateral("saved_reply", "reply", "reply.enterprise_id = scope.value")}`,
  set: query<
    Pick<SavedReplyRow, "id">,
    { enterpriseId: string; shortcut: string; languageCode: string; id: string; text: string; updated: Microseconds }
  >`
    INSERT INTO saved_reply (enterprise_id, shortcut, language_code, id, text, updated)
    VALUES (:enterpriseId, :shortcut, :languageCode, :id, :text, :updated)
    ON CONFLICT (enterprise_id, shortcut, language_code)
    DO UPDATE SET text = excluded.text, updated = excluded.updated
    RETURNING id`,
  delete: query<never, { enterpriseId: string; id: string }>`
    DELETE FROM saved_reply WHERE enterprise_id = :enterpriseId AND id = :id`,
};

/** All of these properties, in no order. */
export function savedRepliesOf(readers: Readers, { enterpriseIds }: PropertyScope): Promise<SavedReplyRow[]> {
  return readers.all(queries.list, { enterpriseIds });
}

/** Adds a reply, or changes the one of this property, shortcut and language. @returns it with the id that it has */
export async function saveReply(
  transaction: Transaction,
  reply: SavedReplyRow,
  now: Microseconds,
): Promise<SavedReplyRow> {
  const { enterprise_id: enterpriseId, shortcut, language_code: languageCode, id, text } = reply;
  const values = { enterpriseId, shortcut, languageCode, id, text, updated: now };
  const kept = await firstRow(transaction, queries.set, values);
  return { ...reply, ...kept };
}

export async function deleteSavedReply(transaction: Transaction, enterpriseId: string, id: string): Promise<void> {
  await transaction.run(queries.delete, { enterpriseId, id });
}
