import type { Clock } from "../../core/clock.ts";
import { Problem } from "../../core/problem.ts";
import { type Db, firstRow, type Reader } from "../db.ts";
import { migrate, ownQueries } from "../migrations/migrations.ts";
import { type CopiedTable, copiedTables } from "./copied-tables.ts";
import { beginCopy, type CopyProgress, copyProgress } from "./progress.ts";
import { withSide } from "./sides.ts";
import { schemaAge } from "./source.ts";

export const queries = {
  any: ({ name }: CopiedTable) => `SELECT 1 AS found FROM ${name} LIMIT 1`,
  // PostgreSQL plans by what it knows of its tables, which is nothing yet.
  analyze: `ANALYZE ${copiedTables.map(({ name }) => name).join(", ")}`,
};

/**
 * Marks an empty database as an unfinished copy, and gives it its tables if it has none.
 * @param source  what tells the source and its state from others
 * @returns where to go on, if it is an unfinished copy of that source already
 * @throws Problem (invalid) when it is anything else
 */
export async function beginOrGoOn(
  target: Db,
  source: string,
  clock: Clock,
  partitions: number | undefined,
): Promise<CopyProgress> {
  const hasSchema = (await firstRow(target, ownQueries[target.engine].table)) !== undefined;
  if (!hasSchema) await withSide("target", () => migrate(target, clock, partitions));
  if ((await withSide("target", () => schemaAge(target))) !== "newest") throw notEmpty();

  await beginCopy(target, source, hasNoRows);
  const progress = await copyProgress(target);
  if (!progress) throw notEmpty();
  if (progress.source === source) return progress;
  throw new Problem(
    "invalid",
    "An unfinished copy is in it, of another source or of this one before it was written to. Empty it, stop the " +
      "servers that use the source, and copy again.",
    { side: "target" },
  );
}

function notEmpty() {
  return new Problem(
    "invalid",
    "The database is not empty, and a copy is never mixed with anything. Name an empty one.",
    {
      side: "target",
    },
  );
}

async function hasNoRows(reader: Reader): Promise<boolean> {
  for (const table of copiedTables) {
    if (table.name !== "installation" && (await firstRow(reader, queries.any(table)))) return false;
  }
  return true;
}

/** Lets the database look at what is in it now. */
export async function takeStock(target: Db): Promise<void> {
  if (target.engine === "postgres") await target.transaction((transaction) => transaction.run(queries.analyze));
}
