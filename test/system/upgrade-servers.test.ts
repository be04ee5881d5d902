import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../src/core/clock.ts";
import { copiedTables } from "../../src/store/copy/tables.ts";
import { type Engine, firstRow } from "../../src/store/db.ts";
import { migrate, queries } from "../../src/store/migrations/migrations.ts";
import { openDatabase } from "../../src/store/store.ts";
import { startReceiver } from "../support/delivery/receiver.ts";
import { postgresDatabase } from "../support/postgres/postgres.ts";
import { call, innbox, startServer, type Variables } from "../support/server/process.ts";
import { newDatabase } from "../support/server/server.ts";

const env: Variables = { INNBOX_SECRET_KEY: "42".repeat(32) };

async function migratedDatabase(t: TestContext, engine: Engine): Promise<string> {
  const url = engine === "sqlite" ? newDatabase(t) : await postgresDatabase(t);
  const db = openDatabase(url);
  t.after(() => db.close());
  await migrate(db, systemClock, 3);
  return url;
}

/**
 * Does what the next version's migration may do at the most while servers of this one run: adds to every table.
 * @returns what a server says that is too old for the new schema
 */
async function expand(url: string, mayGoOn: boolean): Promise<string> {
  const db = openDatabase(url);
  const added = await db.transaction(async (transaction) => {
    const newest = await firstRow(transaction, queries.newest);
    const number = newest?.number ?? 0;
    const tables = [...copiedTables.map(({ name }) => name), "schema_migration", "copy_progress"];
    const columns = tables.map((table) => `ALTER TABLE ${table} ADD COLUMN addition TEXT DEFAULT 'none';`);
    await transaction.script(`${columns.join("\n")} CREATE TABLE addition (id INTEGER PRIMARY KEY);`);
    await transaction.run(queries.insert, {
      number: number + 1,
      name: "made up",
      checksum: "",
      applied: systemClock(),
    });
    await transaction.run(queries.setRunsWith, { number: number + 1, runsWith: mayGoOn ? number : number + 1 });
    return number + 1;
  });
  await db.close();
  return (
    `The database was made by a newer version of Innbox (its migration ${added}, "made up", is not known here). ` +
    "Start that version or a newer one."
  );
}

async function readiness(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${url}/health/ready`);
  return { status: response.status, text: await response.text() };
}

function utc(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}

/** A conversation that goes through most of what a server does, and how many there are afterwards. */
async function converse(url: string): Promise<number> {
  const opened = await call(url, "messageThreads/add", { OriginalSender: "Jane", Subject: "Late arrival" });
  const MessageThreadId = opened.body.MessageThreads[0]?.Id;
  const Messages = [{ MessageThreadId, Text: "Our flight lands at 23:40." }];
  const headers = { "Idempotency-Key": String(MessageThreadId) };
  assert.equal((await call(url, "messages/add", { Messages }, { headers })).status, 200);
  assert.equal((await call(url, "messages/add", { Messages }, { headers })).status, 200);
  const byId = await call(url, "messages/getAll", { MessageThreadIds: [MessageThreadId], Limitation: { Count: 10 } });
  assert.equal(byId.body.Messages.length, 1);
  const day = 86_400_000;
  const UpdatedUtc = { StartUtc: utc(Date.now() - day), EndUtc: utc(Date.now() + day) };
  const today = await call(url, "messageThreads/getAll", { UpdatedUtc, Limitation: { Count: 1000 } });
  return today.body.MessageThreads.length;
}

for (const engine of ["sqlite", "postgres"] as const) {
  test(`a server goes on serving and stays ready while the next version expands the schema (${engine})`, async (t) => {
    const database = await migratedDatabase(t, engine);
    const receiver = await startReceiver(t);
    const server = await startServer(t, "dev", database, ["--rate-limit", "off"], { env });
    const token = "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D";
    const set = ["webhook", "set", "--client-token", token, "--url", receiver.url, "--database", database];
    assert.equal((await innbox(set, env)).exitCode, 0);
    // More often than it takes to have every statement prepared on every connection.
    let threads = 0;
    for (let round = 1; round <= 8; round += 1) threads = await converse(server.url);
    await receiver.until((received) => received.length >= 1);

    await expand(database, true);
    const before = receiver.received.length;
    for (let round = 1; round <= 8; round += 1) assert.equal(await converse(server.url), threads + round);
    await receiver.until((received) => received.length > before);
    assert.deepEqual(await readiness(server.url), { status: 200, text: '{"Status":"ready"}' });

    const another = await startServer(t, "dev", database, ["--shared"], { env });
    assert.equal(await converse(another.url), threads + 9);
    assert.deepEqual(await readiness(another.url), { status: 200, text: '{"Status":"ready"}' });
    for (const { stdout, stderr } of [server, another]) assert.doesNotMatch(stdout() + stderr(), /rror/);

    const { exitCode, stderr } = await innbox(["migrate", "--database", database], env);
    assert.deepEqual([exitCode, stderr], [0, "The database is up to date.\n"]);
  });

  test(`a server says that it is too old for a schema that has gone on without it (${engine})`, async (t) => {
    const database = await migratedDatabase(t, engine);
    const server = await startServer(t, "serve", database, [], { env });
    const tooOld = await expand(database, false);
    const { status, text } = await readiness(server.url);
    assert.equal(status, 503);
    assert.equal((JSON.parse(text) as { readonly Message: string }).Message, tooOld);

    const { exitCode, stderr } = await innbox(["migrate", "--database", database], env);
    assert.deepEqual([exitCode, stderr], [1, `${tooOld}\n`]);
  });
}

test("a server does not start on a file that has gone on without it", async (t) => {
  const database = await migratedDatabase(t, "sqlite");
  const tooOld = await expand(database, false);
  const { exitCode, stderr } = await innbox(["serve", "--port", "0", "--database", database], env);
  assert.deepEqual([exitCode, stderr], [1, `${tooOld}\n`]);
});

test("a server on PostgreSQL that is too old says so, and waits for a schema that it can use", async (t) => {
  const database = await migratedDatabase(t, "postgres");
  const tooOld = await expand(database, false);
  const server = await startServer(t, "serve", database, [], { env });
  assert.match(server.stdout(), /Waiting for the database\. The database was made by a newer version/);
  const { status, text } = await readiness(server.url);
  assert.equal(status, 503);
  assert.equal((JSON.parse(text) as { readonly Message: string }).Message, tooOld);
});
