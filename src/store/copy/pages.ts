import { type Db, firstRow, type Row, type Value } from "../db.ts";
import { type Parameters, type Query, queryOf, type Sql, sql } from "../query.ts";
import type { CopiedTable } from "./tables.ts";

/** How much is read, and written in one transaction, at most: rows, and bytes of long columns. */
export interface PageSize {
  readonly rows: number;
  readonly bytes: number;
}

/** More rows are hardly faster; a single one that is longer is a page too. */
export const defaultPageSize: PageSize = { rows: 5000, bytes: 4_000_000 };

/** Where a row is in the order of its table. */
export type Key = readonly Value[];

/** Everything of a table behind a place, in the order of its key. A page is read while the one before is made use of. */
export async function* pages(
  db: Db,
  table: CopiedTable,
  size: PageSize,
  after?: Key,
): AsyncGenerator<readonly Row[], void> {
  let next = page(db, table, size, after);
  for (;;) {
    const rows = await next;
    const last = rows.at(-1);
    if (!last) return;
    next = page(db, table, size, keyOf(table, last));
    // A caller that stops before asks for this page no more, and its failure is of no account.
    next.catch(() => undefined);
    yield rows;
  }
}

export function keyOf({ key }: CopiedTable, row: Row): Key {
  return key.map((column) => row[column] ?? null);
}

async function page(db: Db, table: CopiedTable, size: PageSize, after: Key = []): Promise<readonly Row[]> {
  const rows = table.long ? await rowsWithin(db, table, size, after) : size.rows;
  const page = await db.all(pageQuery(table, after.length > 0), { ...placeOf(table, after), rows });
  const { foreign } = table;
  return foreign ? page.map((row) => withoutNull(row, foreign)) : page;
}

/** PostgreSQL's texts can hold anything but the character NUL. */
function withoutNull(row: Row, columns: readonly string[]): Row {
  const texts = columns.map((column): [string, Value] => {
    const value = row[column] ?? null;
    return [column, typeof value === "string" ? value.replaceAll("\0", "\ufffd") : value];
  });
  return { ...row, ...Object.fromEntries(texts) };
}

/** How many of the next rows are not too long together; at least one. */
async function rowsWithin(db: Db, table: CopiedTable, size: PageSize, after: Key): Promise<number> {
  const parameters = { ...placeOf(table, after), rows: size.rows, bytes: size.bytes };
  const row = await firstRow(db, lengthsQuery(table, after.length > 0), parameters);
  return Math.max(1, row?.count ?? 0);
}

/** The columns of a key as parameters of their names. */
function placeOf({ key }: CopiedTable, after: Key): Record<string, Value> {
  return Object.fromEntries(after.map((value, index) => [key[index] ?? "", value]));
}

/** The next `:rows` rows of a table; if `isAfter`, those behind the key that the parameters of its columns give. */
export function pageQuery(table: CopiedTable, isAfter: boolean): Query<Row, Parameters> {
  return queryOf(sql`SELECT * ${nextRows(table, isAfter)}`);
}

/** How many of those have no more than `:bytes` bytes together. */
export function lengthsQuery(table: CopiedTable, isAfter: boolean): Query<{ readonly count: number }, Parameters> {
  const lengths = (table.long ?? []).map((column) => `coalesce(octet_length(${column}), 0)`).join(" + ");
  return queryOf(sql`
    SELECT count(*) AS count FROM (
      SELECT sum(length) OVER (ORDER BY ${orderOf(table)}) AS length FROM (
        SELECT ${table.key.join(", ")}, ${lengths} AS length ${nextRows(table, isAfter)}
      ) AS page
    ) AS sums
    WHERE length <= :bytes`);
}

function nextRows(table: CopiedTable, isAfter: boolean): Sql {
  const order = orderOf(table);
  const places = table.key.map((column) => `:${column}`).join(", ");
  return sql`FROM ${table.name} ${isAfter ? `WHERE (${order}) > (${places})` : ""} ORDER BY ${order} LIMIT :rows`;
}

/** Both engines have the same order: texts in keys are compared by their bytes. */
function orderOf({ key }: CopiedTable): string {
  return key.join(", ");
}
