import type { Microseconds } from "../../core/clock.ts";
import type { Reader } from "../db.ts";
import { firstRows, listsOf, mergedOrder, type Source } from "../lists/merged-lists.ts";
import { each, lateral, query, sql } from "../query.ts";
import type { PropertyLogRow, PropertyRow } from "../rows.ts";
import type { ClientScope } from "../scope.ts";

/** An entry of a property's log that its client is told of. */
export type LogEvent = Pick<PropertyLogRow, "created" | "enterprise_id" | "message_thread_id" | "message_id"> & {
  readonly kind: "MessageAdded" | "ThreadResolved" | "ThreadReopened";
};

/**
 * How much of each enterprise's log a reader has seen: the time of the last entry, which is unique within a log and in
 * its order. An enterprise that is missing has not been read at all. Since logs are read apart, it does not matter in
 * which order entries of several are committed, by how many processes, or with what clocks.
 */
export type LogPosition = ReadonlyMap<string, Microseconds>;

type LogBounds = { readonly clientId: string };

/** The log of an enterprise after a time. */
type Log = { readonly enterpriseId: string; readonly after: Microseconds };

const ofEnterprise: Source<LogEvent, LogBounds, Log> = {
  own: ["enterpriseId", "after"],
  select: sql`
    SELECT created, enterprise_id, kind, message_thread_id, message_id FROM property_log
    WHERE enterprise_id = :enterpriseId AND client_id = :clientId AND created > :after AND kind <> 'ThreadAdded'`,
};

export const sources = { ofEnterprise };

export const oldestFirst = mergedOrder<LogEvent>("created, enterprise_id", (a, b) => {
  if (a.created !== b.created) return a.created - b.created;
  return a.enterprise_id < b.enterprise_id ? -1 : 1;
});

export const queries = {
  ends: query<Pick<PropertyRow, "enterprise_id" | "created">, { readonly enterpriseIds: readonly string[] }>`
    SELECT property.enterprise_id, property.created FROM ${each("enterpriseIds", "scope")}
    ${lateral("property", "property", "property.enterprise_id = scope.value")}`,
};

/** The oldest `limit` events that the caller has not seen, oldest first. */
export function eventsAfter(
  reader: Reader,
  { clientId, enterpriseIds }: ClientScope,
  position: LogPosition,
  limit: number,
): Promise<LogEvent[]> {
  const logs = enterpriseIds.map((enterpriseId) => ({ enterpriseId, after: position.get(enterpriseId) ?? 0 }));
  return firstRows(reader, oldestFirst, [listsOf(ofEnterprise, logs)], { clientId }, limit);
}

/** The position after these events. */
export function positionAfter(position: LogPosition, events: readonly LogEvent[]): LogPosition {
  const next = new Map(position);
  for (const { enterprise_id, created } of events) next.set(enterprise_id, created);
  return next;
}

/** The end of each enterprise's log; one without any entry is missing. */
export async function logEnds(db: Reader, enterpriseIds: readonly string[]): Promise<LogPosition> {
  const rows = await db.all(queries.ends, { enterpriseIds });
  return new Map(rows.map(({ enterprise_id, created }) => [enterprise_id, created]));
}
