import type { Microseconds } from "../../core/clock.ts";
import { invalid } from "../../core/problem.ts";
import type { ItemKind } from "../../protocol/staff/threads.ts";
import type { Reader } from "../db.ts";

/** What happened in a thread. */
export type ItemRow = MessageRow | EntryRow;

/** A message, and the colleague who wrote it. */
export interface MessageRow {
  readonly created: Microseconds;
  /** The message as the Connector API answers it. */
  readonly document: string;
  readonly user_id: string | null;
}

/** An entry of the log that is no message. */
export interface EntryRow {
  readonly created: Microseconds;
  readonly document?: null;
  readonly sequence: number;
  readonly kind: ItemKind;
  readonly message_thread_id: string;
  readonly message_id: string | null;
  readonly user_id: string | null;
  readonly assignee_id: string | null;
  /** Of a note. */
  readonly text: string | null;
}

export const queries = {
  messages: `
    SELECT created, document, user_id FROM message
    WHERE enterprise_id = ?1 AND message_thread_id = ?2 AND created < ?3
    ORDER BY created DESC LIMIT ?4 + 0`,
  entries: `
    SELECT log.created, log.sequence, log.kind, log.message_thread_id, log.message_id, log.user_id, log.assignee_id,
      note.text
    FROM property_log AS log
    LEFT JOIN note ON note.enterprise_id = log.enterprise_id AND note.id = log.message_id
    WHERE log.enterprise_id = ?1 AND log.message_thread_id = ?2 AND log.created < ?3
      AND log.kind <> 'ThreadAdded' AND log.kind <> 'MessageAdded'
    ORDER BY log.created DESC LIMIT ?4 + 0`,
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
  const parameters = [thread.enterprise_id, thread.id, before, limit];
  const [messages, entries] = await Promise.all([
    reader.all<MessageRow>(queries.messages, ...parameters),
    reader.all<EntryRow>(queries.entries, ...parameters),
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
