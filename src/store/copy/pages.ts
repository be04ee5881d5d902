import { type Db, firstRow, type Row, type Value } from "../db.ts";
import type { CopiedTable } from "./copied-tables.ts";

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
    // Whoever stops before does not miss it.
    next.catch(() => undefined);
    yield rows;
  }
}

export function keyOf({ key }: CopiedTable, row: Row): Key {
  return key.map((column) => row[column] ?? null);
}

async function page(db: Db, table: CopiedTable, size: PageSize, after: Key = []): Promise<readonly Row[]> {
  const rows = table.long ? await rowsWithin(db, table, size, after) : size.rows;
  const page = await db.all<Row>(pageQuery(table, after.length > 0), ...after, rows);
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
  const query = lengthsQuery(table, after.length > 0);
  const row = await firstRow<{ count: number }>(db, query, ...after, size.rows, size.bytes);
  return Math.max(1, row?.count ?? 0);
}

/** The parameters are the key after which it begins, if there is one, and the number of rows. */
export function pageQuery(table: CopiedTable, isAfter: boolean): string {
  return `SELECT * ${nextRows(table, isAfter)}`;
}

/** The same, and then the number of bytes. */
export function lengthsQuery(table: CopiedTable, isAfter: boolean): string {
  const lengths = (table.long ?? []).map((column) => `coalesce(octet_length(${column}), 0)`).join(" + ");
  const bytes = `?${parameters(table, isAfter) + 1}`;
  return `
    SELECT count(*) AS count FROM (
      SELECT sum(length) OVER (ORDER BY ${orderOf(table)}) AS length FROM (
        SELECT ${table.key.join(", ")}, ${lengths} AS length ${nextRows(table, isAfter)}
      ) AS page
    ) AS sums
    WHERE length <= ${bytes}`;
}

function nextRows(table: CopiedTable, isAfter: boolean): string {
  const order = orderOf(table);
  const places = table.key.map((_, index) => `?${index + 1}`).join(", ");
  const condition = isAfter ? `WHERE (${order}) > (${places})` : "";
  return `FROM ${table.name} ${condition} ORDER BY ${order} LIMIT ?${parameters(table, isAfter)}`;
}

function parameters({ key }: CopiedTable, isAfter: boolean): number {
  return isAfter ? key.length + 1 : 1;
}

/** Both engines have the same order: texts in keys are compared by their bytes. */
function orderOf({ key }: CopiedTable): string {
  return key.join(", ");
}
