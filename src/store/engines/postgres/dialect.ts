const orderedJoin =
  /CROSS JOIN (\w+)(?: AS (\w+))? ON ([\s\S]+?)(?=\s+(?:CROSS JOIN|LEFT JOIN|WHERE|ORDER BY|LIMIT|FOR UPDATE)\b|\s*$)/g;

/**
 * Statements are written once, in the SQL that SQLite and PostgreSQL share. The little that they say differently is
 * written as SQLite has it, and said here as PostgreSQL does:
 *
 * - `?1` is a parameter, `json_each(?1)` a JSON array of ids as rows with the column `value`.
 * - `a CROSS JOIN b ON …` has SQLite look at `a` first, and for each of its rows at `b`; LATERAL and OFFSET do so here.
 * - `INDEXED BY` is left out.
 * - What stands in a comment that begins with an exclamation mark is for PostgreSQL alone, such as the locks of rows,
 *   which SQLite has no need of.
 * - Documents are joined to bytes there, and to text here.
 */
export function postgresText(statement: string): string {
  return statement
    .replace(/\/\*!(.*?)\*\//gs, "$1")
    .replace(/\s+INDEXED BY \w+/g, "")
    .replace(orderedJoin, (_join, table: string, alias: string | undefined, condition: string) => {
      const name = alias ?? table;
      return `CROSS JOIN LATERAL (SELECT * FROM ${table} AS ${name} WHERE ${condition} OFFSET 0) AS ${name}`;
    })
    .replace(/CAST\((string_agg\(document, ','\)) AS BLOB\)/g, "$1")
    .replace(/json_each\(\?(\d+)\)(?: AS (\w+))?/g, (_, parameter: string, alias = "element") => ids(parameter, alias))
    .replace(/\?(\d+)/g, "$$$1");
}

/** As an array, since PostgreSQL takes JSON for a hundred rows, and combinations of some for so many that it plans amiss. */
function ids(parameter: string, alias: string): string {
  return `unnest(translate($${parameter}, '[]"', '{}')::uuid[]) AS ${alias} (value)`;
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
