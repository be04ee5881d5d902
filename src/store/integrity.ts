import { type Db, first } from "./db.ts";

export const queries = {
  integrity: "PRAGMA integrity_check(1)",
  foreignKeys: "SELECT count(*) AS count FROM pragma_foreign_key_check",
};

/** Reads the whole database, which takes its time. @returns what is damaged, or `undefined` when all is well */
export async function findDamage(db: Db): Promise<string | undefined> {
  const check = await first<{ integrity_check: string }>(db, queries.integrity);
  if (check?.integrity_check !== "ok")
    return check?.integrity_check.replaceAll("\n", " ") ?? "the check gave no result";
  const orphans = await first<{ count: number }>(db, queries.foreignKeys);
  return orphans?.count ? `${orphans.count} rows belong to rows that are missing` : undefined;
}
