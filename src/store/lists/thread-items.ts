import type { Microseconds } from "../../core/clock.ts";
import { invalid } from "../../core/problem.ts";
import type { Reader } from "../db.ts";
import { query } from "../query.ts";
import type { MessageRow, NoteRow, PropertyLogRow } from "../rows.ts";

/** What happened in a thread. */
export type ItemRow = MessageItemRow | EntryRow;

/** A message, as the Connector API answers it, and the colleague who wrote it. */
export type MessageItemRow = Pick<MessageRow, "created" | "document" | "user_id">;

/** An entry of the log that is no message. */
export type EntryRow = Omit<PropertyLogRow, "enterprise_id" | "client_id"> & {
  readonly document?: null;
  /** Of a note. */
  readonly text: NoteRow["text"] | null;
};

/** The newest items of a thread before a time. */
type ItemBounds = {
  readonly enterpriseId: string;
  readonly threadId: string;
  readonly before: Microseconds;
  readonly limit: number;
};

export const queries = {
  messages: query<MessageItemRow, ItemBounds>`
    SELECT created, document, user_id FROM message
    WHERE enterprise_id = :enterpriseId AND message_thread_id = :threadId AND created < :before
    ORDER BY created DESC LIMIT :limit + 0`,
  entries: query<Omit<EntryRow, "document">, ItemBounds>`
    SELECT log.created, log.sequence, log.kind, log.message_thread_id, log.message_id, log.user_id, log.assignee_id,
      note.text
    FROM property_log AS log
    LEFT JOIN note ON note.enterprise_id = log.enterprise_id AND note.id = log.message_id
    WHERE log.enterprise_id = :enterpriseId AND log.message_thread_id = :threadId AND log.created < :before
      AND log.kind <> 'ThreadAdded' AND log.kind <> 'MessageAdded'
    ORDER BY log.created DESC LIMIT :limit + 0`,
};

export interface ItemPage {
  /** Oldest first. */
  readonly items: readonly ItemRow[];
  /** Where older ones begin; null when there are none. */
  readonly cursor: string | null;
}

/**
 * What happened in a thread: its newest items, or the newest before a cursor. The thread must be in the caller's scope.
 * @throws Problem (invalid) for a cursor that no page had
 */
export async function itemPage(
  reader: Reader,
  thread: { readonly enterprise_id: string; readonly id: string },
  limit: number,
  cursor?: string | null,
): Promise<ItemPage> {
  const before = cursor ? timeFrom(cursor) : Number.MAX_SAFE_INTEGER;
  const bounds = { enterpriseId: thread.enterprise_id, threadId: thread.id, before, limit };
  const [messages, entries] = await Promise.all([
    reader.all(queries.messages, bounds),
    reader.all(queries.entries, bounds),
  ]);
  const newest = [...messages, ...entries].sort((a, b) => b.created - a.created).slice(0, limit);
  const end = newest.at(-1);
  return {
    items: newest.toReversed(),
    cursor: end && newest.length === limit ? String(end.created) : null,
  };
}

function timeFrom(cursor: string): Microseconds {
  if (!/^\d{1,16}$/.test(cursor)) throw invalid("Limitation.Cursor is not one that this server has answered.");
  return Number(cursor);
}
