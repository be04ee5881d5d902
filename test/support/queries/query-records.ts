import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import type { Engine, Value } from "../../../src/store/db.ts";
import { databaseFile } from "../server/server.ts";
import { everyQuery } from "./every-query.ts";
import { parametersFor } from "./query-parameters.ts";
import { sampleId } from "./sample-names.ts";

/** A query as a version of Innbox had it, with what it was asked of the samples and what came of that. */
export interface QueryRecord {
  readonly text: string;
  /** Bytes are written as PostgreSQL does, as in `\x00ff`. */
  readonly parameters: readonly (string | number | null)[];
  readonly columns: readonly string[];
  /** How many it answered or changed; `null` where that is the schema's own business. */
  readonly rows: number | null;
}

/** By their names. */
export type QueryRecords = Readonly<Record<string, QueryRecord>>;

/** What came of a query. */
export type Outcome = Pick<QueryRecord, "columns" | "rows">;

/** Carries out queries one by one; nothing of them stays. */
export interface Runner {
  run(text: string, parameters: QueryRecord["parameters"]): Promise<Outcome>;
  close(): Promise<void>;
}

export async function openRunner(engine: Engine, url: string): Promise<Runner> {
  return engine === "sqlite" ? sqliteRunner(url) : postgresRunner(url);
}

function sqliteRunner(url: string): Runner {
  const database = new DatabaseSync(databaseFile(url));
  return {
    run: async (text, parameters) => {
      database.exec("BEGIN");
      try {
        const statement = database.prepare(text);
        const columns = statement.columns().map(({ name }) => name);
        const values = parameters.map(fromPlain);
        const rows = columns.length > 0 ? statement.all(...values).length : Number(statement.run(...values).changes);
        return { columns, rows };
      } finally {
        database.exec("ROLLBACK");
      }
    },
    close: async () => database.close(),
  };
}

async function postgresRunner(url: string): Promise<Runner> {
  const client = new pg.Client(url);
  await client.connect();
  return {
    run: async (text, parameters) => {
      await client.query("BEGIN");
      try {
        const { fields, rowCount } = await client.query(text, [...parameters]);
        return { columns: fields.map(({ name }) => name), rows: rowCount ?? 0 };
      } finally {
        await client.query("ROLLBACK");
      }
    },
    close: () => client.end(),
  };
}

const bytes = "\\x";

function fromPlain(parameter: string | number | null): string | number | null | Uint8Array {
  if (typeof parameter !== "string" || !parameter.startsWith(bytes)) return parameter;
  return Buffer.from(parameter.slice(bytes.length), "hex");
}

function plain(value: Value): string | number | null {
  return value instanceof Uint8Array ? `${bytes}${Buffer.from(value).toString("hex")}` : value;
}

/** No server asks these: `innbox copy` copies databases of its own version alone. Lists of many sources are as those of few. */
const isLeftOut = (name: string) => /^copy\/(?!progress)|createTable$| of 64$/.test(name);

/** The queries of this version, and what they come to on a database with samples. */
export async function recordQueries(engine: Engine, runner: Runner): Promise<QueryRecords> {
  const records: [string, QueryRecord][] = [];
  for (const query of await everyQuery(engine)) {
    if (isLeftOut(query.name)) continue;
    const scope = [0, 1].map((number) => sampleId("enterprise", number));
    const parameters = parametersFor(query, engine, scope).map(plain);
    const text = query.text.replace(/\s+/g, " ").trim();
    const { columns, rows } = await runner.run(text, parameters);
    const isOfSchema = query.name.startsWith("migrations/");
    records.push([query.name, { text, parameters, columns, rows: isOfSchema ? null : rows }]);
  }
  return Object.fromEntries(records);
}

/** The text of a file of records in the format that Biome keeps, which has an array on one line where it fits. */
export function recordsText(value: unknown, indent = "", before = 0): string {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item) => JSON.stringify(item));
    const line = `[${items.join(", ")}]`;
    const isShort = indent.length + before + `${line},`.length <= 120;
    return isShort ? line : `[\n${items.map((item) => `${inner}${item}`).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).map(([name, item]) => {
    const start = `${JSON.stringify(name)}: `;
    return `${inner}${start}${recordsText(item, inner, start.length)}`;
  });
  return `{\n${entries.join(",\n")}\n${indent}}`;
}
