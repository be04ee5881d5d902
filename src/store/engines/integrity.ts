import { type Db, firstRow, type Reader } from "../db.ts";
import { isDamage } from "./sqlite/connection.ts";

export const queries = {
  integrity: "PRAGMA integrity_check(1)",
  tables: "SELECT name FROM sqlite_schema WHERE type = 'table'",
  quickCheck: "SELECT quick_check FROM pragma_quick_check(?1)",
  foreignKeys: "SELECT count(*) AS count FROM pragma_foreign_key_check",
};

/** What PostgreSQL does not watch over by itself: rows whose owner is looked up when they are added. */
export const postgresQueries = {
  tables: "SELECT to_regclass('property_log')::text AS name",
  messages: `
    SELECT count(*) AS count FROM message LEFT JOIN message_thread AS thread
      ON thread.enterprise_id = message.enterprise_id AND thread.id = message.message_thread_id
    WHERE thread.id IS NULL`,
  logs: `
    SELECT count(*) AS count FROM property LEFT JOIN (
      SELECT enterprise_id, count(*) AS entries, max(sequence) AS last FROM property_log GROUP BY enterprise_id
    ) AS log ON log.enterprise_id = property.enterprise_id
    WHERE coalesce(log.entries, 0) <> property.sequence OR coalesce(log.last, 0) <> property.sequence`,
};

/** Reads the whole database, which takes its time. @returns what is damaged, or `undefined` when all is well */
export async function findDamage(db: Db): Promise<string | undefined> {
  return db.engine === "sqlite" ? findDamagedFile(db) : findMissingRows(db);
}

async function findDamagedFile(reader: Reader): Promise<string | undefined> {
  const check = await firstRow<{ integrity_check: string }>(reader, queries.integrity);
  if (check?.integrity_check !== "ok")
    return check?.integrity_check.replaceAll("\n", " ") ?? "the check gave no result";
  const orphans = await firstRow<{ count: number }>(reader, queries.foreignKeys);
  return orphans?.count ? `${orphans.count} rows belong to rows that are missing` : undefined;
}

async function findMissingRows(reader: Reader): Promise<string | undefined> {
  const table = await firstRow<{ name: string | null }>(reader, postgresQueries.tables);
  if (!table?.name) return undefined;
  const messages = await firstRow<{ count: number }>(reader, postgresQueries.messages);
  if (messages?.count) return `${messages.count} messages belong to threads that are missing`;
  const logs = await firstRow<{ count: number }>(reader, postgresQueries.logs);
  return logs?.count ? `${logs.count} logs have gaps` : undefined;
}

/** Reads without waiting, on a connection of SQLite's own. */
type ReadAll = (statement: string, ...parameters: readonly string[]) => readonly Record<string, unknown>[];

/** The tables of a file of SQLite. */
export function tablesOf(all: ReadAll): string[] {
  return all(queries.tables).map(({ name }) => String(name));
}

/** What is damaged in the pages of one table and of its indexes; `undefined` when all is well. */
export function damageOfTable(all: ReadAll, table: string): string | undefined {
  try {
    const [row] = all(queries.quickCheck, table);
    const said = String(row?.quick_check);
    return said === "ok" ? undefined : said.replaceAll("\n", " ");
  } catch (error) {
    if (!isDamage(error)) throw error;
    return error instanceof Error ? error.message : String(error);
  }
}
