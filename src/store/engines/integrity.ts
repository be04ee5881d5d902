import { type Db, firstRow, type Reader } from "../db.ts";
import { type Asked, type Parameters, postgresOnly, type Query, query, sqliteOnly } from "../query.ts";
import { isDamage } from "./sqlite/connection.ts";

type Count = { readonly count: number };

export const queries = {
  integrity: query<{ readonly integrity_check: string }>`${sqliteOnly("PRAGMA integrity_check(1)")}`,
  tables: query<{ readonly name: string }>`${sqliteOnly("SELECT name FROM sqlite_schema WHERE type = 'table'")}`,
  quickCheck: query<{ readonly quick_check: string }, { table: string }>`${sqliteOnly(
    "SELECT quick_check FROM pragma_quick_check(:table)",
  )}`,
  foreignKeys: query<Count>`${sqliteOnly("SELECT count(*) AS count FROM pragma_foreign_key_check")}`,
  // What PostgreSQL does not watch over by itself: rows whose owner is looked up when they are added.
  logTable: query<{
    readonly name: string | null;
  }>`${postgresOnly("SELECT to_regclass('property_log')::text AS name")}`,
  orphans: query<Count>`${postgresOnly(`
    SELECT count(*) AS count FROM message LEFT JOIN message_thread AS thread
      ON thread.enterprise_id = message.enterprise_id AND thread.id = message.message_thread_id
    WHERE thread.id IS NULL`)}`,
  logs: query<Count>`${postgresOnly(`
    SELECT count(*) AS count FROM property LEFT JOIN (
      SELECT enterprise_id, count(*) AS entries, max(sequence) AS last FROM property_log GROUP BY enterprise_id
    ) AS log ON log.enterprise_id = property.enterprise_id
    WHERE coalesce(log.entries, 0) <> property.sequence OR coalesce(log.last, 0) <> property.sequence`)}`,
};

/** Reads the whole database, which takes its time. @returns what is damaged, or `undefined` when all is well */
export async function findDamage(db: Db): Promise<string | undefined> {
  return db.engine === "sqlite" ? findDamagedFile(db) : findMissingRows(db);
}

async function findDamagedFile(reader: Reader): Promise<string | undefined> {
  const check = await firstRow(reader, queries.integrity);
  if (check?.integrity_check !== "ok")
    return check?.integrity_check.replaceAll("\n", " ") ?? "the check gave no result";
  const orphans = await firstRow(reader, queries.foreignKeys);
  return orphans?.count ? `${orphans.count} rows belong to rows that are missing` : undefined;
}

async function findMissingRows(reader: Reader): Promise<string | undefined> {
  const table = await firstRow(reader, queries.logTable);
  if (!table?.name) return undefined;
  const messages = await firstRow(reader, queries.orphans);
  if (messages?.count) return `${messages.count} messages belong to threads that are missing`;
  const logs = await firstRow(reader, queries.logs);
  return logs?.count ? `${logs.count} logs have gaps` : undefined;
}

/** Reads without waiting, on a connection of SQLite's own. */
type ReadAll = <R, P extends Parameters>(query: Query<R, P>, ...parameters: Asked<NoInfer<P>>) => readonly R[];

/** The tables of a file of SQLite. */
export function tablesOf(all: ReadAll): string[] {
  return all(queries.tables).map(({ name }) => name);
}

/** What is damaged in the pages of one table and of its indexes; `undefined` when all is well. */
export function damageOfTable(all: ReadAll, table: string): string | undefined {
  try {
    const [row] = all(queries.quickCheck, { table });
    return row?.quick_check === "ok"
      ? undefined
      : (row?.quick_check.replaceAll("\n", " ") ?? "the check gave no result");
  } catch (error) {
    if (!isDamage(error)) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}
