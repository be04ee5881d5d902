import { hash } from "node:crypto";
import type { Clock, Microseconds } from "../../core/clock.ts";
import { defaultPartitions } from "../../core/database-place.ts";
import { unavailable } from "../../core/problem.ts";
import { type Db, type Engine, firstRow, type Reader, type Transaction } from "../db.ts";
import { postgresOnly, query, sqliteOnly } from "../query.ts";
import type { SchemaMigrationRow } from "../rows.ts";
import { initial } from "./0001-initial.ts";
import { initialPostgres } from "./0001-initial-postgres.ts";
import { events } from "./0002-events.ts";
import { eventsPostgres } from "./0002-events-postgres.ts";
import { upgrades, upgradesPostgres } from "./0003-upgrades.ts";
import { inbox } from "./0004-inbox.ts";
import { inboxPostgres } from "./0004-inbox-postgres.ts";
import { search } from "./0004-search.ts";
import { searchPostgres } from "./0004-search-postgres.ts";
import { signIn, signInPostgres } from "./0005-sign-in.ts";
import { webhookHold, webhookHoldPostgres } from "./0005-webhook-hold.ts";

interface Migration extends Readonly<Record<Engine, string>> {
  readonly number: number;
  readonly name: string;
  /** The number of the oldest migration whose servers may go on running on the new schema. */
  readonly runsWith: number;
}

const migrations: readonly Migration[] = [
  { number: 1, name: "initial", runsWith: 1, sqlite: initial, postgres: initialPostgres },
  { number: 2, name: "events", runsWith: 2, sqlite: events, postgres: eventsPostgres },
  { number: 3, name: "upgrades", runsWith: 2, sqlite: upgrades, postgres: upgradesPostgres },
  { number: 4, name: "inbox", runsWith: 2, sqlite: inbox + search, postgres: inboxPostgres + searchPostgres },
  {
    number: 5,
    name: "steady",
    runsWith: 4,
    sqlite: webhookHold + signIn,
    postgres: webhookHoldPostgres + signInPostgres,
  },
];

/** The number of the schema that this version works on. */
export const newestSchema = migrations.length;

type Table = { readonly name: string };

export const queries = {
  applied: query<Pick<SchemaMigrationRow, "number" | "name" | "checksum">>`
    SELECT number, name, checksum FROM schema_migration ORDER BY number`,
  insert: query<never, { number: number; name: string; checksum: string; applied: Microseconds }>`
    INSERT INTO schema_migration (number, name, checksum, applied) VALUES (:number, :name, :checksum, :applied)`,
  newest: query<Pick<SchemaMigrationRow, "number" | "name" | "runs_with">>`
    SELECT number, name, runs_with FROM schema_migration ORDER BY number DESC LIMIT 1`,
  setRunsWith: query<never, { number: number; runsWith: number }>`
    UPDATE schema_migration SET runs_with = :runsWith WHERE number = :number`,
  createTable: query`
      CREATE TABLE IF NOT EXISTS schema_migration (
        number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,
        applied ${{ sqlite: "INTEGER", postgres: "BIGINT" }} NOT NULL
      ) ${sqliteOnly("STRICT")}`,
  table: query<Table>`${{
    sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'",
    postgres: `
      SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'schema_migration'`,
  }}`,
  anyTable: query<Table>`${{
    sqlite: "SELECT name FROM sqlite_schema WHERE type = 'table' LIMIT 1",
    postgres: "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() LIMIT 1",
  }}`,
  // Two servers that start at once migrate one after the other.
  lock: query<unknown>`${postgresOnly("SELECT pg_advisory_xact_lock(7366012)")}`,
  unpartitioned: query<Table>`${postgresOnly(`
      SELECT relname AS name FROM pg_partitioned_table AS partitioned
      JOIN pg_class ON pg_class.oid = partitioned.partrelid
      WHERE relnamespace = current_schema()::regnamespace
        AND NOT EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = partrelid)`)}`,
  partitions: query<{ readonly count: number }>`${postgresOnly(
    "SELECT count(*) AS count FROM pg_inherits WHERE inhparent = to_regclass('property')",
  )}`,
};

