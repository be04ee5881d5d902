import type { Microseconds } from "../../core/clock.ts";
import type { ItemKind } from "../../protocol/staff/threads.ts";
import type { Reader } from "../db.ts";
import type { PropertyScope } from "../scope.ts";

/** An entry of a property's log, as its own people see it. */
export interface LogRow {
  readonly enterprise_id: string;
  readonly sequence: number;
  readonly created: Microseconds;
  readonly kind: ItemKind;
  readonly message_thread_id: string;
  readonly message_id: string | null;
  readonly user_id: string | null;
  readonly assignee_id: string | null;
  /** The message as the API answers it, where it is one. */
  readonly document: string | null;
  /** Of a note. */
  readonly text: string | null;
}

/** New entries of a property's log. */
export interface LogChange {
  readonly enterpriseId: string;
  /** The client that they are announced to; the identifier of zeros when no client learns of them. */
  readonly clientId: string;
  /** The time of the first one. */
  readonly created: Microseconds;
}

/** For each property the number of the last entry that a reader has seen. */
export type LogNumbers = ReadonlyMap<string, number>;

export const queries = {
  ends: `
    SELECT property.enterprise_id, property.sequence FROM json_each(?1) AS scope
    CROSS JOIN property ON property.enterprise_id = scope.value`,
  entries: `
    SELECT log.enterprise_id, log.sequence, log.created, log.kind, log.message_thread_id, log.message_id, log.user_id,
      log.assignee_id, message.document, note.text
    FROM property_log AS log
    LEFT JOIN message ON message.enterprise_id = log.enterprise_id AND message.id = log.message_id
    LEFT JOIN note ON note.enterprise_id = log.enterprise_id AND note.id = log.message_id
    WHERE log.enterprise_id = ?1 AND log.sequence > ?2
    ORDER BY log.sequence LIMIT ?3 + 0`,
};

/** The number of the last entry of each property in scope; 0 where nothing has happened yet. */
export async function logNumbers(reader: Reader, { enterpriseIds }: PropertyScope): Promise<LogNumbers> {
  const rows = await reader.all<{ enterprise_id: string; sequence: number }>(
    queries.ends,
    JSON.stringify(enterpriseIds),
  );
  const ends = new Map(rows.map(({ enterprise_id, sequence }) => [enterprise_id, sequence]));
  return new Map(enterpriseIds.map((id) => [id, ends.get(id) ?? 0]));
}

/** The first `limit` entries of a property's log after a number. */
export function entriesAfter(reader: Reader, enterpriseId: string, after: number, limit: number): Promise<LogRow[]> {
  return reader.all<LogRow>(queries.entries, enterpriseId, after, limit);
}
