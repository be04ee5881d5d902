import { createHash } from "node:crypto";
import type { Clock } from "../../core/clock.ts";
import { Problem, unavailable } from "../../core/problem.ts";
import { type Db, firstRow, type Reader, type Row, type Transaction } from "../db.ts";
import { migrate, queries as migrations, pendingMigrations } from "../migrations/migrations.ts";
import { postgresOnly, query } from "../query.ts";
import { compareDatabases, type TableSummary, textOf } from "./compare.ts";
import { defaultPageSize, keyOf, type PageSize, pages } from "./pages.ts";
import { advanceCopy, beginCopy, type CopyProgress, copyProgress, endCopy, mustBeWhole } from "./progress.ts";
import { labelled, withSide } from "./sides.ts";
import { type CopiedTable, copiedTables } from "./tables.ts";

/** How far a copy is, in rows. Verifying reads each of them on both sides. */
export interface CopyStep {
  readonly work: "copying" | "verifying";
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

export interface CopyOptions {
  readonly clock: Clock;
  /** Over how many partitions tables are spread, where the target is an empty database of PostgreSQL. */
  readonly partitions?: number;
  readonly size?: PageSize;
  /** Is called after each transaction of the target, and after each page while the copy is verified. */
  readonly report?: (step: CopyStep) => void;
}

export interface CopySummary {
  /** How many rows an earlier, unfinished run had copied. */
  readonly rowsBefore: number;
  readonly rows: number;
  readonly tables: readonly TableSummary[];
}

export const queries = {
  count: ({ name }: CopiedTable) => query<{ readonly count: number }>`SELECT count(*) AS count FROM ${name}`,
  any: ({ name }: CopiedTable) => query<{ readonly found: 1 }>`SELECT 1 AS found FROM ${name} LIMIT 1`,
  // Deliveries change by hand too, and are too many to be read whole.
  deliveries: query<Row>`
    SELECT count(*) AS number, sum(attempts) AS attempts, sum(failures) AS failures, sum(due % 1000003) AS due,
      count(CASE state WHEN 'waiting' THEN 1 END) AS waiting, count(CASE state WHEN 'failed' THEN 1 END) AS failed
    FROM webhook_delivery`,
  // PostgreSQL plans by what it knows of its tables, which is nothing yet.
  analyze: query`${postgresOnly(`ANALYZE ${copiedTables.map(({ name }) => name).join(", ")}`)}`,
};

/** A database that can be copied. */
export interface CopySource {
  readonly db: Db;
  /** Differs after any write, and between any two databases that were ever used. */
  readonly fingerprint: string;
}

/** Looks at the database that is to be copied. @throws Problem when it can't be copied as it is */
export async function copySource(from: Db): Promise<CopySource> {
  const db = labelled("source", from);
  return withSide("source", async () => {
    const schema = await schemaAge(db);
    if (schema === "older")
      throw new Problem("invalid", "The schema is not the newest.", { subject: { code: "schemaOlder" } });
    if (schema === "newer") {
      throw new Problem("invalid", "A newer version of Innbox has migrated it. Copy it with that version.");
    }
    await mustBeWhole(db);
    return { db, fingerprint: await fingerprintOf(db) };
  });
}

/**
 * Copies a database into an empty one, or goes on with its unfinished copy, and compares the two. No process may write to
 * the source meanwhile. Until all is done, the target stays marked as unfinished.
 * @throws Problem that says which of the two is not as it must be
 */
export async function copyDatabase(source: CopySource, to: Db, options: CopyOptions): Promise<CopySummary> {
  const { clock, partitions, size = defaultPageSize, report = () => undefined } = options;
  const target = labelled("target", to);
  const begun = await startOrResume(target, source.fingerprint, clock, partitions);
  const total = await countRows(source.db);
  await copyRows(source.db, target, begun, size, (table, done) => report({ work: "copying", table, done, total }));
  await analyzeTables(target);
  // When a row was written to the source meanwhile, that is why the two differ.
  const tables = await compareDatabases(source.db, target, size, (table, done) =>
    report({ work: "verifying", table, done, total: 2 * total }),
  ).finally(() => assertUnchanged(source));
  await endCopy(target);
  return { rowsBefore: begun.rows, rows: tables.reduce((sum, { rows }) => sum + rows, 0), tables };
}

const emptyDatabase: Reader = { all: async () => [] };

/** How a database's schema compares to the one that this version knows. @throws as `pendingMigrations` does */
async function schemaAge({ engine, ...db }: Db): Promise<"older" | "newest" | "newer"> {
  if ((await pendingMigrations(db, engine)).length > 0) return "older";
  const known = await pendingMigrations(emptyDatabase, engine);
  const newest = await firstRow(db, migrations.newest);
  return newest && newest.number > known.length ? "newer" : "newest";
}

/** Covers all that the operator keeps, the ends of all logs, and what webhooks have come to. */
async function fingerprintOf(db: Db): Promise<string> {
  const fingerprint = createHash("sha256");
  for (const table of copiedTables.filter(({ isFingerprinted }) => isFingerprinted)) {
    fingerprint.update(table.name);
    for await (const rows of pages(db, table, defaultPageSize)) for (const row of rows) fingerprint.update(textOf(row));
  }
  const [deliveries = {}] = await db.all(queries.deliveries);
  return fingerprint.update(textOf(deliveries)).digest("hex");
}

/** @throws Problem (unavailable) when the source was written to since it was looked at first */
async function assertUnchanged({ db, fingerprint }: CopySource): Promise<void> {
  if ((await fingerprintOf(db)) === fingerprint) return;
  throw unavailable(
    "The source was written to meanwhile, so the copy is of no use. Stop the servers that use the source, empty the " +
      "target, and copy again.",
  );
}

async function countRows(db: Db): Promise<number> {
  let total = 0;
  for (const table of copiedTables) total += (await firstRow(db, queries.count(table)))?.count ?? 0;
  return total;
}

/**
 * Marks an empty database as an unfinished copy, and gives it its tables if it has none.
 * @param source  what tells the source and its state from others
 * @returns where to go on, if it is an unfinished copy of that source already
 * @throws Problem (invalid) when it is anything else
 */
async function startOrResume(
  target: Db,
  source: string,
  clock: Clock,
  partitions: number | undefined,
): Promise<CopyProgress> {
  const hasSchema = (await firstRow(target, migrations.table)) !== undefined;
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

/** Has PostgreSQL count what is in its tables now. */
async function analyzeTables(target: Db): Promise<void> {
  if (target.engine === "postgres") await target.transaction((transaction) => transaction.run(queries.analyze));
}

/** Copies every row behind a place, a page with each transaction, so that no end of this process loses or doubles any. */
async function copyRows(
  source: Db,
  target: Db,
  begun: CopyProgress,
  size: PageSize,
  copied: (table: string, rows: number) => void,
): Promise<void> {
  let progress: CopyProgress | undefined = begun;
  try {
    while (progress) progress = await goOn(source, target, progress, size, copied);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { kind, message, subject: by, side } = error;
    throw new Problem(kind, message, { subject: { code: "copyInterrupted", by }, side, cause: error });
  }
}

/** @returns where the copy stands, when another process has taken it further meanwhile; `undefined` when all is done */
async function goOn(
  source: Db,
  target: Db,
  begun: CopyProgress,
  size: PageSize,
  copied: (table: string, rows: number) => void,
): Promise<CopyProgress | undefined> {
  let from = begun;
  const isBegun = ({ name }: CopiedTable) => name === begun.table;
  for (const table of copiedTables.slice(Math.max(0, copiedTables.findIndex(isBegun)))) {
    for await (const rows of pages(source, table, size, (isBegun(table) && begun.key) || undefined)) {
      const to = progressAfter(from, table, rows);
      if (!(await advance(target, from, to, (transaction) => add(transaction, table, rows))))
        return copyProgress(target);
      copied(table.name, to.rows);
      from = to;
    }
  }
  return undefined;
}

function progressAfter({ source, rows }: CopyProgress, table: CopiedTable, added: readonly Row[]): CopyProgress {
  return { source, table: table.name, key: keyOf(table, added.at(-1) ?? {}), rows: rows + added.length };
}

/** Adds rows to a table. The row of the installation is changed, since every database has it from the start. */
function add(transaction: Transaction, { name, key }: CopiedTable, rows: readonly Row[]): Promise<void> {
  if (name !== "installation") return transaction.insert(name, rows);
  const columns = Object.keys(rows[0] ?? {}).filter((column) => !key.includes(column));
  return transaction.update(name, key, columns, rows);
}

async function advance(
  target: Db,
  from: CopyProgress,
  to: CopyProgress,
  add: (transaction: Transaction) => Promise<void>,
): Promise<boolean> {
  try {
    return await advanceCopy(target, from, to, add);
  } catch (error) {
    // A connection that was lost leaves it open whether the transaction was carried out.
    const current = await copyProgress(target);
    if (current?.rows === to.rows) return true;
    throw error;
  }
}
