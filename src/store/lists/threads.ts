import { days, hours, type Microseconds } from "../../core/clock.ts";
import { always, type TimeRange } from "../../protocol/connector/interval.ts";
import { firstRow, type Reader, type Readers } from "../db.ts";
import { each, indexedBy, lateral, query, sql } from "../query.ts";
import type { MessageThreadRow } from "../rows.ts";
import type { ClientScope, Scope } from "../scope.ts";
import { listsOf, type Source } from "./merged-lists.ts";
import {
  boundsOf,
  type Item,
  type ListBounds,
  newestFirst,
  type Page,
  type PageRow,
  type Place,
  pageOf,
  readPage,
} from "./newest-first.ts";

/** Which threads a list has; all given filters hold together. */
export interface ThreadFilter {
  readonly ids?: readonly string[] | undefined;
  readonly created?: TimeRange | undefined;
  readonly updated?: TimeRange | undefined;
}

export type ThreadRow = Pick<
  MessageThreadRow,
  "enterprise_id" | "client_id" | "created" | "id" | "updated" | "is_resolved" | "document"
>;

/** Of `thread`. Named one by one: a server whose statements are prepared outlives a migration that adds to the table. */
export const threadColumns = `
  thread.enterprise_id, thread.client_id, thread.created, thread.id, thread.updated, thread.is_resolved,
  thread.document`;

const day = days(1);
const hour = hours(1);

const byCreation: Source<Item, ListBounds, { readonly enterpriseId: string }> = {
  own: ["enterpriseId"],
  select: sql`
    SELECT created, enterprise_id, document FROM message_thread
    WHERE enterprise_id = :enterpriseId AND client_id = :clientId
      AND created >= :from AND (created, enterprise_id) < (:before, :beforeEnterpriseId)`,
};

type UpdateBounds = ListBounds & { readonly updatedFrom: Microseconds; readonly updatedTo: Microseconds };

/** A day or an hour since 1970, at an enterprise. */
type Bucket = { readonly enterpriseId: string; readonly bucket: number };

function byUpdate(index: string, unit: Microseconds): Source<Item, UpdateBounds, Bucket> {
  return {
    own: ["enterpriseId", "bucket"],
    select: sql`
    SELECT created, enterprise_id, document FROM message_thread ${indexedBy(index)}
    WHERE enterprise_id = :enterpriseId AND client_id = :clientId AND updated / ${unit} = :bucket
      AND created >= :from AND (created, enterprise_id) < (:before, :beforeEnterpriseId)
      AND updated >= :updatedFrom AND updated < :updatedTo`,
  };
}

const dayIndex = "message_thread_by_update_day";
const hourIndex = "message_thread_by_update_hour";
const byUpdateDay = byUpdate(dayIndex, day);
const byUpdateHour = byUpdate(hourIndex, hour);

/** Finds the days, or hours, of a range that have updates at all, by a jump of the index from each to the next. */
function usedBuckets(index: string, unit: Microseconds) {
  const next = (enterprise: string, from: string) => sql`(
    SELECT updated / ${unit} FROM message_thread ${indexedBy(index)}
    WHERE enterprise_id = ${enterprise} AND client_id = :clientId
      AND updated / ${unit} >= ${from} AND updated / ${unit} < :to
    ORDER BY updated / ${unit} LIMIT 1)`;
  return query<
    { readonly enterprise_id: string; readonly bucket: number },
    { readonly enterpriseIds: readonly string[]; readonly clientId: string } & Buckets
  >`
    WITH RECURSIVE used (enterprise_id, bucket) AS (
      SELECT scope.value, ${next("scope.value", ":from")} FROM ${each("enterpriseIds", "scope")}
      UNION ALL
      SELECT used.enterprise_id, ${next("used.enterprise_id", "used.bucket + 1")} FROM used
      WHERE used.bucket IS NOT NULL
    )
    SELECT enterprise_id, bucket FROM used WHERE bucket IS NOT NULL`;
}

export const sources = { byCreation, byUpdateDay, byUpdateHour };

/** Threads of a scope by their ids; those of another client are left out, if one is given. */
type Wanted = {
  readonly enterpriseIds: readonly string[];
  readonly ids: readonly string[];
  readonly clientId: string | null;
};

const wantedThreads = sql`
    FROM ${each("enterpriseIds", "scope")} CROSS JOIN ${each("ids", "wanted")}
    ${lateral("message_thread", "thread", "thread.enterprise_id = scope.value AND thread.id = wanted.value")}`;

