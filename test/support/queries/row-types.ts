import { writeFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { systemClock } from "../../../src/core/clock.ts";
import { openMemory } from "../../../src/store/engines/sqlite/memory.ts";
import { migrate } from "../../../src/store/migrations/migrations.ts";

/** The file that has the types, from the project's folder. `npm run rows` writes it. */
export const rowsFile = new URL("../../../src/store/rows.ts", import.meta.url);

/** Columns that hold a time or a span of time. */
const times = new Set([
  ...["applied", "created", "due", "expires", "failed", "failing_since", "last_used", "latency", "leased_until"],
  ...["linked", "old_secret_expires", "started", "summarized", "updated", "waiting_since", "webhooks_held_since"],
]);

/** What a column holds, where its name and the schema do not say it. */
const exceptions: Readonly<Record<string, string>> = {
  "message_thread.counted": "0 | 1 | 2 | 3",
  "webhook_queue.position": "Microseconds",
};

const typesOfSqlite: Readonly<Record<string, string>> = { TEXT: "string", INTEGER: "number", BLOB: "Uint8Array" };

interface Column {
  readonly name: string;
  readonly type: string;
  readonly isNullable: boolean;
}

/** The types of the rows of all tables, as the migrations make them. */
export async function rowTypes(): Promise<string> {
  const { db, location } = openMemory();
  await migrate(db, systemClock);
  const database = new DatabaseSync(location);
  const tables = database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%) STRICT%'")
    .all()
    .map(({ name, sql }) => interfaceOf(database, String(name), String(sql)));
  database.close();
  await db.close();
  return [
    "// What the tables have, as the migrations make them. Written by `npm run rows`.",
    'import type { Microseconds } from "../core/clock.ts";\n',
    tables.join("\n"),
  ].join("\n");
}

function interfaceOf(database: DatabaseSync, table: string, schema: string): string {
  const fields = columnsOf(database, table).map((column) => {
    const type = typeOf(table, column, schema);
    return `  readonly ${column.name}: ${type}${column.isNullable ? " | null" : ""};\n`;
  });
  return `export interface ${pascalCase(table)}Row {\n${fields.join("")}}\n`;
}

function columnsOf(database: DatabaseSync, table: string): Column[] {
  return database
    .prepare('SELECT name, type, "notnull" OR pk > 0 AS is_filled FROM pragma_table_info(?1)')
    .all(table)
    .map(({ name, type, is_filled }) => ({ name: String(name), type: String(type), isNullable: is_filled === 0 }));
}

function typeOf(table: string, { name, type }: Column, schema: string): string {
  const exception = exceptions[`${table}.${name}`];
  if (exception) return exception;
  const [, list] = new RegExp(`CHECK \\(\\s*${name} IN \\(([^)]*)\\)`).exec(schema) ?? [];
  if (list) return list.replaceAll("'", '"').split(/,\s*/).join(" | ");
  if (type === "INTEGER" && name.startsWith("is_")) return "0 | 1";
  if (type === "INTEGER" && times.has(name)) return "Microseconds";
  return typesOfSqlite[type] ?? "never";
}

function pascalCase(name: string): string {
  return name.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

if (import.meta.main) writeFileSync(rowsFile, await rowTypes());
