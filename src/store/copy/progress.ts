import { unavailable } from "../../core/problem.ts";
import { type Db, firstRow, type Reader, type Transaction, type Value } from "../db.ts";
import { postgresOnly, query } from "../query.ts";
import type { CopyProgressRow } from "../rows.ts";
import type { Key } from "./pages.ts";

export const queries = {
  progress: query<Omit<CopyProgressRow, "id">>`
    SELECT source, copied_table, last_key, copied_rows FROM copy_progress WHERE id = 1`,
  lockProgress: query<Pick<CopyProgressRow, "copied_table" | "last_key">>`
    SELECT copied_table, last_key FROM copy_progress WHERE id = 1 ${postgresOnly("FOR UPDATE")}`,
  lockInstallation: query<{ readonly id: number }>`
    SELECT id FROM installation WHERE id = 1 ${postgresOnly("FOR UPDATE")}`,
  isUsed: query<{ readonly found: 1 }>`
    SELECT 1 AS found FROM installation
    WHERE id = 1 AND (kind IS NOT NULL OR directory_version <> 0 OR secret_key_check IS NOT NULL)`,
  begin: query<never, { source: string }>`
    INSERT INTO copy_progress (id, source, copied_rows) VALUES (1, :source, 0)`,
  advance: query<never, { table: string | null; key: string | null; rows: number }>`
    UPDATE copy_progress SET copied_table = :table, last_key = :key, copied_rows = :rows WHERE id = 1`,
  end: query`DELETE FROM copy_progress WHERE id = 1`,
};

/** What an unfinished copy has come to. */
export interface CopyProgress {
  /** What tells the source and its state from others. */
  readonly source: string;
  /** The table that rows were copied of last, and the key of the last one; `null` before the first. */
  readonly table: string | null;
  readonly key: Key | null;
  /** How many were copied, of all tables. */
  readonly rows: number;
}

/** @throws Problem (unavailable) for a database that a copy is being made into */
export async function mustBeWhole(reader: Reader): Promise<void> {
  if (!(await firstRow(reader, queries.progress))) return;
  throw unavailable("A copy into this database is not complete.", undefined, { code: "copyUnfinished" });
}

/** `undefined` where no copy is unfinished. */
export async function copyProgress(reader: Reader): Promise<CopyProgress | undefined> {
  const row = await firstRow(reader, queries.progress);
  if (!row) return undefined;
  const { source, copied_table: table, last_key, copied_rows: rows } = row;
  return { source, table, key: last_key === null ? null : keyFrom(last_key), rows };
}

/** Marks a database as an unfinished copy of a source, if it is empty and not marked yet. */
export function beginCopy(db: Db, source: string, isEmpty: (reader: Reader) => Promise<boolean>): Promise<void> {
  return db.transaction(async (transaction) => {
    // Of two processes that begin at once, the other one finds the mark.
    await transaction.all(queries.lockInstallation);
    const isUsed = await firstRow(transaction, queries.isUsed);
    if (isUsed || (await firstRow(transaction, queries.progress)) || !(await isEmpty(transaction))) return;
    await transaction.run(queries.begin, { source });
  });
}

/**
 * Adds rows, and what the copy has come to with them. A process that was killed may have left a transaction that ends
 * only now, so where the copy stands is looked up under a lock.
 * @returns whether it stood where it was thought to; if not, nothing was added
 */
export function advanceCopy(
  db: Db,
  from: CopyProgress,
  to: CopyProgress,
  add: (transaction: Transaction) => Promise<void>,
): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const row = await firstRow(transaction, queries.lockProgress);
    if (!row || row.copied_table !== from.table || row.last_key !== textOf(from.key)) return false;
    await add(transaction);
    await transaction.run(queries.advance, { table: to.table, key: textOf(to.key), rows: to.rows });
    return true;
  });
}

/** From now on the database may be used. */
export async function endCopy(db: Db): Promise<void> {
  await db.transaction((transaction) => transaction.run(queries.end));
}

interface Bytes {
  readonly hex: string;
}

function textOf(key: Key | null): string | null {
  if (key === null) return null;
  const plain = (value: Value) => (value instanceof Uint8Array ? { hex: Buffer.from(value).toString("hex") } : value);
  return JSON.stringify(key.map(plain));
}

function keyFrom(text: string): Key {
  const values = JSON.parse(text) as (string | number | null | Bytes)[];
  return values.map((value) => (value !== null && typeof value === "object" ? Buffer.from(value.hex, "hex") : value));
}
