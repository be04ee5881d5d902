import assert from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { before, suite, type TestContext, test } from "node:test";
import { systemClock } from "../../src/core/clock.ts";
import { openSqlite } from "../../src/store/engines/sqlite/sqlite.ts";
import { migrate } from "../../src/store/migrations/migrations.ts";
import { everyQuery, type Query } from "../support/queries/every-query.ts";
import { temporaryFolder } from "../support/server/server.ts";

/** What reads everything, on purpose: `innbox doctor`, and `innbox copy` where it counts. */
const wholesale = /^(?:engines\/integrity|copy\/copy)\./;

/** What SQLite has no plan of, or no need of. */
const withoutPlan = ["migrations/migrations.createTable"];

/** Sort the rows of at most 1,000 identifiers, or the endpoints that something waits for, and no more. */
const boundedSorts = ["lists/threads.pageOfIds", "lists/messages.pageOfIds", "webhooks/claims.idle"];

/** Read the migrations applied so far, which are few; or start at the end of an index, and look at one entry. */
const boundedScans = [
  "migrations/migrations.applied",
  "migrations/migrations.newest",
  "migrations/migrations.table",
  "migrations/migrations.anyTable",
  "webhooks/claims.idle",
  "webhooks/claims.nextDue",
  "writing/stale-summaries.stale",
];

/** Tables whose rows belong to a property: no query may look at them without naming it. */
const propertyTables = ["property", "property_log", "message_thread", "message", "idempotency_key"];

/** What narrows a look within a property: one thing by its key, or a range in the order of lists. */
const narrows = /\b(?:id|sequence|key)=\?|\b(?:created|updated|waiting_since)[<>=]|<expr>[<>=]|^SEARCH property\b/;

async function migratedDatabase(t: TestContext): Promise<DatabaseSync> {
  const path = join(temporaryFolder(t), "innbox.db");
  const db = openSqlite(path);
  await migrate(db, systemClock);
  await db.close();
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

suite("on SQLite", () => {
  let queries: readonly Query[] = [];

  before(async () => {
    const all = await everyQuery("sqlite");
    queries = all.filter(({ name }) => !wholesale.test(name) && !withoutPlan.includes(name));
  });

  test("every query of the store is served by an index", async (t) => {
    const database = await migratedDatabase(t);
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    const names = tables.map(({ name }) => String(name)).join("|");
    const scan = new RegExp(`^SCAN (?:${names}|thread|message|link|endpoint|delivery|queue|last)\\b`);
    for (const { name, text } of queries) {
      if (boundedScans.includes(name)) continue;
      for (const step of planOf(database, text)) assert.doesNotMatch(step, scan, `${name} reads a whole table`);
    }
  });

  test("no query of the store sorts more rows than one request may name", async (t) => {
    const database = await migratedDatabase(t);
    for (const { name, text } of queries) {
      if (boundedSorts.includes(name)) continue;
      for (const step of planOf(database, text)) assert.doesNotMatch(step, /TEMP B-TREE/, `${name} sorts`);
    }
  });

  test("every look at a property's data leads with the enterprise, and goes on to one thing or a range", async (t) => {
    const database = await migratedDatabase(t);
    const search = new RegExp(`^SEARCH (?:${propertyTables.join("|")}|thread)\\b`);
    let looks = 0;
    for (const { name, text } of queries) {
      // A copy goes through a table from one property to the next.
      if (name.startsWith("copy/pages.")) continue;
      for (const step of planOf(database, text)) {
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
    const starts: Readonly<Record<string, RegExp>> = {
      "webhooks/claims.due": /^SEARCH delivery USING INDEX webhook_delivery_waiting \(webhook_endpoint_id=\? AND due</,
      "webhooks/queue.longestWaiting":
        /^SEARCH webhook_queue USING INDEX webhook_queue_waiting \(webhook_endpoint_id=\? AND/,
      "log/log-events.ofEnterprise events of 1":
        /^SEARCH property_log USING INDEX property_log_events \(enterprise_id=\? AND client_id=\? AND created>/,
    };
    for (const [name, start] of Object.entries(starts)) {
      const text = queries.find((query) => query.name === name)?.text ?? "";
      assert.match(planOf(database, text)[0] ?? "", start);
    }
  });
});
