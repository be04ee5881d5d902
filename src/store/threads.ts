import type { Microseconds } from "../clock.ts";
import { always, type TimeRange } from "../protocol/interval.ts";
import { type Db, first, type Reader, type Value } from "./db.ts";
import type { Source } from "./merged-lists.ts";
import { boundsOf, newestFirst, type Page, type Place, readPage } from "./newest-first.ts";
import type { ClientScope, Scope } from "./scope.ts";

/** Which threads a list has; all given filters hold together. */
export interface ThreadFilter {
  readonly ids?: readonly string[];
  readonly created?: TimeRange;
  readonly updated?: TimeRange;
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

const day = 86_400_000_000;
const hour = 3_600_000_000;

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
  const next = (from: string) => `(
    SELECT updated / ${unit} FROM message_thread INDEXED BY ${index}
    WHERE enterprise_id = scope.value AND client_id = ?2 AND updated / ${unit} >= ${from} AND updated / ${unit} < ?4
    ORDER BY updated / ${unit} LIMIT 1)`;
  return `
    SELECT scope.value AS enterprise_id, (
      WITH RECURSIVE used (bucket) AS (
        SELECT ${next("?3")}
        UNION ALL
        SELECT ${next("used.bucket + 1")} FROM used WHERE used.bucket IS NOT NULL
      )
      SELECT json_group_array(bucket) FROM used WHERE bucket IS NOT NULL
    ) AS buckets
    FROM json_each(?1) AS scope`;
}

export const sources = { byCreation, byUpdateDay, byUpdateHour };

export const queries = {
  usedDays: usedBuckets(dayIndex, day),
  usedHours: usedBuckets(hourIndex, hour),
  find: `
    SELECT thread.* FROM json_each(?1) AS scope
    CROSS JOIN message_thread AS thread ON thread.enterprise_id = scope.value AND thread.id = ?2
    WHERE ?3 IS NULL OR thread.client_id = ?3
    LIMIT 1`,
  locate: `
    SELECT thread.enterprise_id, thread.id FROM json_each(?1) AS scope
    CROSS JOIN json_each(?2) AS wanted
    CROSS JOIN message_thread AS thread ON thread.enterprise_id = scope.value AND thread.id = wanted.value
    WHERE thread.client_id = ?3`,
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
  db: Db,
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
  const kinds = [
    { source: byUpdateDay, own: await used(queries.usedDays, days) },
    { source: byUpdateHour, own: await used(queries.usedHours, hours) },
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
  const rows = await reader.all<{ enterprise_id: string; buckets: string }>(
    query,
    enterpriseIds,
    scope.clientId,
    from,
    to,
  );
  return rows.flatMap(({ enterprise_id, buckets }) =>
    (JSON.parse(buckets) as number[]).map((bucket) => [enterprise_id, bucket]),
  );
}

/** The thread, when it is in scope. */
export function findThread(reader: Reader, scope: Scope, id: string): Promise<ThreadRow | undefined> {
  return first<ThreadRow>(reader, queries.find, JSON.stringify(scope.enterpriseIds), id, scope.clientId);
}

/** Where a thread stands in the lists of its client; `undefined` when it is not the caller's. */
export async function threadPlace(db: Db, scope: ClientScope, id: string): Promise<Place | undefined> {
  const thread = await findThread(db, scope, id);
  return thread && { created: thread.created, enterpriseId: thread.enterprise_id };
}

/** Which of the threads are the caller's, and at which enterprise each one is. */
export async function locateThreads(
  db: Db,
  scope: ClientScope,
  ids: readonly string[],
): Promise<{ enterprise_id: string; id: string }[]> {
  const wanted = JSON.stringify([...new Set(ids)]);
  return db.all(queries.locate, JSON.stringify(scope.enterpriseIds), wanted, scope.clientId);
}
