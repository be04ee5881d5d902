import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { type TestContext, test } from "node:test";
import { inspect } from "node:util";
import { type Microseconds, systemClock } from "../../../src/core/clock.ts";
import { tokenDigest } from "../../../src/core/tokens.ts";
import type { Command } from "../../../src/messaging/commands.ts";
import type { Db, Transaction } from "../../../src/store/db.ts";
import {
  changeDirectory,
  deleteIntegration,
  enableIntegration,
  insertClient,
  insertEnterprise,
  insertIntegration,
} from "../../../src/store/directory/directory.ts";
import { migrate } from "../../../src/store/migrations/migrations.ts";
import { openDatabase } from "../../../src/store/store.ts";
import { claim, idleEndpoints } from "../../../src/store/webhooks/claims.ts";
import { enableWebhookEndpoint, setWebhookEndpoint } from "../../../src/store/webhooks/endpoints.ts";
import { advanceQueue, longestWaiting, markIntegration, type QueueRow } from "../../../src/store/webhooks/queue.ts";
import { storePast } from "../../../src/store/writing/past-writes.ts";
import { migratedDatabase } from "../../support/database/engine.ts";
import { inSql } from "../../support/database/in-sql.ts";
import { eventually, otherClient } from "../../support/postgres/nodes.ts";
import { newDatabase } from "../../support/server/server.ts";

const [hotel, client, integration] = [randomUUID(), randomUUID(), randomUUID()];
const [endpoint, thread] = [randomUUID(), randomUUID()];
const scope = { clientId: client, enterpriseIds: [hotel] };

/** Writes at a time, in a transaction, as a server does. Resolves once all is marked. */
async function write(transaction: Transaction, at: Microseconds, command: Command): Promise<void> {
  await storePast(transaction, [{ at, scope, command }]);
  await carriedOut(transaction);
}

function append(transaction: Transaction, now: Microseconds): Promise<void> {
  const messages = [{ id: randomUUID(), messageThreadId: thread, text: "Text" }];
  return write(transaction, now, { kind: "addMessages", sender: "Application", messages });
}

/** Resolves when all statements so far are carried out, which the worker need not have waited for. */
const carriedOut = (transaction: Transaction) => transaction.all(...inSql("SELECT 1 AS one"));

/** What `innbox integration enable` does, at the time 2000. */
async function enable(transaction: Transaction): Promise<void> {
  await enableIntegration(transaction, integration, true);
  await markIntegration(transaction, integration, 2000);
}

/** Two processes' handles on a property with a webhook that an event, of the time 1000, waits for. */
async function startContested(t: TestContext) {
  const url = await migratedDatabase(t);
  const [one, other] = [openDatabase(url), openDatabase(url)];
  t.after(() => Promise.all([one.close(), other.close()]));
  const watcher = await otherClient(t, url);
  await changeDirectory(one, async (transaction) => {
    const [created, zone] = [1, { timeZoneIdentifier: "UTC", defaultLanguageCode: "en-US" }];
    await insertEnterprise(transaction, { id: hotel, name: "Hotel", ...zone, created });
    await insertClient(transaction, { id: client, name: "Bot", tokenDigest: tokenDigest("Bot"), created });
    const connection = { clientId: client, enterpriseIds: [hotel], tokenDigest: tokenDigest("Hotel"), created };
    await insertIntegration(transaction, { ...connection, id: integration });
    const general = { clientId: client, kind: "general", url: "https://bot.example/", events: undefined } as const;
    await setWebhookEndpoint(transaction, { ...general, id: endpoint, secret: new Uint8Array(32), created });
    const opened = { enterpriseId: hotel, id: thread, originalSender: "Guest", subject: "Stay" };
    await write(transaction, created, { kind: "openThread", clientId: client, ...opened });
  });
  await one.transaction((transaction) => append(transaction, 1000));

  /** Begins a transaction and resolves once a statement of it waits for somebody else's lock. */
  async function blocked<T>(db: Db, work: (transaction: Transaction) => Promise<T>): Promise<{ ended: Promise<T> }> {
    const ended = db.transaction(work);
    ended.catch(() => undefined);
    await eventually("A statement that waits", async () => {
      const waiting = "datname = current_database() AND wait_event_type = 'Lock'";
      return (await watcher.query(`SELECT FROM pg_stat_activity WHERE ${waiting}`)).rowCount === 1 ? true : undefined;
    });
    return { ended };
  }
  const queue = () => one.all(...inSql<QueueRow>("SELECT position, waiting_since FROM webhook_queue"));
  const idle = async () => (await idleEndpoints(one, 5000)).map(({ id }) => id);
  return { one, other, watcher, blocked, queue, idle };
}

/** The times of what the worker takes to send next. */
async function take(transaction: Transaction): Promise<Microseconds[]> {
  let times: Microseconds[] = [];
  await claim(transaction, endpoint, { holder: "worker", until: 6000 }, 5000, (_endpoint, _queue, events) => {
    times = events.map(({ created }) => created);
    return { id: randomUUID(), body: new Uint8Array(1) };
  });
  return times;
}

