import type { Microseconds } from "../../core/clock.ts";
import type { Reader } from "../db.ts";
import {
  inStatements,
  mergedQuery,
  parametersOf,
  rememberedQuery,
  type Source,
  shapeOf,
} from "../lists/merged-lists.ts";
import type { ClientScope } from "../scope.ts";

/** An entry of a property's log that its client is told of. */
export interface LogEvent {
  readonly created: Microseconds;
  readonly enterprise_id: string;
  readonly kind: "MessageAdded" | "ThreadResolved" | "ThreadReopened";
  readonly message_thread_id: string;
  readonly message_id: string | null;
}

/**
 * How much of each enterprise's log a reader has seen: the time of the last entry, which is unique within a log and in
 * its order. An enterprise that is missing has not been read at all. Since logs are read apart, it does not matter in
 * which order entries of several are committed, by how many processes, or with what clocks.
 */
export type LogPosition = ReadonlyMap<string, Microseconds>;

const ofEnterprise: Source = ([clientId], [enterpriseId, after]) => `
  SELECT created, enterprise_id, kind, message_thread_id, message_id FROM property_log
  WHERE enterprise_id = ${enterpriseId} AND client_id = ${clientId} AND created > ${after} AND kind <> 'ThreadAdded'`;

export const sources = { ofEnterprise };

export const oldestFirst = rememberedQuery((source, shape) => mergedQuery(source, shape, "created, enterprise_id"));

export const queries = {
  ends: `
    SELECT property.enterprise_id, property.created FROM json_each(?1) AS scope
    CROSS JOIN property ON property.enterprise_id = scope.value`,
};

/** The oldest `limit` events that the caller has not seen, oldest first. */
export async function eventsAfter(
  reader: Reader,
  scope: ClientScope,
  position: LogPosition,
  limit: number,
): Promise<LogEvent[]> {
  const shared = [scope.clientId];
  const own = scope.enterpriseIds.map((enterpriseId) => [enterpriseId, position.get(enterpriseId) ?? 0]);
  let oldest: LogEvent[] = [];
  const statements = inStatements({ source: ofEnterprise, own });
  for (const some of statements) {
    const query = oldestFirst(some.source, shapeOf(shared, some));
    const events = await reader.all<LogEvent>(query, ...parametersOf(shared, some, limit));
    oldest = statements.length === 1 ? events : [...oldest, ...events].sort(olderFirst).slice(0, limit);
  }
  return oldest;
}

function olderFirst(a: LogEvent, b: LogEvent): number {
  if (a.created !== b.created) return a.created - b.created;
  return a.enterprise_id < b.enterprise_id ? -1 : 1;
}

/** The position after these events. */
export function positionAfter(position: LogPosition, events: readonly LogEvent[]): LogPosition {
  const next = new Map(position);
  for (const { enterprise_id, created } of events) next.set(enterprise_id, created);
  return next;
}

/** The end of each enterprise's log; one without any entry is missing. */
export async function logEnds(db: Reader, enterpriseIds: readonly string[]): Promise<LogPosition> {
  const rows = await db.all<{ enterprise_id: string; created: Microseconds }>(
    queries.ends,
    JSON.stringify(enterpriseIds),
  );
  return new Map(rows.map(({ enterprise_id, created }) => [enterprise_id, created]));
}