export const queries = {
  usedDays: usedBuckets(dayIndex, day),
  usedHours: usedBuckets(hourIndex, hour),
  find: query<
    ThreadRow,
    { readonly enterpriseIds: readonly string[]; readonly id: string; readonly clientId: string | null }
  >`
    SELECT ${threadColumns} FROM ${each("enterpriseIds", "scope")}
    ${lateral("message_thread", "thread", "thread.enterprise_id = scope.value AND thread.id = :id")}
    WHERE thread.client_id = :clientId OR :clientId IS NULL
    LIMIT 1`,
  locate: query<Pick<MessageThreadRow, "enterprise_id" | "id">, Wanted>`
    SELECT thread.enterprise_id, thread.id ${wantedThreads}
    WHERE thread.client_id = :clientId OR :clientId IS NULL`,
  // Sorts no more rows than identifiers were asked for, at most 1,000.
  pageOfIds: query<PageRow, Wanted & UpdateBounds & { readonly limit: number }>`${pageOf(sql`
    SELECT thread.created, thread.enterprise_id, thread.document ${wantedThreads}
    WHERE thread.client_id = :clientId
      AND thread.created >= :from AND (thread.created, thread.enterprise_id) < (:before, :beforeEnterpriseId)
      AND thread.updated >= :updatedFrom AND thread.updated < :updatedTo
    ORDER BY thread.created DESC, thread.enterprise_id DESC LIMIT :limit + 0`)}`,
};

/** The newest `limit` threads of the filter that are older than `before`. */
export async function threadPage(
  db: Readers,
  scope: ClientScope,
  filter: ThreadFilter,
  before: Place | undefined,
  limit: number,
): Promise<Page> {
  const { clientId, enterpriseIds } = scope;
  const bounds = boundsOf(clientId, filter.created, before);
  if (filter.ids) {
    const updated = updateBounds(bounds, filter.updated ?? always);
    const wanted = { enterpriseIds, ids: [...new Set(filter.ids)], limit };
    return readPage(db, queries.pageOfIds, { ...updated, ...wanted });
  }
  if (!filter.updated) {
    const own = enterpriseIds.map((enterpriseId) => ({ enterpriseId }));
    return newestFirst(db, [listsOf(byCreation, own)], bounds, limit);
  }
  // Read in steps: a thread that is updated in between would be missing, or there twice.
  const updated = updateBounds(bounds, filter.updated);
  return db.snapshot((reader) => updatedPage(reader, scope, updated, limit));
}

function updateBounds(bounds: ListBounds, { from, to }: TimeRange): UpdateBounds {
  return { ...bounds, updatedFrom: from, updatedTo: to };
}

/**
 * Threads of an update interval, newest created first. Whole days and, at the ends, whole hours of updates are each in
 * that order, so their merge reads only what the page needs.
 */
async function updatedPage(reader: Reader, scope: ClientScope, bounds: UpdateBounds, limit: number): Promise<Page> {
  const { days, hours } = daysAndHours({ from: bounds.updatedFrom, to: bounds.updatedTo });
  const used = (query: typeof queries.usedDays, ranges: readonly Buckets[]) =>
    Promise.all(ranges.map((buckets) => usedWithin(reader, scope, query, buckets))).then((lists) => lists.flat());
  const [usedDays, usedHours] = await Promise.all([used(queries.usedDays, days), used(queries.usedHours, hours)]);
  const kinds = [listsOf(byUpdateDay, usedDays), listsOf(byUpdateHour, usedHours)];
  return newestFirst(reader, kinds, bounds, limit);
}

/** Days or hours since 1970, from the first up to and without the last. */
type Buckets = { readonly from: number; readonly to: number };

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

async function usedWithin(
  reader: Reader,
  { clientId, enterpriseIds }: ClientScope,
  query: typeof queries.usedDays,
  buckets: Buckets,
): Promise<Bucket[]> {
  const rows = await reader.all(query, { clientId, enterpriseIds, ...buckets });
  return rows.map(({ enterprise_id, bucket }) => ({ enterpriseId: enterprise_id, bucket }));
}

/** The thread, when it is in scope. */
export function findThread(reader: Reader, scope: Scope, id: string): Promise<ThreadRow | undefined> {
  const { clientId, enterpriseIds } = scope;
  return firstRow(reader, queries.find, { enterpriseIds, id, clientId });
}

/** Where a thread stands in the lists of its client; `undefined` when it is not the caller's. */
export async function threadPlace(db: Reader, scope: ClientScope, id: string): Promise<Place | undefined> {
  const thread = await findThread(db, scope, id);
  return thread && { created: thread.created, enterpriseId: thread.enterprise_id };
}

/** Which of the threads are the caller's, and at which enterprise each one is. */
export function locateThreads(reader: Reader, { clientId, enterpriseIds }: Scope, ids: readonly string[]) {
  return reader.all(queries.locate, { enterpriseIds, ids: [...new Set(ids)], clientId });
}
