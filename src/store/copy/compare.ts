import { createHash, type Hash } from "node:crypto";
import { unavailable } from "../../core/problem.ts";
import type { Db, Row, Value } from "../db.ts";
import { type PageSize, pages } from "./pages.ts";
import { type CopiedTable, copiedTables, isPropertyTable } from "./tables.ts";

/** A property's rows of a table, or all rows of a table that is not about properties. */
interface Group {
  /** The enterprise, or `null`. */
  readonly property: string | null;
  readonly rows: number;
  /** SHA-256 of their values in the order of their keys. */
  readonly digest: string;
}

/** What a table has, on both sides. */
export interface TableSummary {
  readonly name: string;
  readonly rows: number;
  /** SHA-256 of those of its groups. */
  readonly digest: string;
}

/** The rows of a table by property, one property after the other. `counted` is called with how many more rows were read. */
async function* groups(
  db: Db,
  table: CopiedTable,
  size: PageSize,
  counted: (rows: number) => void,
): AsyncGenerator<Group, void> {
  const isByProperty = isPropertyTable(table);
  let open: { readonly property: string | null; readonly hash: Hash; rows: number } | undefined;
  const closed = () => open && { property: open.property, rows: open.rows, digest: open.hash.digest("hex") };
  for await (const rows of pages(db, table, size)) {
    for (const row of rows) {
      const property = isByProperty ? String(row.enterprise_id) : null;
      if (!open || open.property !== property) {
        const group = closed();
        if (group) yield group;
        open = { property, rows: 0, hash: createHash("sha256") };
      }
      open.hash.update(textOf(row));
      open.rows += 1;
    }
    counted(rows.length);
  }
  const group = closed();
  if (group) yield group;
}

/** The same for the same values, whichever database they are from. */
export function textOf(row: Row): string {
  const columns = Object.keys(row).sort();
  return JSON.stringify(columns.map((column) => plain(row[column] ?? null)));
}

function plain(value: Value): string | number | null {
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.length).toString("hex")
    : value;
}

/**
 * Compares all tables of two databases.
 * @param verified  is called with the table, and how many rows were read so far on both sides
 * @throws Problem (unavailable) that names the first property whose rows differ
 */
export async function compareDatabases(
  source: Db,
  target: Db,
  size: PageSize,
  verified: (table: string, done: number) => void,
): Promise<TableSummary[]> {
  const summaries: TableSummary[] = [];
  let done = 0;
  for (const table of copiedTables) {
    const counted = (rows: number) => {
      done += rows;
      verified(table.name, done);
    };
    summaries.push(await compareTable(source, target, table, size, counted));
  }
  return summaries;
}

/** Reads a table of both databases and compares them. */
async function compareTable(
  source: Db,
  target: Db,
  table: CopiedTable,
  size: PageSize,
  counted: (rows: number) => void,
): Promise<TableSummary> {
  const sides = [groups(source, table, size, counted), groups(target, table, size, counted)] as const;
  const total = createHash("sha256");
  let rows = 0;
  for (;;) {
    const [from, to] = await Promise.all(sides.map(async (side) => (await side.next()).value ?? undefined));
    if (from?.property !== to?.property || from?.digest !== to?.digest || from?.rows !== to?.rows) {
      throw different(table, from, to);
    }
    if (!from) return { name: table.name, rows, digest: total.digest("hex") };
    total.update(from.digest);
    rows += from.rows;
  }
}

function different(table: CopiedTable, from: Group | undefined, to: Group | undefined) {
  // The one that comes first is missing on the other side.
  const properties = [from?.property ?? null, to?.property ?? null].filter((property) => property !== null).sort();
  const [property = null] = properties;
  const countOf = (group: Group | undefined) => (group && group.property === property ? group.rows : 0);
  const [here, there] = [countOf(from), countOf(to)];
  const place = property === null ? table.name : `${table.name} of property ${property}`;
  const difference =
    here === there
      ? `the ${here} rows of ${place} are not the same`
      : `${place} has ${here} rows and the copy ${there}`;
  return unavailable(
    `The copy is not like its source: ${difference}. No server opens it. Empty the target and copy again.`,
  );
}
