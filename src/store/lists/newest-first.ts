import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { always, type TimeRange } from "../../protocol/connector/interval.ts";
import { firstRow, type Reader } from "../db.ts";
import { type Parameters, type Query, type Sql, sql } from "../query.ts";
import {
  firstRows,
  inStatements,
  type Lists,
  mergedLists,
  mergedOrder,
  mergedQuery,
  parametersOf,
} from "./merged-lists.ts";

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

/** What all lists of a client have in common. */
export type ListBounds = {
  readonly clientId: string;
  /** The start of the creation interval. */
  readonly from: Microseconds;
  /** The place before which the items lie: that of a cursor, or the end of the creation interval. */
  readonly before: Microseconds;
  readonly beforeEnterpriseId: string;
};

export function boundsOf(clientId: string, created: TimeRange = always, before?: Place): ListBounds {
  const end = placeAt(created.to);
  const place = before && isOlder(before, end) ? before : end;
  return { clientId, from: created.from, before: place.created, beforeEnterpriseId: place.enterpriseId };
}

/** An item of a list, with its place. */
export interface Item {
  readonly created: Microseconds;
  readonly enterprise_id: string;
  readonly document: string;
}

/** Items of a list as the API answers them, joined by commas and not bracketed, and how many there are. */
export interface Page {
  readonly documents: Buffer;
  readonly count: number;
}

const emptyPage: Page = { documents: Buffer.alloc(0), count: 0 };

/** The `limit` newest items of many lists together. */
export async function newestFirst<S extends ListBounds>(
  reader: Reader,
  kinds: readonly Lists<Item, S>[],
  bounds: S,
  limit: number,
): Promise<Page> {
  const [lists, ...others] = kinds.flatMap(inStatements);
  if (!lists) return emptyPage;
  if (others.length === 0) {
    return readPage(reader, pageQuery(lists.source, lists.own.length), parametersOf(bounds, lists, limit));
  }
  const items = await firstRows(reader, newest, kinds, bounds, limit);
  return { documents: Buffer.from(items.map((item) => item.document).join(",")), count: items.length };
}

/** The one row that a query of `pageOf` answers. Without any items, only the count is there. */
export interface PageRow {
  /** SQLite answers bytes, which need not be decoded, and PostgreSQL text. */
  readonly documents: Uint8Array | string | null;
  readonly count: number;
}

export async function readPage<P extends Parameters>(reader: Reader, query: Query<PageRow, P>, parameters: P) {
  const row = await firstRow(reader, query, ...([parameters] as const));
  return row ? pageFrom(row) : emptyPage;
}

function pageFrom({ documents, count }: PageRow): Page {
  if (documents === null) return emptyPage;
  if (typeof documents === "string") return { documents: Buffer.from(documents), count };
  return { documents: Buffer.from(documents.buffer, documents.byteOffset, documents.byteLength), count };
}

/**
 * The id of the last item of a page. No string within JSON can hold `{"Id":"`, so the last one begins the last item. To
 * have the query answer where that stands made a page of 1,000 take a quarter longer.
 * @throws Error for an empty page
 */
export function lastIdentifier({ documents, count }: Page): string {
  if (count === 0) throw new Error("An empty page has no last item.");
  const start = documents.lastIndexOf('{"Id":"') + 7;
  return documents.toString("latin1", start, start + 36);
}

const newest = mergedOrder<Item>("created DESC, enterprise_id DESC", (a, b) => {
  if (a.created !== b.created) return b.created - a.created;
  return a.enterprise_id < b.enterprise_id ? 1 : -1;
});

export const itemsQuery = newest.query;

const joinedDocuments: Sql = {
  sqlite: "CAST(string_agg(document, ',') AS BLOB)",
  postgres: "string_agg(document, ',')",
};

/** Makes one row of items that are in order, the newest first. */
export function pageOf(items: Sql): Sql {
  return sql`
    SELECT ${joinedDocuments} AS documents, count(*) AS count FROM (${items})`;
}

export const pageQuery = mergedQuery<PageRow>((source, count) => pageOf(mergedLists(source, newest.order, count)));
