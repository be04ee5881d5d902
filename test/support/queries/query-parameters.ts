import assert from "node:assert/strict";
import { nilIdentifier } from "../../../src/core/identifiers.ts";
import { copiedTables } from "../../../src/store/copy/copied-tables.ts";
import type { Engine, Row, Value } from "../../../src/store/db.ts";
import type { Parameter, Parameters } from "../../../src/store/query.ts";
import { inserts, type Query, updates } from "./every-query.ts";
import { sampleDigest, sampleId, sampleStart, sampleTime, second } from "./sample-data.ts";
import { listSamples, sourceSamples } from "./samples/lists.ts";
import {
  another,
  bytes,
  client,
  delivery,
  endpoint,
  integration,
  message,
  now,
  type SampledScope,
  type SampleOf,
  thread,
  threads,
  url,
  user,
} from "./samples/samples.ts";

type Make = (enterprises: readonly string[]) => readonly Value[];

/** By name, what a query of the store is asked about some enterprises; most are about the first one alone. */
const parameters: Readonly<Record<string, Make>> = {
  "directory/access.directoryVersion": () => [],
  "directory/access.access": () => [sampleDigest("client", 0), sampleDigest("integration", 0)],
  "directory/access.enterprises": () => [integration],

  "staff/assignees.worksAt": ([enterprise = ""]) => [user, enterprise],

  "copy/progress.progress": () => [],
  "copy/progress.lockProgress": () => [],
  "copy/progress.lockInstallation": () => [],
  "copy/progress.isUsed": () => [],
  "copy/progress.begin": () => ["source"],
  "copy/progress.advance": () => ["message", "[]", 1],
  "copy/progress.end": () => [],

  "directory/directory.changed": () => [],
  "directory/directory.clients": () => [nilIdentifier],
  "directory/directory.clientName": () => [client],
  "directory/directory.clientOfToken": () => [sampleDigest("client", 0)],
  "directory/directory.insertClient": () => [
    sampleId("client", another),
    "Another",
    sampleDigest("client", another),
    now,
  ],
  "copy/source.deliveries": () => [],
  "copy/target.analyze": () => [],

  "directory/directory.enableClient": () => [client, 0],
  "directory/directory.enterprises": () => [nilIdentifier],
  "directory/directory.enterpriseName": ([enterprise = ""]) => [enterprise],
  "directory/directory.insertEnterprise": () => [
    sampleId("enterprise", another),
    "Another",
    "Europe/Prague",
    "cs-CZ",
    now,
  ],
  "directory/directory.enableEnterprise": ([enterprise = ""]) => [enterprise, 1, now],
  "directory/directory.integrations": () => [nilIdentifier, now],
  "directory/directory.integration": () => [integration],
  "directory/directory.insertIntegration": ([enterprise = ""]) => [
    sampleId("integration", another),
    client,
    enterprise,
    now,
  ],
  "directory/directory.insertLink": () => [sampleId("integration", 1), sampleId("enterprise", 2), now],
  "directory/directory.deleteTokens": () => [integration],
  "directory/directory.deleteLinks": () => [integration],
  "directory/directory.deleteIntegration": () => [sampleId("integration", another)],
  "directory/directory.enableIntegration": () => [integration, 0],
  "directory/directory.insertToken": () => [sampleDigest("integration", another), integration, now],
  "directory/directory.expireTokens": () => [integration, now],

  "engines/durability.switchedOff": () => [],

  "writing/thread-rows.threads": ([enterprise = ""]) => [enterprise, JSON.stringify(threads)],

  "writing/idempotency-keys.find": ([enterprise = ""]) => [enterprise, client, "messages/add", message],
  "writing/idempotency-keys.keep": ([enterprise = ""]) => [
    enterprise,
    client,
    "messages/add",
    message,
    now,
    bytes,
    "{}",
  ],
  "writing/idempotency-keys.removeOld": ([enterprise = ""]) => [enterprise, now],

  "directory/installation.kind": () => [],
  "directory/installation.use": () => [],
  "directory/installation.setKind": () => ["sandbox"],
  "directory/installation.secretKeyCheck": () => [],
  "directory/installation.lockedSecretKeyCheck": () => [],
  "directory/installation.forgetSecretKeyCheck": () => [],
  "directory/installation.setSecretKeyCheck": () => [bytes],

  "engines/integrity.tables": () => [],

  "migrations/migrations.applied": () => [],
  "migrations/migrations.insert": () => [another, "another", "", now],
  "migrations/migrations.newest": () => [],
  "migrations/migrations.setRunsWith": () => [1, 1],
  "migrations/migrations.table": () => [],
  "migrations/migrations.anyTable": () => [],
  "migrations/migrations.unpartitioned": () => [],
  "migrations/migrations.partitions": () => [],
  "migrations/migrations.lock": () => [],

  "staff/saved-replies.list": (enterprises) => [JSON.stringify(enterprises)],
  "staff/saved-replies.set": ([enterprise = ""]) => [
    enterprise,
    "early",
    "en",
    sampleId("reply", another),
    "Dear",
    now,
  ],
  "staff/saved-replies.delete": ([enterprise = ""]) => [enterprise, sampleId("reply", 0)],

  "staff/devices.ofUser": () => [user],
  "staff/devices.known": () => [sampleDigest("device", 0)],
  "staff/devices.ofEmail": () => ["user-0@hotel.example"],
  "staff/devices.keep": () => [user, sampleDigest("device", another), now],
  "staff/devices.deleteOthers": () => [user, sampleDigest("device", another)],
  "staff/devices.removeSurplus": () => [user],
  "staff/devices.removeOld": () => [now],

  "staff/links.find": () => [sampleDigest("link", 0), now],
  "staff/links.page": () => [bytes, sampleStart],
  "staff/links.ofUsers": () => [JSON.stringify([user, sampleId("user", 1)]), sampleStart],
  "staff/links.ofId": () => [sampleDigest("link", 0), sampleDigest("link", 0), sampleStart],
  "staff/links.delete": () => [sampleDigest("link", 0)],
  "staff/links.insert": () => [sampleDigest("link", another), "Reset", user, user, now, now],
  "staff/links.take": () => [sampleDigest("link", 0), now],
  "staff/links.forgetOf": () => [user],
  "staff/links.forgetFirstOwner": () => [],
  "staff/links.removeOld": () => [now],

  "staff/staff-properties.page": () => [nilIdentifier],
  "staff/staff-properties.ofUser": () => [user],
  "staff/staff-properties.setReplyTarget": ([enterprise = ""]) => [enterprise, 30],

  "staff/sessions.find": () => [sampleDigest("session", 0)],
  "staff/sessions.newest": () => [user],
  "staff/sessions.insert": () => [
    sampleId("session", another),
    sampleDigest("session", another),
    user,
    "Browser",
    "127.0.0.1",
    now,
  ],
  "staff/sessions.touch": () => [sampleId("session", 0), now],
  "staff/sessions.delete": () => [sampleId("session", 0), user],
  "staff/sessions.deleteAll": () => [user],
  "staff/sessions.deleteOthers": () => [user, sampleId("session", 0)],
  "staff/sessions.removeOld": () => [now],

  "staff/throttle.find": () => [sampleDigest("throttle", 0)],
  "staff/throttle.lock": () => [sampleDigest("throttle", another)],
  "staff/throttle.set": () => [sampleDigest("throttle", 0), 1, now, now],
  "staff/throttle.delete": () => [sampleDigest("throttle", 0)],
  "staff/throttle.removeOld": () => [now],

  "staff/users.page": () => [nilIdentifier],
  "staff/users.owners": () => [nilIdentifier],
  "staff/users.otherOwner": () => [user],
  "staff/users.find": () => [user],
  "staff/users.locked": () => [user],
  "staff/users.lockedOfEmail": () => ["user-0@hotel.example"],
  "staff/users.credentials": () => [user],
  "staff/users.credentialsOfEmail": () => ["user-0@hotel.example"],
  "staff/users.lockedCredentials": () => [user],
  "staff/users.preferences": () => [user],
  "staff/users.insert": () => [sampleId("user", another), "another@hotel.example", "Another", 0, now],
  "staff/users.update": () => [user, "Renamed", 1, 1],
  "staff/users.setPassword": () => [user, "$argon2id$"],
  "staff/users.setPreferences": () => [user, "{}"],
  "staff/users.members": (enterprises) => [JSON.stringify(enterprises)],
  "staff/users.memberships": () => [JSON.stringify([user, sampleId("user", 1)])],
  "staff/users.setMembership": ([enterprise = ""]) => [user, enterprise, "Manager", now],
  "staff/users.deleteMembership": ([enterprise = ""]) => [user, enterprise],

  "writing/stale-summaries.stale": () => [],

  "writing/recompute-summary.position": ([enterprise = ""]) => [enterprise, client, sampleTime(1)],

  "search/search.numbers": (enterprises) => [JSON.stringify(enterprises)],
  "search/search.ends": (enterprises) => [JSON.stringify(enterprises)],
  "search/search-index.begin": ([enterprise = ""]) => [enterprise],
  "search/search-index.progress": ([enterprise = ""]) => [enterprise],
  "search/search-index.entries": ([enterprise = ""]) => [enterprise, 1, 100],
  "search/search-index.advance": ([enterprise = ""]) => [enterprise, 1, 100],
  "search/search-index.behind": () => [nilIdentifier, 10],
  "search/search-index.addDocuments": ([enterprise = ""]) => [
    enterprise,
    JSON.stringify([{ sequence: another, created: now, words: "'late':1" }]),
  ],
  "search/search-index.taken": () => [1],
  "search/search-index.addDocument": () => [1, 1, 1],
  "search/search-index.addText": () => [1, "p1", "jane", "stay", "late"],
  "search/search-index.addWords": ([enterprise = ""]) => [enterprise, '{"late":1}'],
  "search/search-index.addWords on sqlite": () => [1, '{"late":1}'],
  "search/vocabulary.beginningWith": (enterprises) => [JSON.stringify(enterprises), "lat", "lau", 10],
  "search/vocabulary.isKnown": (enterprises) => [JSON.stringify(enterprises), "late"],
  "search/vocabulary.hasSimilar": () => [],

  "webhooks/claims.idle": () => [now],
  "webhooks/claims.nextDue": () => [now],
  "webhooks/claims.postpone": ([enterprise = ""]) => [enterprise, delivery, now],
  "webhooks/claims.take": () => [endpoint, now],
  "webhooks/claims.lease": () => [endpoint, "holder", now],
  "webhooks/claims.release": () => [endpoint, "holder", now],
  "webhooks/claims.due": () => [endpoint, now],
  "webhooks/claims.mayHear": ([enterprise = ""]) => [integration, enterprise],
  "webhooks/claims.current": ([enterprise = ""]) => [enterprise, delivery],
  "webhooks/claims.insertAttempt": ([enterprise = ""]) => [
    enterprise,
    delivery,
    2,
    now,
    second,
    500,
    null,
    "{}",
    "{}",
    "",
  ],
  "webhooks/claims.settle": ([enterprise = ""]) => [enterprise, delivery, "waiting", now, 2],
  "webhooks/claims.giveUp": ([enterprise = ""]) => [enterprise, delivery],
  "webhooks/claims.succeeded": () => [endpoint],
  "webhooks/claims.failed": () => [endpoint, now, url],
  "webhooks/claims.disable": () => [endpoint, "It failed.", url, null],

  "webhooks/deliveries.insert": ([enterprise = ""]) => [
    enterprise,
    sampleId("delivery", another),
    endpoint,
    integration,
    now,
    0,
    bytes,
  ],
  "webhooks/deliveries.newest": () => [sampleStart, 20],
  "webhooks/deliveries.newestFailed": () => [sampleStart, 20],
  "webhooks/deliveries.find": () => [delivery],
  "webhooks/deliveries.attempts": ([enterprise = ""]) => [enterprise, delivery],
  "webhooks/deliveries.resend": ([enterprise = ""]) => [enterprise, delivery, now],
  "webhooks/deliveries.resendFailed": ([enterprise = ""]) => [enterprise, delivery, now],
  "webhooks/deliveries.someFailed": () => [sampleStart, nilIdentifier],
  "webhooks/deliveries.someOld": () => [now, 8],
  "webhooks/deliveries.remove": ([enterprise = ""]) => [enterprise, sampleId("delivery", 0)],

  "webhooks/hold.since": () => [],
  "webhooks/hold.lockedSince": () => [],
  "webhooks/hold.set": () => [now],

  "webhooks/endpoints.list": () => [nilIdentifier],
  "webhooks/endpoints.find": () => [endpoint],
  "webhooks/endpoints.ofClient": () => [client, "general"],
  "webhooks/endpoints.insert": () => [sampleId("endpoint", another), client, "integration", url, "[]", bytes, now],
  "webhooks/endpoints.update": () => [endpoint, url, null],
  "webhooks/endpoints.enable": () => [endpoint],
  "webhooks/endpoints.disable": () => [endpoint, "It was told to."],
  "webhooks/endpoints.rotate": () => [endpoint, bytes, now],
  "webhooks/endpoints.forgetSecret": () => [endpoint, bytes],
  "webhooks/endpoints.forgetDeliveries": () => [endpoint],
  "webhooks/endpoints.lockWaiting": () => [endpoint],
  "webhooks/endpoints.skip": ([enterprise = ""]) => [enterprise, endpoint, integration],

  "webhooks/queue.mark": ([enterprise = ""]) => [enterprise, client, now, now],
  "webhooks/queue.markIntegration": () => [integration, now],
  "webhooks/queue.markEnterprise": ([enterprise = ""]) => [enterprise, now],
  "webhooks/queue.forgetIntegration": () => [integration],
  "webhooks/queue.longestWaiting": () => [endpoint],
  "webhooks/queue.listener": ([enterprise = ""]) => [integration, enterprise],
  "webhooks/queue.forget": ([enterprise = ""]) => [enterprise, endpoint, integration],
  "webhooks/queue.advance": ([enterprise = ""]) => [enterprise, endpoint, integration, now, null],

  "writing/log-ends.lock": ([enterprise = ""]) => [enterprise],
  "writing/log-ends.begin": ([enterprise = ""]) => [enterprise],
  "writing/log-ends.save": ([enterprise = ""]) => [enterprise, 1, now],
  "writing/load-group.written": ([enterprise = ""]) => [enterprise, message],
};

