import { nilIdentifier } from "../../src/identifiers.ts";
import { copiedTables } from "../../src/store/copy-tables.ts";
import type { Engine, Row, Value } from "../../src/store/db.ts";
import { inserts, type Query, updates } from "./every-query.ts";
import { sampleDigest, sampleId, sampleStart, sampleTime, second } from "./sample-data.ts";

type Make = (enterprises: readonly string[]) => readonly Value[];

const client = sampleId("client", 0);
const integration = sampleId("integration", 0);
const endpoint = sampleId("endpoint", 0);
const delivery = sampleId("delivery", 1);
const user = sampleId("user", 0);
const now = sampleTime(100_000);
const day = 86_400 * second;
const url = "https://partner-0.example/";
const bytes = Buffer.from("sealed");

/** Ids of threads and messages of the first enterprises of the samples, as many as a request asks for. */
const threads = [0, 1, 2].flatMap((enterprise) =>
  [0, 1].map((number) => sampleId("thread", enterprise * 1_000_000 + number)),
);
const messages = threads.map((id) => id.replace(/^7/, "5"));
const thread = threads[0] ?? "";
const message = messages[0] ?? "";

/** What no sample has the id of. */
const another = 9_999_999;

/** Bounds that all lists share: the client, the start, and the place before which its items lie. */
const bounds = [client, 0, now, nilIdentifier] as const;

