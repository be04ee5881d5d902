import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { systemClock } from "../src/clock.ts";
import { queries as access } from "../src/store/access.ts";
import { queries as directory } from "../src/store/directory.ts";
import { queries as idempotencyKeys } from "../src/store/idempotency-keys.ts";
import { queries as installation } from "../src/store/installation.ts";
import { sources as eventSources, queries as logEvents, oldestFirst } from "../src/store/log-events.ts";
import type { Source } from "../src/store/merged-lists.ts";
import { sources as messageSources, queries as messages } from "../src/store/messages.ts";
import { migrate, queries as migrations } from "../src/store/migrations.ts";
import { itemsQuery, pageQuery } from "../src/store/newest-first.ts";
import { openSqlite } from "../src/store/sqlite.ts";
import { sources as threadSources, queries as threads } from "../src/store/threads.ts";
import { queries as webhookClaims } from "../src/store/webhook-claims.ts";
import { queries as webhookDeliveries } from "../src/store/webhook-deliveries.ts";
import { queries as webhookEndpoints } from "../src/store/webhook-endpoints.ts";
import { queries as webhookQueue } from "../src/store/webhook-queue.ts";
import { queries as writeGroup } from "../src/store/write-group.ts";
import { queries as writes } from "../src/store/writes.ts";
import { temporaryFolder } from "./support/server.ts";

/** Every query of the store, but for the PRAGMAs of `innbox doctor`, which reads the whole database on purpose. */
const fixed = {
  access,
  directory,
  idempotencyKeys,
  installation,
  logEvents,
  messages,
  migrations,
  threads,
  webhookClaims,
  webhookDeliveries,
  webhookEndpoints,
  webhookQueue,
  writeGroup,
  writes,
};

const merged: Readonly<Record<string, { source: Source; shared: number; own: number }>> = {
  byCreation: { source: threadSources.byCreation, shared: 4, own: 1 },
  byUpdateDay: { source: threadSources.byUpdateDay, shared: 6, own: 2 },
  byUpdateHour: { source: threadSources.byUpdateHour, shared: 6, own: 2 },
  ofThread: { source: messageSources.ofThread, shared: 4, own: 2 },
};

/** Sort the rows of at most 1,000 identifiers, or the endpoints that something waits for, and no more. */
const boundedSorts = ["threads.pageOfIds", "messages.pageOfIds", "webhookClaims.idle"];

/** Reads the migrations applied so far, which are few. */
const boundedScans = ["migrations.applied", "migrations.table"];

/** Tables whose rows belong to a property: no query may look at them without naming it. */
const propertyTables = ["property", "property_log", "message_thread", "message", "idempotency_key"];

function everyQuery(): [name: string, query: string][] {
  const named = Object.entries(fixed).flatMap(([module, queries]) =>
    Object.entries(queries).map(([name, query]): [string, string] => [`${module}.${name}`, query]),
  );
  const lists = Object.entries(merged).flatMap(([name, { source, shared, own }]) =>
    [1, 3, 64].flatMap((sources): [string, string][] => [
      [`${name} of ${sources}`, pageQuery(source, { shared, own, sources })],
      [`items of ${name} of ${sources}`, itemsQuery(source, { shared, own, sources })],
    ]),
  );
  const events = [1, 3, 64].map((sources): [string, string] => [
    `events of ${sources}`,
    oldestFirst(eventSources.ofEnterprise, { shared: 1, own: 2, sources }),
  ]);
  return [...named, ...lists, ...events];
}

async function migratedDatabase(t: TestContext): Promise<DatabaseSync> {
  const path = join(temporaryFolder(t), "innbox.db");
  const db = openSqlite(path);
  await migrate(db, systemClock);
  db.close();
  const database = new DatabaseSync(path);
  t.after(() => database.close());
  return database;
}

function planOf(database: DatabaseSync, query: string): string[] {
  return database
    .prepare(`EXPLAIN QUERY PLAN ${query}`)
    .all()
    .map(({ detail }) => String(detail));
}

test("every query of the store is served by an index", async (t) => {
  const database = await migratedDatabase(t);
  const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const names = tables.map(({ name }) => String(name)).join("|");
  const scan = new RegExp(`^SCAN (?:${names}|thread|message|link|endpoint|delivery|queue|last)\\b`);
  for (const [name, query] of everyQuery()) {
    if (boundedScans.includes(name)) continue;
    for (const step of planOf(database, query)) assert.doesNotMatch(step, scan, `${name} reads a whole table`);
  }
});

test("no query of the store sorts more rows than one request may name", async (t) => {
  const database = await migratedDatabase(t);
  for (const [name, query] of everyQuery()) {
    if (boundedSorts.includes(name)) continue;
    for (const step of planOf(database, query)) assert.doesNotMatch(step, /TEMP B-TREE/, `${name} sorts`);
  }
});

/** What narrows a look within a property: one thing by its key, or a range in the order of lists. */
const narrows = /\b(?:id|sequence|key)=\?|\bcreated[<>=]|<expr>[<>=]|^SEARCH property\b/;

test("every look at a property's data leads with the enterprise, and goes on to one thing or a range", async (t) => {
  const database = await migratedDatabase(t);
  const search = new RegExp(`^SEARCH (?:${propertyTables.join("|")}|thread)\\b`);
  let looks = 0;
  for (const [name, query] of everyQuery()) {
    for (const step of planOf(database, query)) {
      if (!search.test(step)) continue;
      looks += 1;
      assert.match(step, /\(enterprise_id=\?/, `${name}: ${step}`);
      assert.match(step, narrows, `${name}: ${step}`);
    }
  }
  assert.ok(looks > 20, "the plans name the tables as expected");
});

test("the next delivery is at the start of an index, however many wait", async (t) => {
  const database = await migratedDatabase(t);
  const starts = {
    [webhookClaims.due]:
      /^SEARCH webhook_delivery USING INDEX webhook_delivery_waiting \(webhook_endpoint_id=\? AND due</,
    [webhookQueue.longestWaiting]: /^SEARCH queue USING INDEX webhook_queue_waiting \(webhook_endpoint_id=\? AND/,
    [oldestFirst(eventSources.ofEnterprise, { shared: 1, own: 2, sources: 1 })]:
      /^SEARCH property_log USING INDEX property_log_events \(enterprise_id=\? AND client_id=\? AND created>/,
  };
  for (const [query, start] of Object.entries(starts)) assert.match(planOf(database, query)[0] ?? "", start);
});
