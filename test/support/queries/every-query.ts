import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { pageQuery as copyPageQuery, lengthsQuery } from "../../../src/store/copy/pages.ts";
import { type CopiedTable, copiedTables } from "../../../src/store/copy/tables.ts";
import type { Engine } from "../../../src/store/db.ts";
import { insertText, updateText } from "../../../src/store/engines/postgres/statements.ts";
import {
  insertText as sqliteInsertText,
  updateText as sqliteUpdateText,
} from "../../../src/store/engines/sqlite/connection.ts";
import { lastUpdated, longestWaiting } from "../../../src/store/lists/inbox-threads.ts";
import type { AnySource } from "../../../src/store/lists/merged-lists.ts";
import { itemsQuery, pageQuery } from "../../../src/store/lists/newest-first.ts";
import { oldestFirst } from "../../../src/store/log/log-events.ts";
import type { Query as StoreQuery } from "../../../src/store/query.ts";
import { threadChanges, threadKey } from "../../../src/store/writing/thread-rows.ts";

/** A statement as it reaches the database. */
export interface Query {
  /** The module and the name in it, as in `lists/threads.find`. */
  readonly name: string;
  readonly text: string;
  /** What its parameters are called, by their numbers. */
  readonly names: readonly string[];
}

type AnyQuery = StoreQuery<unknown, never>;

/** A query, or one for each table that `innbox copy` goes through. */
type Queries = Readonly<Record<string, AnyQuery | ((table: CopiedTable) => AnyQuery)>>;

type Merged = Readonly<Record<string, (source: AnySource<unknown, never>, lists: number) => AnyQuery>>;

const newest: Merged = { page: pageQuery, items: itemsQuery };

/** What is made of each source of a list. */
const merged: Readonly<Record<string, Merged>> = {
  byCreation: newest,
  byUpdateDay: newest,
  byUpdateHour: newest,
  ofThread: newest,
  ofEnterprise: { events: oldestFirst.query },
  awaiting: { rows: longestWaiting.query },
  byState: { rows: lastUpdated.query },
  openOfAssignee: { rows: lastUpdated.query },
};

/** How many sources a list of the tests has: the most that are written out, the fewest, and one of the rounded numbers. */
export const sourceCounts = [1, 3, 64];

const threadColumns = [...threadKey, "id", ...threadChanges];

/** What transactions add and change by the name of a table, as `Transaction` has it. */
export const inserts: Readonly<Record<string, readonly string[]>> = {
  property_log: [
    "enterprise_id",
    "sequence",
    "created",
    "kind",
    "client_id",
    "message_thread_id",
    "message_id",
    "user_id",
    "assignee_id",
  ],
  message_thread: threadColumns,
  message: ["enterprise_id", "message_thread_id", "created", "id", "client_id", "document", "user_id"],
  note: ["enterprise_id", "id", "message_thread_id", "user_id", "created", "text"],
};

interface Update {
  readonly key: readonly string[];
  readonly columns: readonly string[];
  readonly all: readonly string[];
}

export const updates: Readonly<Record<string, Update>> = {
  message_thread: { key: threadKey, columns: threadChanges, all: threadColumns },
};

const store = fileURLToPath(new URL("../../../src/store", import.meta.url));

/** Every module of the store, whatever it exports. */
async function modules(): Promise<[name: string, exported: Readonly<Record<string, unknown>>][]> {
  const files = globSync("**/*.ts", { cwd: store, exclude: ["engines/sqlite/*-{program,worker}.ts"] }).sort();
  return Promise.all(
    files.map(
      async (file): Promise<[string, Readonly<Record<string, unknown>>]> => [
        file.replace(/\.ts$/, ""),
        (await import(pathToFileURL(join(store, file)).href)) as Readonly<Record<string, unknown>>,
      ],
    ),
  );
}

/** Every query of the store on an engine: those with a name, those of lists, and what transactions add and change. */
export async function everyQuery(engine: Engine): Promise<Query[]> {
  mustKnowWrites();
  const found = (await modules()).flatMap(([module, exported]) =>
    Object.entries(exported).flatMap(([name, value]) => [
      ...Object.entries(queriesIn(name, value)).flatMap((entry) => namedQueries(engine, module, ...entry)),
      ...Object.entries(sourcesIn(name, value)).flatMap((entry) => mergedQueries(engine, module, ...entry)),
    ]),
  );
  return [...found, ...copies(engine), ...writes(engine)].filter(({ text }) => text.trim() !== "");
}

/** @throws Error for an export that looks like queries and is not known here */
function queriesIn(name: string, value: unknown): Queries {
  if (name === "queries") return value as Queries;
  if (/quer(?:y|ies)$/i.test(name) && typeof value !== "function") throw new Error(`What is ${name}? Say it here.`);
  return {};
}

function sourcesIn(name: string, value: unknown): Readonly<Record<string, AnySource<unknown, never>>> {
  return name === "sources" ? (value as Readonly<Record<string, AnySource<unknown, never>>>) : {};
}

function namedQueries(engine: Engine, module: string, name: string, query: Queries[string]): Query[] {
  if (typeof query === "object") return [{ name: `${module}.${name}`, ...query[engine] }];
  return copiedTables.map((table) => ({ name: `${module}.${name} ${table.name}`, ...query(table)[engine] }));
}

function mergedQueries(engine: Engine, module: string, name: string, source: AnySource<unknown, never>): Query[] {
  const found = merged[name];
  if (!found) throw new Error(`What is made of the source ${module}.${name}? Say it here.`);
  return Object.entries(found).flatMap(([kind, make]) =>
    sourceCounts.map((sources) => ({
      name: `${module}.${name} ${kind} of ${sources}`,
      ...make(source, sources)[engine],
    })),
  );
}

/** What `innbox copy` reads of each table, from some place on. */
function copies(engine: Engine): Query[] {
  return copiedTables.flatMap((table) => [
    { name: `copy/pages.page ${table.name}`, ...copyPageQuery(table, true)[engine] },
    ...(table.long ? [{ name: `copy/pages.lengths ${table.name}`, ...lengthsQuery(table, true)[engine] }] : []),
  ]);
}

function writes(engine: Engine): Query[] {
  const insert = engine === "sqlite" ? sqliteInsertText : insertText;
  const added = Object.entries(inserts).map(([table, columns]) => ({
    name: `insert ${table}`,
    text: insert(table, columns),
    names: [],
  }));
  const changed = Object.entries(updates).map(([table, { key, columns, all }]) => ({
    name: `update ${table}`,
    text: engine === "sqlite" ? sqliteUpdateText(table, key, columns) : updateText(table, key, columns, all),
    names: [],
  }));
  return [...added, ...changed];
}

/** @throws Error for a table whose rows the store adds or changes by its name and that is not known here */
function mustKnowWrites(): void {
  for (const file of globSync("**/*.ts", { cwd: store })) {
    const text = readFileSync(join(store, file), "utf8");
    for (const [, kind, table = ""] of text.matchAll(/\btransaction\.(insert|update)\("(\w+)"/g)) {
      const known = kind === "insert" ? inserts : updates;
      if (!(table in known)) throw new Error(`${file} has an ${kind} of ${table}. Say it here.`);
    }
  }
}