/** By name, what a query of the store is asked about some enterprises; most are about the first one alone. */
const parameters: Readonly<Record<string, Make>> = {
  "access.directoryVersion": () => [],
  "access.access": () => [sampleDigest("client", 0), sampleDigest("integration", 0)],
  "access.enterprises": () => [integration],

  "assignees.worksAt": ([enterprise = ""]) => [user, enterprise],

  "copies.progress": () => [],
  "copies.lockProgress": () => [],
  "copies.lockInstallation": () => [],
  "copies.isUsed": () => [],
  "copies.begin": () => ["source"],
  "copies.advance": () => ["message", "[]", 1],
  "copies.end": () => [],

  "directory.changed": () => [],
  "directory.clients": () => [nilIdentifier],
  "directory.clientName": () => [client],
  "directory.clientOfToken": () => [sampleDigest("client", 0)],
  "directory.insertClient": () => [sampleId("client", another), "Another", sampleDigest("client", another), now],
  "copy-source.deliveries": () => [],
  "copy-target.analyze": () => [],

  "directory.enableClient": () => [client, 0],
  "directory.enterprises": () => [nilIdentifier],
  "directory.enterpriseName": ([enterprise = ""]) => [enterprise],
  "directory.insertEnterprise": () => [sampleId("enterprise", another), "Another", "Europe/Prague", "cs-CZ", now],
  "directory.enableEnterprise": ([enterprise = ""]) => [enterprise, 1, now],
  "directory.integrations": () => [nilIdentifier, now],
  "directory.integration": () => [integration],
  "directory.insertIntegration": ([enterprise = ""]) => [sampleId("integration", another), client, enterprise, now],
  "directory.insertLink": () => [sampleId("integration", 1), sampleId("enterprise", 2), now],
  "directory.deleteTokens": () => [integration],
  "directory.deleteLinks": () => [integration],
  "directory.deleteIntegration": () => [sampleId("integration", another)],
  "directory.enableIntegration": () => [integration, 0],
  "directory.insertToken": () => [sampleDigest("integration", another), integration, now],
  "directory.expireTokens": () => [integration, now],

  "durability.switchedOff": () => [],

  "group-threads.threads": ([enterprise = ""]) => [enterprise, JSON.stringify(threads)],

  "idempotency-keys.find": ([enterprise = ""]) => [enterprise, client, "messages/add", message],
  "idempotency-keys.keep": ([enterprise = ""]) => [enterprise, client, "messages/add", message, now, bytes, "{}"],
  "idempotency-keys.removeOld": ([enterprise = ""]) => [enterprise, now],

  "inbox-counts.add": ([enterprise = ""]) => [enterprise, user, 1, 1, 0],
  "inbox-counts.ofProperties": (enterprises) => [JSON.stringify(enterprises)],

  "inbox-threads.rows": (enterprises) => [JSON.stringify(enterprises), JSON.stringify(threads)],

  "installation.kind": () => [],
  "installation.use": () => [],
  "installation.setKind": () => ["sandbox"],
  "installation.secretKeyCheck": () => [],
  "installation.lockedSecretKeyCheck": () => [],
  "installation.forgetSecretKeyCheck": () => [],
  "installation.setSecretKeyCheck": () => [bytes],

  "integrity.tables": () => [],

  "log-events.ends": (enterprises) => [JSON.stringify(enterprises)],

  "messages.place": (enterprises) => [JSON.stringify(enterprises), message, client],
  "messages.pageOfIds": (enterprises) => [JSON.stringify(enterprises), JSON.stringify(messages), ...bounds, null, 10],

  "migrations.applied": () => [],
  "migrations.insert": () => [another, "another", "", now],
  "migrations.newest": () => [],
  "migrations.setRunsWith": () => [1, 1],
  "migrations.table": () => [],
  "migrations.anyTable": () => [],
  "migrations.unpartitioned": () => [],
  "migrations.partitions": () => [],
  "migrations.lock": () => [],

  "property-log.ends": (enterprises) => [JSON.stringify(enterprises)],
  "property-log.entries": ([enterprise = ""]) => [enterprise, 5, 10],

  "saved-replies.list": (enterprises) => [JSON.stringify(enterprises)],
  "saved-replies.set": ([enterprise = ""]) => [enterprise, "early", "en", sampleId("reply", another), "Dear", now],
  "saved-replies.delete": ([enterprise = ""]) => [enterprise, sampleId("reply", 0)],

  "staff-devices.ofUser": () => [user],
  "staff-devices.known": () => [sampleDigest("device", 0)],
  "staff-devices.ofEmail": () => ["user-0@hotel.example"],
  "staff-devices.keep": () => [user, sampleDigest("device", another), now],
  "staff-devices.deleteOthers": () => [user, sampleDigest("device", another)],
  "staff-devices.removeSurplus": () => [user],
  "staff-devices.removeOld": () => [now],

  "staff-links.find": () => [sampleDigest("link", 0), now],
  "staff-links.page": () => [bytes, sampleStart],
  "staff-links.ofUsers": () => [JSON.stringify([user, sampleId("user", 1)]), sampleStart],
  "staff-links.ofId": () => [sampleDigest("link", 0), sampleDigest("link", 0), sampleStart],
  "staff-links.delete": () => [sampleDigest("link", 0)],
  "staff-links.insert": () => [sampleDigest("link", another), "Reset", user, user, now, now],
  "staff-links.take": () => [sampleDigest("link", 0), now],
  "staff-links.forgetOf": () => [user],
  "staff-links.forgetFirstOwner": () => [],
  "staff-links.removeOld": () => [now],

  "staff-properties.page": () => [nilIdentifier],
  "staff-properties.ofUser": () => [user],
  "staff-properties.setReplyTarget": ([enterprise = ""]) => [enterprise, 30],

  "staff-sessions.find": () => [sampleDigest("session", 0)],
  "staff-sessions.newest": () => [user],
  "staff-sessions.insert": () => [
    sampleId("session", another),
    sampleDigest("session", another),
    user,
    "Browser",
    "127.0.0.1",
    now,
  ],
  "staff-sessions.touch": () => [sampleId("session", 0), now],
  "staff-sessions.delete": () => [sampleId("session", 0), user],
  "staff-sessions.deleteAll": () => [user],
  "staff-sessions.deleteOthers": () => [user, sampleId("session", 0)],
  "staff-sessions.removeOld": () => [now],

  "staff-throttle.find": () => [sampleDigest("throttle", 0)],
  "staff-throttle.lock": () => [sampleDigest("throttle", another)],
  "staff-throttle.set": () => [sampleDigest("throttle", 0), 1, now, now],
  "staff-throttle.delete": () => [sampleDigest("throttle", 0)],
  "staff-throttle.removeOld": () => [now],

  "staff-users.page": () => [nilIdentifier],
  "staff-users.owners": () => [nilIdentifier],
  "staff-users.otherOwner": () => [user],
  "staff-users.find": () => [user],
  "staff-users.locked": () => [user],
  "staff-users.lockedOfEmail": () => ["user-0@hotel.example"],
  "staff-users.credentials": () => [user],
  "staff-users.credentialsOfEmail": () => ["user-0@hotel.example"],
  "staff-users.lockedCredentials": () => [user],
  "staff-users.preferences": () => [user],
  "staff-users.insert": () => [sampleId("user", another), "another@hotel.example", "Another", 0, now],
  "staff-users.update": () => [user, "Renamed", 1, 1],
  "staff-users.setPassword": () => [user, "$argon2id$"],
  "staff-users.setPreferences": () => [user, "{}"],
  "staff-users.members": (enterprises) => [JSON.stringify(enterprises)],
  "staff-users.memberships": () => [JSON.stringify([user, sampleId("user", 1)])],
  "staff-users.setMembership": ([enterprise = ""]) => [user, enterprise, "Manager", now],
  "staff-users.deleteMembership": ([enterprise = ""]) => [user, enterprise],

  "stale-summaries.stale": () => [],

  "summary-of-messages.position": ([enterprise = ""]) => [enterprise, client, sampleTime(1)],

  "thread-items.messages": ([enterprise = ""]) => [enterprise, thread, now, 10],
  "thread-items.entries": ([enterprise = ""]) => [enterprise, thread, now, 10],

  "thread-readings.readings": (enterprises) => [JSON.stringify(enterprises), JSON.stringify(threads), user],
  "thread-readings.setReading": ([enterprise = ""]) => [enterprise, thread, user, 7],
  "thread-readings.draft": ([enterprise = ""]) => [enterprise, thread, user],
  "thread-readings.setDraft": ([enterprise = ""]) => [enterprise, thread, user, "Dear", now],
  "thread-readings.forgetDraft": ([enterprise = ""]) => [enterprise, thread, user],

  "search.numbers": (enterprises) => [JSON.stringify(enterprises)],
  "search.ends": (enterprises) => [JSON.stringify(enterprises)],
  "search-index.begin": ([enterprise = ""]) => [enterprise],
  "search-index.progress": ([enterprise = ""]) => [enterprise],
  "search-index.entries": ([enterprise = ""]) => [enterprise, 1, 100],
  "search-index.advance": ([enterprise = ""]) => [enterprise, 1, 100],
  "search-index.behind": () => [nilIdentifier, 10],
  "search-index.addDocuments": ([enterprise = ""]) => [
    enterprise,
    JSON.stringify([{ sequence: another, created: now, words: "'late':1" }]),
  ],
  "search-index.taken": () => [1],
  "search-index.addDocument": () => [1, 1, 1],
  "search-index.addText": () => [1, "p1", "jane", "stay", "late"],
  "search-index.addWords": ([enterprise = ""]) => [enterprise, '{"late":1}'],
  "search-index.addWords on sqlite": () => [1, '{"late":1}'],
  "search-items.message": ([enterprise = ""]) => [enterprise, thread, sampleTime(1)],
  "search-items.note": ([enterprise = ""]) => [enterprise, message],
  "search-vocabulary.beginningWith": (enterprises) => [JSON.stringify(enterprises), "lat", "lau", 10],
  "search-vocabulary.isKnown": (enterprises) => [JSON.stringify(enterprises), "late"],
  "search-vocabulary.hasSimilar": () => [],

  "threads.usedDays": (enterprises) => [JSON.stringify(enterprises), client, 0, Math.floor(now / day)],
  "threads.usedHours": (enterprises) => [
    JSON.stringify(enterprises),
    client,
    24 * (sampleStart / day),
    24 * (sampleStart / day) + 24,
  ],
  "threads.find": (enterprises) => [JSON.stringify(enterprises), thread, client],
  "threads.locate": (enterprises) => [JSON.stringify(enterprises), JSON.stringify(threads), client],
  "threads.pageOfIds": (enterprises) => [JSON.stringify(enterprises), JSON.stringify(threads), ...bounds, 0, now, 10],

  "webhook-claims.idle": () => [now],
  "webhook-claims.nextDue": () => [now],
  "webhook-claims.postpone": ([enterprise = ""]) => [enterprise, delivery, now],
  "webhook-claims.take": () => [endpoint, now],
  "webhook-claims.lease": () => [endpoint, "holder", now],
  "webhook-claims.release": () => [endpoint, "holder", now],
  "webhook-claims.due": () => [endpoint, now],
  "webhook-claims.mayHear": ([enterprise = ""]) => [integration, enterprise],
  "webhook-claims.current": ([enterprise = ""]) => [enterprise, delivery],
  "webhook-claims.insertAttempt": ([enterprise = ""]) => [
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
  "webhook-claims.settle": ([enterprise = ""]) => [enterprise, delivery, "waiting", now, 2],
  "webhook-claims.giveUp": ([enterprise = ""]) => [enterprise, delivery],
  "webhook-claims.succeeded": () => [endpoint],
  "webhook-claims.failed": () => [endpoint, now, url],
  "webhook-claims.disable": () => [endpoint, "It failed.", url, null],

  "webhook-deliveries.insert": ([enterprise = ""]) => [
    enterprise,
    sampleId("delivery", another),
    endpoint,
    integration,
    now,
    0,
    bytes,
  ],
  "webhook-deliveries.newest": () => [sampleStart, 20],
  "webhook-deliveries.newestFailed": () => [sampleStart, 20],
  "webhook-deliveries.find": () => [delivery],
  "webhook-deliveries.attempts": ([enterprise = ""]) => [enterprise, delivery],
  "webhook-deliveries.resend": ([enterprise = ""]) => [enterprise, delivery, now],
  "webhook-deliveries.resendFailed": ([enterprise = ""]) => [enterprise, delivery, now],
  "webhook-deliveries.someFailed": () => [sampleStart, nilIdentifier],
  "webhook-deliveries.someOld": () => [now],
  "webhook-deliveries.remove": ([enterprise = ""]) => [enterprise, sampleId("delivery", 0)],

  "webhook-hold.since": () => [],
  "webhook-hold.lockedSince": () => [],
  "webhook-hold.set": () => [now],

  "webhook-endpoints.list": () => [nilIdentifier],
  "webhook-endpoints.find": () => [endpoint],
  "webhook-endpoints.ofClient": () => [client, "general"],
  "webhook-endpoints.insert": () => [sampleId("endpoint", another), client, "integration", url, "[]", bytes, now],
  "webhook-endpoints.update": () => [endpoint, url, null],
  "webhook-endpoints.enable": () => [endpoint],
  "webhook-endpoints.disable": () => [endpoint, "It was told to."],
  "webhook-endpoints.rotate": () => [endpoint, bytes, now],
  "webhook-endpoints.forgetSecret": () => [endpoint, bytes],
  "webhook-endpoints.forgetDeliveries": () => [endpoint],
  "webhook-endpoints.lockWaiting": () => [endpoint],
  "webhook-endpoints.skip": ([enterprise = ""]) => [enterprise, endpoint, integration],

  "webhook-queue.mark": ([enterprise = ""]) => [enterprise, client, now, now],
  "webhook-queue.markIntegration": () => [integration, now],
  "webhook-queue.markEnterprise": ([enterprise = ""]) => [enterprise, now],
  "webhook-queue.forgetIntegration": () => [integration],
  "webhook-queue.longestWaiting": () => [endpoint],
  "webhook-queue.listener": ([enterprise = ""]) => [integration, enterprise],
  "webhook-queue.forget": ([enterprise = ""]) => [enterprise, endpoint, integration],
  "webhook-queue.advance": ([enterprise = ""]) => [enterprise, endpoint, integration, now, null],

  "write-group.property": ([enterprise = ""]) => [enterprise],
  "write-group.insertProperty": ([enterprise = ""]) => [enterprise],
  "write-group.updateProperty": ([enterprise = ""]) => [enterprise, 1, now],
  "write-group.written": ([enterprise = ""]) => [enterprise, message],
};

/** What is asked of one source of a list, by the name of the source. */
const sources: Readonly<Record<string, { readonly shared: readonly Value[]; readonly own: Make }>> = {
  "threads.byCreation": { shared: bounds, own: ([enterprise = ""]) => [enterprise] },
  "threads.byUpdateDay": {
    shared: [...bounds, 0, now],
    own: ([enterprise = ""]) => [enterprise, sampleTime(0) / day],
  },
  "threads.byUpdateHour": {
    shared: [...bounds, 0, now],
    own: ([enterprise = ""]) => [enterprise, (sampleTime(0) / day) * 24],
  },
  "messages.ofThread": { shared: bounds, own: ([enterprise = ""]) => [enterprise, thread] },
  "inbox-threads.awaiting": { shared: [0, nilIdentifier], own: ([enterprise = ""]) => [enterprise] },
  "inbox-threads.byState": { shared: [now, nilIdentifier], own: ([enterprise = ""]) => [enterprise, 0] },
  "inbox-threads.openOfAssignee": { shared: [now, nilIdentifier], own: ([enterprise = ""]) => [enterprise, user] },
  "log-events.ofEnterprise": { shared: [client], own: ([enterprise = ""]) => [enterprise, sampleStart] },
};

/**
 * What a query is asked about these enterprises, be it one or several.
 * @throws Error for a query that this list does not have yet
 */
export function parametersFor({ name, text }: Query, engine: Engine, enterprises: readonly string[]): readonly Value[] {
  const [, source = "", count] = /^(\S+\.\S+) \w+ of (\d+)$/.exec(name) ?? [];
  const ofSource = sources[source];
  if (ofSource) {
    const own = Array.from({ length: Number(count) }, (_, index) =>
      ofSource.own([enterprises[index % enterprises.length] ?? ""]),
    );
    return [10, ...ofSource.shared, ...own.flat()];
  }
  const [, kind = "", table = ""] = /^(insert|update) (\w+)$/.exec(name) ?? [];
  if (kind !== "") return writtenBy(kind, table, engine, enterprises);
  const [, copied] = /^copy-(?:source|target|pages)\.\w+ (\w+)$/.exec(name) ?? [];
  if (copied !== undefined) return copiedFrom(name, copied);
  const make = parameters[`${name} on ${engine}`] ?? parameters[name];
  if (!make) throw new Error(`What is ${name} asked in the tests? Say it here. ${text}`);
  return make(enterprises);
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
