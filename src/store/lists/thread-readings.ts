import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import { each, lateral, query } from "../query.ts";
import type { DraftRow, ThreadReadingRow } from "../rows.ts";
import type { InboxThreadRow } from "./inbox-threads.ts";

/** The colleague for whom "unread" is found out. */
export interface Person {
  readonly userId: string;
  /** When they were added. What was said before is not unread to them. */
  readonly joined: Microseconds;
}

/** A thread of a property, and a person. */
type Key = { readonly enterpriseId: string; readonly threadId: string; readonly userId: string };

export const queries = {
  readings: query<
    Pick<ThreadReadingRow, "message_thread_id" | "position">,
    { readonly enterpriseIds: readonly string[]; readonly ids: readonly string[]; readonly userId: string }
  >`
    SELECT reading.message_thread_id, reading.position FROM ${each("enterpriseIds", "scope")}
    CROSS JOIN ${each("ids", "wanted")}
    ${lateral(
      "thread_reading",
      "reading",
      `reading.enterprise_id = scope.value AND reading.message_thread_id = wanted.value AND reading.user_id = :userId`,
    )}`,
  setReading: query<never, Key & { readonly position: number }>`
    INSERT INTO thread_reading (enterprise_id, message_thread_id, user_id, position)
    VALUES (:enterpriseId, :threadId, :userId, :position)
    ON CONFLICT (enterprise_id, message_thread_id, user_id) DO UPDATE SET position = excluded.position
    WHERE excluded.position = 0 OR excluded.position > thread_reading.position`,
  draft: query<Pick<DraftRow, "text">, Key>`
    SELECT text FROM draft
    WHERE enterprise_id = :enterpriseId AND message_thread_id = :threadId AND user_id = :userId`,
  setDraft: query<never, Key & { readonly text: string; readonly updated: Microseconds }>`
    INSERT INTO draft (enterprise_id, message_thread_id, user_id, text, updated)
    VALUES (:enterpriseId, :threadId, :userId, :text, :updated)
    ON CONFLICT (enterprise_id, message_thread_id, user_id)
    DO UPDATE SET text = excluded.text, updated = excluded.updated`,
  deleteDraft: query<never, Key>`
    DELETE FROM draft WHERE enterprise_id = :enterpriseId AND message_thread_id = :threadId AND user_id = :userId`,
};

/** Which of the threads have something of the guest's that a person has not seen. */
export async function unreadAmong(
  reader: Reader,
  { userId, joined }: Person,
  threads: readonly InboxThreadRow[],
): Promise<ReadonlySet<string>> {
  const candidates = threads.filter(
    ({ last_sender, last_position, updated }) => last_sender !== "Enterprise" && last_position > 0 && updated > joined,
  );
  if (candidates.length === 0) return new Set();
  const enterpriseIds = [...new Set(candidates.map(({ enterprise_id }) => enterprise_id))];
  const ids = candidates.map(({ id }) => id);
  const rows = await reader.all(queries.readings, { enterpriseIds, ids, userId });
  const positions = new Map(rows.map(({ message_thread_id, position }) => [message_thread_id, position]));
  const unread = candidates.filter(({ id, last_position }) => last_position > (positions.get(id) ?? 0));
  return new Set(unread.map(({ id }) => id));
}

/** How far a person has read a thread. It only goes on, but for 0, which makes all of it unread again. */
export function setReading(transaction: Transaction, key: Key, position: number): Promise<void> {
  return transaction.run(queries.setReading, { ...key, position });
}

/** What a person has begun to write in a thread, if anything. */
export async function draftOf(reader: Reader, key: Key): Promise<string | null> {
  const row = await firstRow(reader, queries.draft, key);
  return row?.text ?? null;
}

/** Keeps what a person has begun to write. An empty text deletes it. */
export function setDraft(transaction: Transaction, key: Key, text: string, now: Microseconds): Promise<void> {
  if (text === "") return transaction.run(queries.deleteDraft, key);
  return transaction.run(queries.setDraft, { ...key, text, updated: now });
}
