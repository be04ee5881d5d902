import type { Microseconds } from "../clock.ts";
import { always, type TimeRange } from "../protocol/interval.ts";
import { first, type Reader, type Value } from "./db.ts";

/** A place in a list: items are ordered by creation, and by enterprise where two were created at once. */
export interface Place {
  readonly created: Microseconds;
  readonly enterpriseId: string;
}

/** The place before which everything lies that was created before `time`. */
export function placeAt(time: Microseconds): Place {
  return { created: time, enterpriseId: "" };
}

export function isOlder(a: Place, b: Place): boolean {
  return a.created < b.created || (a.created === b.created && a.enterpriseId < b.enterpriseId);
}

/**
 * What the sources of a list have in common: the client, the start of its creation interval, and the place before which
 * its items lie, be that a cursor's or the end of the interval.
 */
export function boundsOf(clientId: string, created: TimeRange = always, before?: Place): Value[] {
  const end = placeAt(created.to);
  const place = before && isOlder(before, end) ? before : end;
  return [clientId, created.from, place.created, place.enterpriseId];
}

/** Items of a list as the API answers them, joined by commas and not bracketed, and how many there are. */
export interface Page {
  readonly documents: Buffer;
  readonly count: number;
}

const emptyPage: Page = { documents: Buffer.alloc(0), count: 0 };

/**
 * A list that an index holds newest first: a SELECT of `created, enterprise_id, document` without order. `shared` are
 * the placeholders of what all sources of a query have in common, `own` those of one source.
 */
export type Source = (shared: readonly string[], own: readonly string[]) => string;

/** How many sources one statement merges; SQLite allows 500 and gets slower per row with each. */
const maxSources = 256;

/** Lists of one kind: a source, and for each list the values of its own placeholders. */
export interface Sources {
  readonly source: Source;
  readonly own: readonly (readonly Value[])[];
}

/**
 * The `limit` newest items of many lists together. The database merges them as it goes along and reads no more of each
 * than the page needs, so the cost is that of the page and the number of lists, not of what they hold.
 */
export async function newestFirst(
  reader: Reader,
  shared: readonly Value[],
  kinds: readonly Sources[],
  limit: number,
): Promise<Page> {
  const statements = kinds.flatMap(inStatements);
  const [only] = statements;
  if (!only) return emptyPage;
  if (statements.length === 1) {
    return readPage(reader, pageQuery(only.source, shapeOf(shared, only)), ...parametersOf(shared, only, limit));
  }

  let newest: Item[] = [];
  for (const some of statements) {
    const query = itemsQuery(some.source, shapeOf(shared, some));
    const items = await reader.all<Item>(query, ...parametersOf(shared, some, limit));
    newest = [...newest, ...items].sort(newerFirst).slice(0, limit);
  }
  return { documents: Buffer.from(newest.map((item) => item.document).join(",")), count: newest.length };
}

/** Runs a query that answers one row of joined `documents` and their `count`. */
export async function readPage(reader: Reader, query: string, ...parameters: readonly Value[]): Promise<Page> {
  const row = await first<{ documents: Uint8Array | null; count: number }>(reader, query, ...parameters);
  if (!row?.documents) return emptyPage;
  const { buffer, byteOffset, byteLength } = row.documents;
  return { documents: Buffer.from(buffer, byteOffset, byteLength), count: row.count };
}

function inStatements({ source, own }: Sources): Sources[] {
  const count = Math.ceil(own.length / maxSources);
  return Array.from({ length: count }, (_, index) => ({
    source,
    own: own.slice(index * maxSources, (index + 1) * maxSources),
  }));
}

interface Item {
  readonly created: Microseconds;
  readonly enterprise_id: string;
  readonly document: string;
}

function newerFirst(a: Item, b: Item): number {
  if (a.created !== b.created) return b.created - a.created;
  return a.enterprise_id < b.enterprise_id ? 1 : -1;
}

/** The id of the last item of a page. No string within JSON can hold `{"Id":"`, so the last one begins the last item. */
export function lastIdentifier(page: Page): string | null {
  if (page.count === 0) return null;
  const start = page.documents.lastIndexOf('{"Id":"') + 7;
  return page.documents.toString("latin1", start, start + 36);
}

/** How many parameters a query shares and each source has, and how many sources there are, rounded up. */
interface Shape {
  readonly shared: number;
  readonly own: number;
  readonly sources: number;
}

/** Few statements serve every number of sources: above eight, those that are missing are null and match nothing. */
function shapeOf(shared: readonly Value[], { own }: Sources): Shape {
  return { shared: shared.length, own: own[0]?.length ?? 0, sources: roundedUp(own.length) };
}

function roundedUp(count: number): number {
  return count <= 8 ? count : 2 ** Math.ceil(Math.log2(count));
}

function parametersOf(shared: readonly Value[], sources: Sources, limit: number): Value[] {
  const shape = shapeOf(shared, sources);
  const missing = (shape.sources - sources.own.length) * shape.own;
  return [limit, ...shared, ...sources.own.flat(), ...new Array<null>(missing).fill(null)];
}

export function pageQuery(source: Source, shape: Shape): string {
  return remembered(pageQueries, source, shape.sources, () => {
    const items = itemsQuery(source, shape);
    return `SELECT CAST(string_agg(document, ',') AS BLOB) AS documents, count(*) AS count FROM (${items})`;
  });
}

// SQLite plans a statement anew at each value of a bare LIMIT parameter, which costs more than a short page.
export function itemsQuery(source: Source, shape: Shape): string {
  return remembered(itemsQueries, source, shape.sources, () => {
    const shared = placeholders(2, shape.shared);
    const selects = Array.from({ length: shape.sources }, (_, position) =>
      source(shared, placeholders(2 + shape.shared + position * shape.own, shape.own)),
    );
    return `${selects.join(" UNION ALL ")} ORDER BY created DESC, enterprise_id DESC LIMIT ?1 + 0`;
  });
}

function placeholders(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `?${from + index}`);
}

// A statement of many sources is a long text: made once for each source and number of sources.
const pageQueries = new Map<Source, Map<number, string>>();
const itemsQueries = new Map<Source, Map<number, string>>();

function remembered(texts: Map<Source, Map<number, string>>, source: Source, count: number, make: () => string) {
  const ofSource = texts.get(source) ?? new Map<number, string>();
  texts.set(source, ofSource);
  const text = ofSource.get(count) ?? make();
  ofSource.set(count, text);
  return text;
}
