import type { AnyAsked, Parameter } from "../../query.ts";

/** A query as the driver takes it: lists become arrays of PostgreSQL. */
export function statementOf([query, parameters = {}]: AnyAsked): {
  readonly text: string;
  readonly values: Parameter[];
} {
  const { text, names } = query.postgres;
  return { text, values: names.map((name) => parameters[name] ?? null) };
}

/** One statement for any number of rows: they come as a JSON array, and their columns have the types of the table. */
export function insertText(table: string, columns: readonly string[]): string {
  const list = columns.join(", ");
  return `INSERT INTO ${table} (${list}) SELECT ${list} FROM json_populate_recordset(NULL::${table}, $1::json)`;
}

/**
 * The same for new values of rows that are there, each found by its key alone. Joined to the table, PostgreSQL would
 * read all that a property has whenever it thinks that this is little.
 */
export function updateText(
  table: string,
  key: readonly string[],
  columns: readonly string[],
  all: readonly string[],
): string {
  const values = columns.map((column) => `${column} = excluded.${column}`).join(", ");
  return `${insertText(table, all)} ON CONFLICT (${key.join(", ")}) DO UPDATE SET ${values}`;
}
