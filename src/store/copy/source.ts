import { createHash } from "node:crypto";
import { Problem, unavailable } from "../../core/problem.ts";
import { type Db, firstRow, type Reader, type Row } from "../db.ts";
import { queries as migrations, pendingMigrations } from "../migrations/migrations.ts";
import { type CopiedTable, copiedTables } from "./copied-tables.ts";
import { textOf } from "./digests.ts";
import { defaultPageSize, pages } from "./pages.ts";
import { mustBeWhole } from "./progress.ts";
import { withSide } from "./sides.ts";

export const queries = {
  count: ({ name }: CopiedTable) => `SELECT count(*) AS count FROM ${name}`,
  // Deliveries change by hand too, and are too many to be read whole.
  deliveries: `
    SELECT count(*) AS number, sum(attempts) AS attempts, sum(failures) AS failures, sum(due % 1000003) AS due,
      count(CASE state WHEN 'waiting' THEN 1 END) AS waiting, count(CASE state WHEN 'failed' THEN 1 END) AS failed
    FROM webhook_delivery`,
};

/** @throws Problem when the database can't be copied as it is */
export async function mustBeCopyable(source: Db): Promise<void> {
  const schema = await withSide("source", () => schemaAge(source));
  if (schema === "older") {
    const subject = { code: "schemaOlder" } as const;
    throw new Problem("invalid", "The schema is not the newest.", { side: "source", subject });
  }
  if (schema === "newer") {
    const message = "A newer version of Innbox has migrated it. Copy it with that version.";
    throw new Problem("invalid", message, { side: "source" });
  }
  await withSide("source", () => mustBeWhole(source));
}

const emptyDatabase: Reader = { all: async () => [] };

/** How a database's schema compares to the one that this version knows. @throws as `pendingMigrations` does */
export async function schemaAge({ engine, ...db }: Db): Promise<"older" | "newest" | "newer"> {
  if ((await pendingMigrations(db, engine)).length > 0) return "older";
  const known = await pendingMigrations(emptyDatabase, engine);
  const newest = await firstRow<{ number: number }>(db, migrations.newest);
  return newest && newest.number > known.length ? "newer" : "newest";
}

/**
 * A digest of a database as it is now: of all that the operator keeps, the ends of all logs, and what webhooks have come
 * to. It is another one after any write, and no two databases that were ever used share it.
 */
export async function stateOf(db: Db): Promise<string> {
  const state = createHash("sha256");
  for (const table of copiedTables.filter(({ isTelltale }) => isTelltale)) {
    state.update(table.name);
    for await (const rows of pages(db, table, defaultPageSize)) for (const row of rows) state.update(textOf(row));
  }
  const [deliveries = {}] = await db.all<Row>(queries.deliveries);
  return state.update(textOf(deliveries)).digest("hex");
}

/** @throws Problem (unavailable) when it is not in the state any more in which it was */
export async function mustNotHaveMoved(source: Db, state: string): Promise<void> {
  if ((await stateOf(source)) === state) return;
  throw unavailable(
    "The source was written to meanwhile, so the copy is of no use. Stop the servers that use the source, empty the " +
      "target, and copy again.",
  );
}

export async function countRows(db: Db): Promise<number> {
  let total = 0;
  for (const table of copiedTables) total += (await firstRow<{ count: number }>(db, queries.count(table)))?.count ?? 0;
  return total;
}
