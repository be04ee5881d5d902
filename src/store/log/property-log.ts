import type { Microseconds } from "../../core/clock.ts";
import type { Reader } from "../db.ts";
import { each, lateral, query } from "../query.ts";
import type { MessageRow, NoteRow, PropertyLogRow, PropertyRow } from "../rows.ts";
import type { PropertyScope } from "../scope.ts";

/** An entry of a property's log, as its own people see it. */
export type LogRow = Omit<PropertyLogRow, "client_id"> & {
  /** The message as the API answers it, where it is one. */
  readonly document: MessageRow["document"] | null;
  /** Of a note. */
  readonly text: NoteRow["text"] | null;
};

/** New entries of a property's log. */
export type LogChange = {
  readonly enterpriseId: string;
  /** The client that they are announced to; the identifier of zeros when no client learns of them. */
  readonly clientId: string;
  /** The time of the first one. */
  readonly created: Microseconds;
};

/** For each property the number of the last entry that a reader has seen. */
export type LogNumbers = ReadonlyMap<string, number>;

export const queries = {
  ends: query<Pick<PropertyRow, "enterprise_id" | "sequence">, { readonly enterpriseIds: readonly string[] }>`
    SELECT property.enterprise_id, property.sequence FROM ${each("enterpriseIds", "scope")}
    ${lateral("property", "property", "property.enterprise_id = scope.value")}`,
  entries: query<LogRow, { readonly enterpriseId: string; readonly after: number; readonly limit: number }>`
    SELECT log.enterprise_id, log.sequence, log.created, log.kind, log.message_thread_id, log.message_id, log.user_id,
      log.assignee_id, message.document, note.text
    FROM property_log AS log
    LEFT JOIN message ON message.enterprise_id = log.enterprise_id AND message.id = log.message_id
    LEFT JOIN note ON note.enterprise_id = log.enterprise_id AND note.id = log.message_id
    WHERE log.enterprise_id = :enterpriseId AND log.sequence > :after
    ORDER BY log.sequence LIMIT :limit + 0`,
};

/** The number of the last entry of each property in scope; 0 where nothing has happened yet. */
export async function logNumbers(reader: Reader, { enterpriseIds }: PropertyScope): Promise<LogNumbers> {
  const rows = await reader.all(queries.ends, { enterpriseIds });
  const ends = new Map(rows.map(({ enterprise_id, sequence }) => [enterprise_id, sequence]));
  return new Map(enterpriseIds.map((id) => [id, ends.get(id) ?? 0]));
}

/** The first `limit` entries of a property's log after a number. */
export function entriesAfter(reader: Reader, enterpriseId: string, after: number, limit: number): Promise<LogRow[]> {
  return reader.all(queries.entries, { enterpriseId, after, limit });
}
