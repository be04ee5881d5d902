import { days, hours, type Microseconds } from "../../core/clock.ts";
import { always, type TimeRange } from "../../protocol/connector/interval.ts";
import { firstRow, type Reader, type Readers, type Value } from "../db.ts";
import type { ClientScope, Scope } from "../scope.ts";
import type { Source } from "./merged-lists.ts";
import { boundsOf, newestFirst, type Page, type Place, readPage } from "./newest-first.ts";

/** Which threads a list has; all given filters hold together. */
export interface ThreadFilter {
  readonly ids?: readonly string[] | undefined;
  readonly created?: TimeRange | undefined;
  readonly updated?: TimeRange | undefined;
}

export interface ThreadRow {
  readonly enterprise_id: string;
  readonly client_id: string;
  readonly created: Microseconds;
  readonly id: string;
  readonly updated: Microseconds;
  readonly is_resolved: 0 | 1;
  readonly document: string;
}

/** Of `thread`. Named one by one: a server whose statements are prepared outlives a migration that adds to the table. */
export const threadColumns = `
  thread.enterprise_id, thread.client_id, thread.created, thread.id, thread.updated, thread.is_resolved,
  thread.document`;

const day = days(1);
const hour = hours(1);

const byCreation: Source = ([clientId, from, created, enterprise], [enterpriseId]) => `
  SELECT created, enterprise_id, document FROM message_thread
  WHERE enterprise_id = ${enterpriseId} AND client_id = ${clientId}
    AND created >= ${from} AND (created, enterprise_id) < (${created}, ${enterprise})`;

function byUpdate(index: string, unit: number): Source {
  return ([clientId, from, created, enterprise, updatedFrom, updatedTo], [enterpriseId, bucket]) => `
  SELECT created, enterprise_id, document FROM message_thread INDEXED BY ${index}
  WHERE enterprise_id = ${enterpriseId} AND client_id = ${clientId} AND updated / ${unit} = ${bucket}
    AND created >= ${from} AND (created, enterprise_id) < (${created}, ${enterprise})
    AND updated >= ${updatedFrom} AND updated < ${updatedTo}`;
}

const dayIndex = "message_thread_by_update_day";
const hourIndex = "message_thread_by_update_hour";
const byUpdateDay = byUpdate(dayIndex, day);
const byUpdateHour = byUpdate(hourIndex, hour);

/** Finds the days, or hours, of a range that have updates at all, by a jump of the index from each to the next. */
function usedBuckets(index: string, unit: number): string {
  const next = (enterprise: string, from: string) => `(
    SELECT updated / ${unit} FROM message_thread INDEXED BY ${index}
    WHERE enterprise_id = ${enterprise} AND client_id = ?2 AND updated / ${unit} >= ${from} AND updated / ${unit} < ?4
    ORDER BY updated / ${unit} LIMIT 1)`;
  return `
    WITH RECURSIVE used (enterprise_id, bucket) AS (
      SELECT scope.value, ${next("scope.value", "?3")} FROM json_each(?1) AS scope
      UNION ALL
      SELECT used.enterprise_id, ${next("used.enterprise_id", "used.bucket + 1")} FROM used
      WHERE used.bucket IS NOT NULL
    )
    SELECT enterprise_id, bucket FROM used WHERE bucket IS NOT NULL`;
}

export const sources = { byCreation, byUpdateDay, byUpdateHour };

export const queries = {
  usedDays: usedBuckets(dayIndex, day),
  usedHours: usedBuckets(hourIndex, hour),
  find: `
    SELECT ${threadColumns} FROM json_each(?1) AS scope
    CROSS JOIN message_thread AS thread ON thread.enterprise_id = scope.value AND thread.id = ?2
    WHERE thread.client_id = ?3 OR ?3 IS NULL
    LIMIT 1`,
  locate: `
    SELECT thread.enterprise_id, thread.id FROM json_each(?1) AS scope
    CROSS JOIN json_each(?2) AS wanted
    CROSS JOIN message_thread AS thread ON thread.enterprise_id = scope.value AND thread.id = wanted.value
    WHERE thread.client_id = ?3 OR ?3 IS NULL`,
  // Sorts no more rows than identifiers were asked for, at most 1,000.
  pageOfIds: `
    SELECT CAST(string_agg(document, ',') AS BLOB) AS documents, count(*) AS count FROM (
      SELECT thread.document FROM json_each(?1) AS scope
      CROSS JOIN json_each(?2) AS wanted
      CROSS JOIN message_thread AS thread ON thread.enterprise_id = scope.value AND thread.id = wanted.value
      WHERE thread.client_id = ?3
        AND thread.created >= ?4 AND (thread.created, thread.enterprise_id) < (?5, ?6)
        AND thread.updated >= ?7 AND thread.updated < ?8
      ORDER BY thread.created DESC, thread.enterprise_id DESC LIMIT ?9 + 0)`,
};