const samples: Readonly<Record<string, Readonly<Record<string, SampleOf>>>> = listSamples;

interface SourceSample {
  readonly shared: Parameters;
  readonly own: (enterpriseId: string) => Parameters;
}

const samplesOfSources: Readonly<Record<string, Readonly<Record<string, SourceSample>>>> = sourceSamples;

/**
 * What a query is asked about these enterprises, be it one or several.
 * @throws Error for a query that this list does not have yet
 */
export function parametersFor(query: Query, engine: Engine, enterprises: readonly string[]): readonly Value[] {
  const { name, text, names } = query;
  if (names) {
    const parameters = namedParameters(name, enterprises);
    assert.deepEqual([...names].sort(), Object.keys(parameters).sort(), `${name} has other parameters: ${text}`);
    return names.map((each) => encoded(engine, parameters[each] ?? null));
  }
  const [, kind = "", table = ""] = /^(insert|update) (\w+)$/.exec(name) ?? [];
  if (kind !== "") return writtenBy(kind, table, engine, enterprises);
  const [, copied] = /^copy\/(?:source|target|pages)\.\w+ (\w+)$/.exec(name) ?? [];
  if (copied !== undefined) return copiedFrom(name, copied);
  const make = parameters[`${name} on ${engine}`] ?? parameters[name];
  if (!make) throw new Error(`What is ${name} asked in the tests? Say it here. ${text}`);
  return make(enterprises);
}