test("enable --skip that waits for a writer skips the writer's event too, and does not lose it", async (t) => {
  const { one, other, blocked, queue } = await startContested(t);
  const enabling = await one.transaction(async (transaction) => {
    await append(transaction, 2000);
    return blocked(other, (operator) => enableWebhookEndpoint(operator, endpoint, true));
  });
  await enabling.ended;
  const [row] = await queue();
  assert.ok(row && (row.position >= 2000 || row.waiting_since !== null), JSON.stringify(row));
});

test("an event whose writer waits for enable --skip goes on waiting", async (t) => {
  const { one, other, blocked, queue } = await startContested(t);
  const adding = await other.transaction(async (operator) => {
    await enableWebhookEndpoint(operator, endpoint, true);
    await carriedOut(operator);
    return blocked(one, (transaction) => append(transaction, 2000));
  });
  await adding.ended;
  assert.deepEqual(await queue(), [{ position: 1000, waiting_since: 2000 }]);
  assert.deepEqual(await one.transaction(take), [2000]);
});

test("what a writer marks for an integration that was deleted meanwhile is gone with the next claim", async (t) => {
  const { one, other, blocked, queue, idle } = await startContested(t);
  const adding = await other.transaction(async (operator) => {
    await deleteIntegration(operator, integration);
    await carriedOut(operator);
    return blocked(one, (transaction) => append(transaction, 2000));
  });
  await adding.ended;
  assert.equal((await queue()).length, 1, "it has come after the integration went");
  assert.deepEqual(await idle(), [endpoint]);
  assert.deepEqual(await one.transaction(take), []);
  assert.deepEqual(await queue(), []);
  assert.deepEqual(await idle(), []);
});

test("an integration that is enabled while the worker leaves its events out has them looked at again", async (t) => {
  const { one, other, blocked, queue } = await startContested(t);
  await other.transaction((operator) => enableIntegration(operator, integration, false));
  const enabling = await one.transaction(async (worker) => {
    const waiting = await longestWaiting(worker, endpoint);
    assert.ok(waiting && !waiting.is_enabled);
    const enabling = await blocked(other, enable);
    await advanceQueue(worker, waiting, []);
    return enabling;
  });
  await enabling.ended;
  assert.deepEqual(await queue(), [{ position: 999, waiting_since: 2000 }]);
  assert.deepEqual(await one.transaction(take), [1000]);
});

test("an integration that is enabled while the worker looks for what waits is not taken for a disabled one", async (t) => {
  const { one, other, watcher, blocked } = await startContested(t);
  await other.transaction((operator) => enableIntegration(operator, integration, false));
  // Holds up who looks at the queue, between the moment that the statement sees and its lock.
  await watcher.query(`
    ALTER TABLE webhook_queue RENAME TO queue_row;
    CREATE VIEW webhook_queue AS SELECT * FROM queue_row WHERE pg_advisory_xact_lock_shared(1) IS NOT NULL`);
  const taking = await other.transaction(async (operator) => {
    await operator.all(...inSql("SELECT pg_advisory_xact_lock(1)"));
    const taking = await blocked(one, take);
    await enable(operator);
    return taking;
  });
  assert.deepEqual(await taking.ended, [1000]);
});

for (const [name, newUrl] of Object.entries({ SQLite: newDatabase, PostgreSQL: migratedDatabase })) {
  test(`statements that go on after their transaction has failed do nothing, on ${name}`, async (t) => {
    const db = openDatabase(await newUrl(t));
    t.after(() => db.close());
    if (db.engine === "sqlite") await migrate(db, systemClock);
    const gate = Promise.withResolvers<void>();
    const late: Promise<unknown>[] = [];
    const failing = db.transaction(async (transaction) => {
      const change = "UPDATE installation SET directory_version = 7";
      const bot = { id: client, name: "Bot", token_digest: new Uint8Array(1), is_enabled: 1, created: 1 };
      const goOn: readonly (() => Promise<unknown>)[] = [
        () => transaction.run(...inSql(change)),
        () => transaction.insert("client", [bot]),
        () => transaction.update("installation", ["id"], ["directory_version"], [{ id: 1, directory_version: 7 }]),
        () => transaction.all(...inSql(`${change} RETURNING id`)),
      ];
      late.push(...goOn.map((next) => gate.promise.then(next)));
      await Promise.all([transaction.all(...inSql("SELECT id FROM nowhere")), ...late]);
    });
    await assert.rejects(failing, /nowhere/);
    const outcomes = await db.transaction(async (next) => {
      await next.run(...inSql("UPDATE installation SET directory_version = 1"));
      gate.resolve();
      return Promise.allSettled(late);
    });
    const counted = "SELECT directory_version, (SELECT count(*) FROM client) AS clients FROM installation";
    assert.deepEqual({ ...(await db.all(...inSql<object>(counted)))[0] }, { directory_version: 1, clients: 0 });
    assert.match(inspect(outcomes.at(-1)), /rejected.*Error: The transaction is over\./s);
  });
}
