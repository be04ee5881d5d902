import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { always, type TimeRange } from "../../protocol/connector/interval.ts";
import { firstRow, type Reader, type Value } from "../db.ts";
import { inStatements, mergedQuery, parametersOf, rememberedQuery, type Sources, shapeOf } from "./merged-lists.ts";

/** A place in a list: items are ordered by creation, and by enterprise where two were created at once. */
export interface Place {
  readonly created: Microseconds;
  readonly enterpriseId: string;
}

/** The place before which everything lies that was created before `time`. */
export function placeAt(time: Microseconds): Place {
  return { created: time, enterpriseId: nilIdentifier };
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

/** The `limit` newest items of many lists of `created, enterprise_id, document` together. */
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
  const row = await firstRow<{ documents: Uint8Array | string | null; count: number }>(reader, query, ...parameters);
  if (!row?.documents) return emptyPage;
  if (typeof row.documents === "string") return { documents: Buffer.from(row.documents), count: row.count };
  const { buffer, byteOffset, byteLength } = row.documents;
  return { documents: Buffer.from(buffer, byteOffset, byteLength), count: row.count };
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

export const itemsQuery = rememberedQuery((source, shape) =>
  mergedQuery(source, shape, "created DESC, enterprise_id DESC"),
);

export const pageQuery = rememberedQuery((source, shape) => {
  const items = itemsQuery(source, shape);
  return `SELECT CAST(string_agg(document, ',') AS BLOB) AS documents, count(*) AS count FROM (${items})`;
});
