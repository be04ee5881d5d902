import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Reader } from "../db.ts";
import type { ItemRow, MessageItemRow } from "../lists/thread-items.ts";
import { query } from "../query.ts";
import type { NoteRow } from "../rows.ts";
import type { SearchMatch } from "./matches.ts";

export const queries = {
  message: query<
    MessageItemRow,
    { readonly enterpriseId: string; readonly threadId: string; readonly created: Microseconds }
  >`
    SELECT created, document, user_id FROM message
    WHERE enterprise_id = :enterpriseId AND message_thread_id = :threadId AND created = :created`,
  note: query<Omit<NoteRow, "enterprise_id">, { readonly enterpriseId: string; readonly id: string | null }>`
    SELECT id, message_thread_id, user_id, created, text FROM note
    WHERE enterprise_id = :enterpriseId AND id = :id`,
};

/** The message or the note of a match; `undefined` for the beginning of a thread. */
export async function matchedItem(reader: Reader, match: SearchMatch): Promise<ItemRow | undefined> {
  const { enterprise_id: enterpriseId, message_thread_id: threadId, message_id: id, created, kind } = match;
  if (kind === "MessageAdded") return firstRow(reader, queries.message, { enterpriseId, threadId, created });
  if (kind === "ThreadAdded") return undefined;
  const row = await firstRow(reader, queries.note, { enterpriseId, id });
  return row && { ...row, message_id: row.id, sequence: 0, kind: "NoteAdded", assignee_id: null };
}