/** The newest `limit` threads of the filter that are older than `before`. */
export async function threadPage(
  db: Readers,
  scope: ClientScope,
  filter: ThreadFilter,
  before: Place | undefined,
  limit: number,
): Promise<Page> {
  const shared = boundsOf(scope.clientId, filter.created, before);

  if (filter.ids) {
    const updated = filter.updated ?? always;
    const ids = JSON.stringify([...new Set(filter.ids)]);
    const enterpriseIds = JSON.stringify(scope.enterpriseIds);
    return readPage(db, queries.pageOfIds, enterpriseIds, ids, ...shared, updated.from, updated.to, limit);
  }
  if (!filter.updated) {
    const own = scope.enterpriseIds.map((enterpriseId) => [enterpriseId]);
    return newestFirst(db, shared, [{ source: byCreation, own }], limit);
  }
  // Read in steps: a thread that is updated in between would be missing, or there twice.
  const { updated } = filter;
  return db.snapshot((reader) => updatedPage(reader, scope, shared, updated, limit));
}

/**
 * Threads of an update interval, newest created first. Whole days and, at the ends, whole hours of updates are each in
 * that order, so their merge reads only what the page needs.
 */
async function updatedPage(
  reader: Reader,
  scope: ClientScope,
  shared: readonly Value[],
  updated: TimeRange,
  limit: number,
): Promise<Page> {
  const { days, hours } = daysAndHours(updated);
  const used = (query: string, ranges: readonly Buckets[]) =>
    Promise.all(ranges.map((buckets) => usedWithin(reader, scope, query, buckets))).then((lists) => lists.flat());
  const [usedDays, usedHours] = await Promise.all([used(queries.usedDays, days), used(queries.usedHours, hours)]);
  const kinds = [
    { source: byUpdateDay, own: usedDays },
    { source: byUpdateHour, own: usedHours },
  ];
  return newestFirst(reader, [...shared, updated.from, updated.to], kinds, limit);
}

/** Days or hours since 1970, from the first up to and without the last. */
interface Buckets {
  readonly from: number;
  readonly to: number;
}

/** The whole days of a range and, before and after them, the hours that it touches. */
function daysAndHours({ from, to }: TimeRange): { days: Buckets[]; hours: Buckets[] } {
  const start = Math.max(from, 0);
  const days = { from: Math.ceil(start / day), to: Math.floor(to / day) };
  const hours = { from: Math.floor(start / hour), to: Math.ceil(to / hour) };
  if (days.from >= days.to) return { days: [], hours: [hours] };
  return {
    days: [days],
    hours: [
      { from: hours.from, to: days.from * 24 },
      { from: days.to * 24, to: hours.to },
    ],
  };
}

async function usedWithin(reader: Reader, scope: ClientScope, query: string, { from, to }: Buckets) {
  const enterpriseIds = JSON.stringify(scope.enterpriseIds);
  const rows = await reader.all<{ enterprise_id: string; bucket: number }>(
    query,
    enterpriseIds,
    scope.clientId,
    from,
    to,
  );
  return rows.map(({ enterprise_id, bucket }) => [enterprise_id, bucket]);
}

/** The thread, when it is in scope. */
export function findThread(reader: Reader, scope: Scope, id: string): Promise<ThreadRow | undefined> {
  return firstRow<ThreadRow>(reader, queries.find, JSON.stringify(scope.enterpriseIds), id, scope.clientId);
}

/** Where a thread stands in the lists of its client; `undefined` when it is not the caller's. */
export async function threadPlace(db: Reader, scope: ClientScope, id: string): Promise<Place | undefined> {
  const thread = await findThread(db, scope, id);
  return thread && { created: thread.created, enterpriseId: thread.enterprise_id };
}

/** Which of the threads are the caller's, and at which enterprise each one is. */
export async function locateThreads(
  reader: Reader,
  scope: Scope,
  ids: readonly string[],
): Promise<{ enterprise_id: string; id: string }[]> {
  const wanted = JSON.stringify([...new Set(ids)]);
  return reader.all(queries.locate, JSON.stringify(scope.enterpriseIds), wanted, scope.clientId);
}
