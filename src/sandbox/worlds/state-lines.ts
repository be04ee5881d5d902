import { systemClock } from "../../core/clock.ts";
import { invalid } from "../../core/problem.ts";
import { defaultPageSize, pages } from "../../store/copy/pages.ts";
import { copiedTables } from "../../store/copy/tables.ts";
import type { Db, Row, Transaction, Value } from "../../store/db.ts";
import { claimInstallation } from "../../store/directory/installation.ts";
import { openMemory } from "../../store/engines/sqlite/memory.ts";
import { migrate, newestSchema } from "../../store/migrations/migrations.ts";
import type { Image } from "./worlds.ts";

/** An export leaves out what is sealed with the secret key of this installation, and what signs people in. */
const leftOut = /^(?:installation$|webhook_|staff_(?:session|link|device|throttle)$)/;
const tables = copiedTables.filter(({ name }) => !leftOut.test(name));

/** All data of a world: a header and then a line for each row, each with its line break. */
export async function* exportLines(db: Db): AsyncGenerator<string, void> {
  yield `${JSON.stringify({ Format: "innbox", Schema: newestSchema })}\n`;
  for (const table of tables) {
    for await (const rows of pages(db, table, defaultPageSize)) {
      yield rows.map((row) => `${JSON.stringify({ Table: table.name, Row: written(row) })}\n`).join("");
    }
  }
}

/**
 * Makes a database of the lines of an export.
 * @throws Problem (invalid) naming the first line that is wrong
 */
export async function importLines(lines: readonly string[]): Promise<Image> {
  const [first = "", ...rows] = lines;
  const header = parsed(first, 0) as { readonly Format?: unknown; readonly Schema?: unknown };
  if (header.Format !== "innbox") throw invalid("Lines[0] is not the first line of an export.");
  if (header.Schema !== newestSchema) {
    throw invalid(`Lines[0] has schema ${header.Schema}, and this version of Innbox reads ${newestSchema} alone.`);
  }
  const memory = openMemory();
  await migrate(memory.db, systemClock);
  await claimInstallation(memory.db, "sandbox");
  let refusal: unknown;
  const work = memory.db.transaction(async (transaction) => {
    try {
      for (const [index, line] of rows.entries()) if (line.trim() !== "") await addRow(transaction, line, index + 1);
    } catch (error) {
      refusal = error;
      throw error;
    }
  });
  // The transaction fails with the error of its statement, which does not name the line; `refusal` does.
  await work.catch((error: unknown) => {
    throw refusal ?? error;
  });
  return { ...memory, taken: systemClock(), clock: undefined };
}

async function addRow(transaction: Transaction, line: string, index: number): Promise<void> {
  const { Table, Row } = parsed(line, index) as { readonly Table?: unknown; readonly Row?: unknown };
  const table = tables.find(({ name }) => name === Table);
  if (!table) throw invalid(`Lines[${index}].Table is none that an export has.`);
  try {
    await transaction.insert(table.name, [read(Row)]);
  } catch {
    throw invalid(`Lines[${index}].Row does not fit into ${table.name}.`);
  }
}

function parsed(line: string, index: number): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === "object" && value !== null) return value;
  } catch {
    // Thrown below, as for a value that is no object.
  }
  throw invalid(`Lines[${index}] is not a JSON object.`);
}

function written(row: Row): object {
  const inLine = (value: Value) =>
    value instanceof Uint8Array ? { $base64: Buffer.from(value).toString("base64") } : value;
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, inLine(value)]));
}

function read(row: unknown): Row {
  const values = Object.entries(row ?? {}).map(([column, value]): [string, Value] => {
    if (!/^[a-z_]+$/.test(column)) throw new Error(`There is no column ${column}.`);
    const isBytes = typeof value === "object" && value !== null && "$base64" in value;
    return [column, isBytes ? Buffer.from(String(value.$base64), "base64") : (value as Value)];
  });
  if (values.length === 0) throw new Error("There is no row.");
  return Object.fromEntries(values);
}