/**
 * Brings the schema up to date, all or nothing; safe when two processes start at once, since the second one waits.
 * @param partitions  how many partitions each table of a property's data gets, when this is the first migration
 * @returns the names of the migrations that were applied
 * @throws Problem (unavailable) when the database was made by a newer version or a migration was changed afterwards
 */
export async function migrate(db: Db, clock: Clock, partitions = defaultPartitions): Promise<string[]> {
  if ((await pendingMigrations(db, db.engine)).length === 0) return [];
  return db.transaction(async (transaction) => {
    if (db.engine === "postgres") await transaction.all(queries.lock);
    await transaction.run(queries.createTable);
    const missing = await missingMigrations(transaction, db.engine);
    for (const migration of missing) await apply(transaction, db.engine, migration, clock, partitions);
    const newest = missing.at(-1);
    if (newest) await transaction.run(queries.setRunsWith, { number: newest.number, runsWith: newest.runsWith });
    return missing.map((migration) => migration.name);
  });
}

/** Whether there is nothing in the database at all, neither of Innbox nor of another program. */
export async function hasNoTables(reader: Reader): Promise<boolean> {
  return (await firstRow(reader, queries.anyTable)) === undefined;
}

/** The names of migrations that the database still lacks. @throws as `migrate` does */
export async function pendingMigrations(reader: Reader, engine: Engine): Promise<string[]> {
  if (!(await firstRow(reader, queries.table))) {
    if (!(await firstRow(reader, queries.anyTable))) return migrations.map((migration) => migration.name);
    throw unavailable("This is a database of another program.", undefined, { code: "databaseOfOthers" });
  }
  return (await missingMigrations(reader, engine)).map((migration) => migration.name);
}

async function missingMigrations(reader: Reader, engine: Engine): Promise<readonly Migration[]> {
  const applied = await reader.all(queries.applied);
  if (applied.length > migrations.length) await mustRunWith(reader);
  for (const { number, name, checksum } of applied.slice(0, migrations.length)) {
    const known = migrations[number - 1];
    if (!known || checksumOf(known, engine) !== checksum) {
      throw unavailable(
        `Migration ${number}, "${name}", is not the one that made this database. Start the version of Innbox that ` +
          "made it, or restore a backup.",
      );
    }
  }
  return migrations.slice(applied.length);
}

/** During an upgrade, servers of the version before go on working: a migration says for how long they may. */
async function mustRunWith(reader: Reader): Promise<void> {
  const newest = await firstRow(reader, queries.newest);
  if (newest?.runs_with && newest.runs_with <= migrations.length) return;
  throw unavailable(
    `The database was made by a newer version of Innbox (its migration ${newest?.number}, "${newest?.name}", is not ` +
      "known here). Start that version or a newer one.",
  );
}

async function apply(
  transaction: Transaction,
  engine: Engine,
  migration: Migration,
  clock: Clock,
  partitions: number,
): Promise<void> {
  await transaction.script(migration[engine]);
  if (engine === "postgres") await addPartitions(transaction, partitions);
  const { number, name } = migration;
  await transaction.run(queries.insert, { number, name, checksum: checksumOf(migration, engine), applied: clock() });
}

/** Tables of a later migration get as many partitions as those of the first one. */
async function addPartitions(transaction: Transaction, wanted: number): Promise<void> {
  const tables = await transaction.all(queries.unpartitioned);
  const existing = await firstRow(transaction, queries.partitions);
  const modulus = existing?.count || wanted;
  for (const { name } of tables) await transaction.script(partitionsOf(name, modulus));
}

function partitionsOf(table: string, modulus: number): string {
  const statements = Array.from(
    { length: modulus },
    (_, remainder) =>
      `CREATE TABLE ${table}_${remainder} PARTITION OF ${table} FOR VALUES WITH (MODULUS ${modulus}, REMAINDER ${remainder});`,
  );
  return statements.join("\n");
}

function checksumOf(migration: Migration, engine: Engine): string {
  return hash("sha256", migration[engine]);
}
