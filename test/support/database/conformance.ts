import { before } from "node:test";
import { Problem } from "../../../src/core/problem.ts";
import type { Db, Reader, Row } from "../../../src/store/db.ts";
import { openMemory } from "../../../src/store/engines/sqlite/memory.ts";
import { openDatabase } from "../../../src/store/store.ts";
import { postgresDatabase } from "../postgres/postgres.ts";
import { fileScope, type Scope } from "../run/scope.ts";
import { newDatabase } from "../server/server.ts";
import { isOnPostgres } from "./engine.ts";
import { inSql } from "./in-sql.ts";

/** A way to keep a database: as a file of SQLite, in the memory of this process, or on PostgreSQL. */
export type Kind = "file" | "memory" | "postgres";

/** Those of the engine of the run. */
export const kinds: readonly Kind[] = isOnPostgres ? ["postgres"] : ["file", "memory"];

/** What the tests of a suite ask a database of one kind. */
export interface Conformance {
  readonly db: () => Db;
  /** Opens the same database once more, as another process would. What is in memory belongs to one process. */
  readonly open: (scope: Scope) => Db;
  /** The same, for a test that closes it. */
  readonly openUnowned: () => Db;
  /** Makes a table with the columns `id`, `text`, `bytes` and `number`, of which `id` and `text` are needed. */
  readonly newTable: () => Promise<string>;
}

/** One database for all tests of a suite, which have a table each. To be called in the suite. */
export function conformance(kind: Kind): Conformance {
  const scope = fileScope();
  let url = "";
  let db: Db | undefined;
  let tables = 0;
  const openAgain = () => (kind === "memory" ? openMemory().db : openDatabase(url));
  const opened = () => {
    if (!db) throw new Error("The database is opened before the first test.");
    return db;
  };
  before(async () => {
    url = kind === "postgres" ? await postgresDatabase(scope) : newDatabase(scope);
    db = openAgain();
  });
  scope.after(() => db?.close());
  return {
    db: opened,
    openUnowned: openAgain,
    open: (scope) => {
      const another = openAgain();
      scope.after(() => another.close());
      return another;
    },
    newTable: async () => {
      tables += 1;
      const name = `kept_${tables}`;
      const bytes = kind === "postgres" ? "BYTEA" : "BLOB";
      const columns = `id BIGINT PRIMARY KEY, text TEXT NOT NULL, bytes ${bytes}, number BIGINT`;
      await opened().transaction((transaction) => transaction.script(`CREATE TABLE ${name} (${columns})`));
      return name;
    },
  };
}

/** The texts of a table, in the order of their ids. */
export async function textsIn(reader: Reader, table: string): Promise<string[]> {
  const rows = await reader.all(...inSql<{ readonly text: string }>(`SELECT text FROM ${table} ORDER BY id`));
  return rows.map(({ text }) => text);
}

/** Rows with these texts, with ids from 1. */
export function rowsOf(...texts: readonly string[]): Row[] {
  return texts.map((text, index) => ({ id: index + 1, text }));
}

export function isTooLate(error: unknown): boolean {
  return error instanceof Problem && error.kind === "timeout";
}

/** A failure that is not the machine's. */
export function isOrdinary(error: unknown): boolean {
  return error instanceof Error && !(error instanceof Problem);
}
