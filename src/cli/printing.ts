import type { Terminal, Values } from "./command.ts";

/** Rows under headings, in columns as wide as they need to be. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [headings, ...rows]
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

type Cell = string | number | boolean | readonly string[] | null;

/**
 * What a list prints of each record: a heading for people, a field for machines, and where its value is, unless it is
 * the record's own field of this name.
 */
export type Column<R> =
  | readonly [heading: string, field: keyof R & string]
  | readonly [heading: string, field: string, value: (record: R) => Cell];

/** Prints records as a table for people or as JSON for machines. */
export function printList<R extends object>(
  terminal: Terminal,
  values: Values,
  columns: readonly Column<R>[],
  records: readonly R[],
  whenEmpty: string,
): void {
  const shown = records.map((record) => fieldsOf(columns, record));
  if (values.has("json")) {
    printJson(terminal, shown);
  } else if (records.length === 0) {
    terminal.note(whenEmpty);
  } else {
    const cells = shown.map((fields) => Object.values(fields).map(cellOf));
    const headings = columns.map(([heading]) => heading);
    terminal.out(table(headings, cells));
  }
}

/** The fields of a record that its columns name, as machines get them. */
export function fieldsOf<R extends object>(
  columns: readonly Column<R>[],
  record: R,
): Readonly<Record<string, unknown>> {
  const fields = new Map<string, unknown>(Object.entries(record));
  return Object.fromEntries(columns.map(([, field, value]) => [field, value ? value(record) : fields.get(field)]));
}

function cellOf(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value === null) return "-";
  return Array.isArray(value) ? value.join(", ") : String(value);
}

export function printJson(terminal: Terminal, answer: unknown): void {
  terminal.out(JSON.stringify(answer, null, 2));
}

/** Prints what was made: JSON for machines, otherwise a sentence on stderr and the bare value on stdout. */
export function printMade(terminal: Terminal, values: Values, made: object, note: string, value: string): void {
  if (values.has("json")) {
    printJson(terminal, made);
    return;
  }
  terminal.note(note);
  terminal.out(value);
}
