import assert from "node:assert/strict";
import { nilIdentifier } from "../../../src/core/identifiers.ts";
import { copiedTables } from "../../../src/store/copy/tables.ts";
import type { Engine, Row, Value } from "../../../src/store/db.ts";
import { numberedName } from "../../../src/store/lists/merged-lists.ts";
import type { Parameter, Parameters } from "../../../src/store/query.ts";
import { inserts, type Query, updates } from "./every-query.ts";
import { sampleId, sampleTime } from "./sample-names.ts";
import { directoryRoom } from "./samples/directory.ts";
import { listRoom, sourceSamples } from "./samples/lists.ts";
import { another, client, message, now, type SampledScope, type SampleOf, thread, user } from "./samples/samples.ts";
import { searchRoom } from "./samples/search.ts";
import { staffRoom } from "./samples/staff.ts";
import { webhookRoom } from "./samples/webhooks.ts";
import { wholeDatabase } from "./samples/whole.ts";
import { writingRoom } from "./samples/writing.ts";

/** By module and name, what a query of the store is asked about some enterprises. */
const samples: Readonly<Record<string, Readonly<Record<string, SampleOf>>>> = {
  ...directoryRoom,
  ...listRoom,
  ...searchRoom,
  ...staffRoom,
  ...webhookRoom,
  ...wholeDatabase,
  ...writingRoom,
};

interface SourceSample {
  readonly shared: Parameters;
  readonly own: (enterpriseId: string) => Parameters;
}

const samplesOfSources: Readonly<Record<string, Readonly<Record<string, SourceSample>>>> = sourceSamples;

/**
 * What a query is asked about these enterprises, be it one or several, as the engine hands it to the database.
 * @throws Error for a query without a sample, or with another one than its text has parameters
 */
export function parametersFor(query: Query, engine: Engine, enterprises: readonly string[]): readonly Value[] {
  const { name, text, names } = query;
  const [, kind = "", table = ""] = /^(insert|update) (\w+)$/.exec(name) ?? [];
  if (kind !== "") return writtenBy(kind, table, engine, enterprises);
  const parameters = namedParameters(name, enterprises);
  assert.deepEqual([...names].sort(), Object.keys(parameters).sort(), `${name} has other parameters: ${text}`);
  return names.map((each) => encoded(engine, parameters[each] ?? null));
}

function namedParameters(name: string, enterpriseIds: readonly string[]): Parameters {
  const [, query = "", table] = /^copy\/(?:copy|pages)\.(count|any|page|lengths) (\w+)$/.exec(name) ?? [];
  if (table !== undefined) return copiedFrom(query, table);
  const [, module = "", own = "", count] = /^(\S+)\.(\w+)(?: \w+ of (\d+))?$/.exec(name) ?? [];
  const scope = { enterpriseId: enterpriseIds[0] ?? "", enterpriseIds };
  if (count === undefined) return (samples[module]?.[own] ?? unknown(name))(scope);
  return mergedParameters(samplesOfSources[module]?.[own] ?? unknown(name), Number(count), scope);
}

function unknown(name: string): never {
  throw new Error(`What is ${name} asked in the tests? Say it in the samples.`);
}

function mergedParameters({ shared, own }: SourceSample, count: number, { enterpriseIds }: SampledScope): Parameters {
  const lists = Array.from({ length: count }, (_, index) => {
    const values = own(enterpriseIds[index % enterpriseIds.length] ?? "");
    return Object.entries(values).map(([name, value]) => [numberedName(name, index), value] as const);
  });
  return { ...shared, limit: 10, ...Object.fromEntries(lists.flat()) };
}

function encoded(engine: Engine, parameter: Parameter): Value {
  if (typeof parameter !== "object" || parameter === null || parameter instanceof Uint8Array) return parameter;
  return engine === "sqlite" ? JSON.stringify(parameter) : `{${parameter.join(",")}}`;
}

/** From the start of a table on. */
function copiedFrom(query: string, table: string): Parameters {
  if (query === "count" || query === "any") return {};
  const { key = [] } = copiedTables.find((each) => each.name === table) ?? {};
  const place = key.map((column) => [column, table === "installation" ? 0 : (first[column] ?? nilIdentifier)] as const);
  return { ...Object.fromEntries(place), rows: 10, ...(query === "lengths" && { bytes: 1000 }) };
}

/** What comes before every value of a column that holds no identifiers. */
const first: Row = {
  id: nilIdentifier,
  digest: Buffer.of(),
  sequence: 0,
  created: 0,
  number: 0,
  operation: "",
  key: "",
};

/** A value for each column of the tables whose rows transactions add and change by the name of the table. */
const values: Row = {
  sequence: another,
  kind: "MessageAdded",
  client_id: client,
  message_thread_id: thread,
  message_id: message,
  updated: now,
  is_resolved: 1,
  document: "{}",
  assignee_id: user,
  waiting_since: null,
  last_words: "Dear",
  last_sender: "Application",
  last_user_id: user,
  last_position: 5,
  counted: 1,
  summarized: now,
  user_id: user,
  text: "Dear",
};

function writtenBy(kind: string, table: string, engine: Engine, enterprises: readonly string[]): readonly Value[] {
  const [enterprise_id = ""] = enterprises;
  // A row that is added must not be there yet, and one that is changed must.
  const own =
    kind === "insert" ? { created: now, id: sampleId("message", another) } : { created: sampleTime(0), id: thread };
  const row = { ...values, ...own, enterprise_id };
  const { key = [], columns = [], all = inserts[table] ?? [] } = (kind === "update" && updates[table]) || {};
  if (engine === "postgres") return [JSON.stringify([pick(row, all)])];
  return Object.values(pick(row, kind === "insert" ? all : [...columns, ...key]));
}

function pick(row: Row, columns: readonly string[]): Row {
  return Object.fromEntries(columns.map((column) => [column, row[column] ?? null]));
}
