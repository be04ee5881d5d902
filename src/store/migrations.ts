import { hash } from "node:crypto";
import type { Clock } from "../clock.ts";
import { unavailable } from "../errors.ts";
import { type Db, first, type Reader, type Transaction } from "./db.ts";
import { initial } from "./migrations/0001-initial.ts";
import { events } from "./migrations/0002-events.ts";

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly statements: string;
}

const migrations: readonly Migration[] = [
  { number: 1, name: "initial", statements: initial },
  { number: 2, name: "events", statements: events },
];

export const queries = {
  createTable: `
    CREATE TABLE IF NOT EXISTS schema_migration (
      number INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied INTEGER NOT NULL
    ) STRICT`,
  table: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migration'",
  anyTable: "SELECT name FROM sqlite_schema WHERE type = 'table' LIMIT 1",
  applied: "SELECT number, name, checksum FROM schema_migration ORDER BY number",
  insert: "INSERT INTO schema_migration (number, name, checksum, applied) VALUES (?1, ?2, ?3, ?4)",
};

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/**
 * Brings the schema up to date, all or nothing; safe when two processes start at once, since the second one waits.
 * @returns the names of the migrations that were applied
 * @throws Problem (unavailable) when the database was made by a newer version or a migration was changed afterwards
 */
export async function migrate(db: Db, clock: Clock): Promise<string[]> {
  if ((await pendingMigrations(db)).length === 0) return [];
  return db.transaction(async (transaction) => {
    await transaction.run(queries.createTable);
    const missing = await missingMigrations(transaction);
    for (const migration of missing) await apply(transaction, migration, clock);
    return missing.map((migration) => migration.name);
  });
}

/** The names of migrations that the database still lacks. @throws as `migrate` does */
export async function pendingMigrations(db: Db): Promise<string[]> {
  if (!(await first(db, queries.table))) {
    if (!(await first(db, queries.anyTable))) return migrations.map((migration) => migration.name);
    throw unavailable("The file is a database of another program. Name another with --database.");
  }
  return (await missingMigrations(db)).map((migration) => migration.name);
}

async function missingMigrations(reader: Reader): Promise<readonly Migration[]> {
  const applied = await reader.all<Applied>(queries.applied);
  for (const { number, name, checksum } of applied) {
    const known = migrations[number - 1];
    if (!known) {
      throw unavailable(
        `The database was made by a newer version of Innbox (its migration ${number}, "${name}", is not known here). ` +
          "Start that version or a newer one.",
      );
    }
    if (checksumOf(known) !== checksum) {
      throw unavailable(
        `Migration ${number}, "${name}", is not the one that made this database. Start the version of Innbox that ` +
          "made it, or restore a backup.",
      );
    }
  }
  return migrations.slice(applied.length);
}

async function apply(transaction: Transaction, migration: Migration, clock: Clock): Promise<void> {
  await transaction.script(migration.statements);
  await transaction.run(queries.insert, migration.number, migration.name, checksumOf(migration), clock());
}

function checksumOf(migration: Migration): string {
  return hash("sha256", migration.statements);
}
