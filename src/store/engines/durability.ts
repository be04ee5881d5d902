import type { Db } from "../db.ts";

export const postgresQueries = {
  // What PostgreSQL may be told to do without, and then forgets when the power fails.
  switchedOff: `
    SELECT name FROM pg_settings
    WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') AND setting = 'off' ORDER BY name`,
};

/** Which of the settings are off that keep what was acknowledged; SQLite is told by us. */
export async function lossySettings(db: Db): Promise<string[]> {
  if (db.engine === "sqlite") return [];
  const rows = await db.all<{ name: string }>(postgresQueries.switchedOff);
  return rows.map(({ name }) => name);
}