function namedParameters(name: string, enterpriseIds: readonly string[]): Parameters {
  const [, module = "", own = "", count] = /^(\S+)\.(\w+)(?: \w+ of (\d+))?$/.exec(name) ?? [];
  const scope = { enterpriseId: enterpriseIds[0] ?? "", enterpriseIds };
  if (count !== undefined)
    return mergedParameters(samplesOfSources[module]?.[own] ?? unknown(name), Number(count), scope);
  return (samples[module]?.[own] ?? unknown(name))(scope);
}

function unknown(name: string): never {
  throw new Error(`What is ${name} asked in the tests? Say it in the samples.`);
}

function mergedParameters({ shared, own }: SourceSample, count: number, { enterpriseIds }: SampledScope): Parameters {
  const lists = Array.from({ length: count }, (_, index) => {
    const values = own(enterpriseIds[index % enterpriseIds.length] ?? "");
    return Object.entries(values).map(([name, value]) => [`${name}${index}`, value] as const);
  });
  return { ...shared, limit: 10, ...Object.fromEntries(lists.flat()) };
}

/** As the engine hands it to the database. */
function encoded(engine: Engine, parameter: Parameter): Value {
  if (typeof parameter !== "object" || parameter === null || parameter instanceof Uint8Array) return parameter;
  return engine === "sqlite" ? JSON.stringify(parameter) : `{${parameter.join(",")}}`;
}

/** From the start of a table on. */
function copiedFrom(name: string, table: string): readonly Value[] {
  const { key = [] } = copiedTables.find((each) => each.name === table) ?? {};
  const place = key.map((column) => (table === "installation" ? 0 : (first[column] ?? nilIdentifier)));
  if (name.includes(".page ")) return [...place, 10];
  return name.includes(".lengths ") ? [...place, 10, 1000] : [];
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
