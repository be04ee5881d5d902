import type { Db } from "../db.ts";
import { postgresOnly, query } from "../query.ts";

export const queries = {
  switchedOff: query<{ readonly name: string }>`${postgresOnly(`
    SELECT name FROM pg_settings
    WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name`)}`,
};

/**
 * Names the settings of PostgreSQL that are off although a commit needs them to survive a crash. On SQLite, Innbox itself
 * sets what is needed.
 */
export async function lossySettings(db: Db): Promise<string[]> {
  if (db.engine === "sqlite") return [];
  const rows = await db.all(queries.switchedOff);
  return rows.map(({ name }) => name);
}
