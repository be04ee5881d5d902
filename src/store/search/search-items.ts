import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Reader } from "../db.ts";
import type { ItemRow, MessageRow } from "../lists/thread-items.ts";
import type { SearchMatch } from "./matches.ts";

interface NoteRow {
  readonly id: string;
  readonly message_thread_id: string;
  readonly user_id: string;
  readonly created: Microseconds;
  readonly text: string;
}

export const queries = {
  message: `
    SELECT created, document, user_id FROM message
    WHERE enterprise_id = ?1 AND message_thread_id = ?2 AND created = ?3`,
  note: "SELECT id, message_thread_id, user_id, created, text FROM note WHERE enterprise_id = ?1 AND id = ?2",
};

/** The message or the note of a match; `undefined` for the beginning of a thread. */
export async function matchedItem(reader: Reader, match: SearchMatch): Promise<ItemRow | undefined> {
  const { enterprise_id, message_thread_id, message_id, created, kind } = match;
  if (kind === "MessageAdded") {
    return firstRow<MessageRow>(reader, queries.message, enterprise_id, message_thread_id, created);
  }
  if (kind === "ThreadAdded") return undefined;
  const row = await firstRow<NoteRow>(reader, queries.note, enterprise_id, message_id);
  return row && { ...row, message_id: row.id, sequence: 0, kind: "NoteAdded", assignee_id: null };
}
