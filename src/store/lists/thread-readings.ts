import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import type { InboxThreadRow } from "./inbox-threads.ts";

/** Whose eyes. */
export interface Person {
  readonly userId: string;
  /** What was said before they came is not unread to them. */
  readonly joined: Microseconds;
}

export const queries = {
  readings: `
    SELECT reading.message_thread_id, reading.position FROM json_each(?1) AS scope
    CROSS JOIN json_each(?2) AS wanted
    CROSS JOIN thread_reading AS reading ON reading.enterprise_id = scope.value
      AND reading.message_thread_id = wanted.value AND reading.user_id = ?3`,
  setReading: `
    INSERT INTO thread_reading (enterprise_id, message_thread_id, user_id, position) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (enterprise_id, message_thread_id, user_id) DO UPDATE SET position = excluded.position
    WHERE excluded.position = 0 OR excluded.position > thread_reading.position`,
  draft: "SELECT text FROM draft WHERE enterprise_id = ?1 AND message_thread_id = ?2 AND user_id = ?3",
  setDraft: `
    INSERT INTO draft (enterprise_id, message_thread_id, user_id, text, updated) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (enterprise_id, message_thread_id, user_id)
    DO UPDATE SET text = excluded.text, updated = excluded.updated`,
  forgetDraft: "DELETE FROM draft WHERE enterprise_id = ?1 AND message_thread_id = ?2 AND user_id = ?3",
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
  const rows = await reader.all<{ message_thread_id: string; position: number }>(
    queries.readings,
    JSON.stringify(enterpriseIds),
    JSON.stringify(candidates.map(({ id }) => id)),
    userId,
  );
  const positions = new Map(rows.map(({ message_thread_id, position }) => [message_thread_id, position]));
  const unread = candidates.filter(({ id, last_position }) => last_position > (positions.get(id) ?? 0));
  return new Set(unread.map(({ id }) => id));
}

/** A place in a thread's property, and a person. */
type Key = readonly [enterpriseId: string, messageThreadId: string, userId: string];

/** Never goes back, but to 0. */
export function setReading(transaction: Transaction, key: Key, position: number): Promise<void> {
  return transaction.run(queries.setReading, ...key, position);
}

/** What somebody has begun to write. */
export async function draftOf(reader: Reader, key: Key): Promise<string | null> {
  const row = await firstRow<{ text: string }>(reader, queries.draft, ...key);
  return row?.text ?? null;
}

/** An empty text forgets it. */
export function setDraft(transaction: Transaction, key: Key, text: string, now: Microseconds): Promise<void> {
  if (text === "") return transaction.run(queries.forgetDraft, ...key);
  return transaction.run(queries.setDraft, ...key, text, now);
}
