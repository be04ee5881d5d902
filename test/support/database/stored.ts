import { existsSync, readFileSync } from "node:fs";
import type { Row, Value } from "../../../src/store/db.ts";
import { openDatabase } from "../../../src/store/store.ts";
import { databaseFile } from "../server/server.ts";
import { isOnPostgres } from "./engine.ts";
import { inSql } from "./in-sql.ts";

/** What a database holds for somebody else than the server that uses it. */
export async function stored<R>(database: string, statement: string, ...parameters: readonly Value[]): Promise<R[]> {
  const db = openDatabase(database);
  try {
    return await db.all(...inSql<R>(statement, ...parameters));
  } finally {
    await db.close();
  }
}

/** Everything that a database holds, for a search in it: its files or, where those are elsewhere, every value. */
export async function storedBytes(database: string): Promise<Buffer> {
  if (isOnPostgres) return everyValue(database);
  const path = databaseFile(database);
  const files = [path, `${path}-wal`].filter((file) => existsSync(file));
  return Buffer.concat(files.map((file) => readFileSync(file)));
}

async function everyValue(database: string): Promise<Buffer> {
  const named = "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()";
  const tables = await stored<{ name: string }>(database, named);
  const lists = await Promise.all(tables.map(({ name }) => stored<Row>(database, `SELECT * FROM ${name}`)));
  const values = lists.flat().flatMap((row) => Object.values(row));
  return Buffer.concat(values.map((value) => (value instanceof Uint8Array ? value : Buffer.from(String(value)))));
}
