import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import pg from "pg";
import { checkStored, eventually, notesOf, sql, troubleOf, untilReady } from "../../support/postgres/nodes.ts";
import { postgresDatabase, startPostgres } from "../../support/postgres/postgres.ts";
import { startReplicated } from "../../support/postgres/postgres-replication.ts";
import { call, innboxHere, startServer } from "../../support/server/process.ts";
import { engineDatabase, startSandbox } from "../../support/server/server.ts";
import { guest } from "../../support/server/world.ts";

const secret = "s3cretPassw0rd";

for (const url of [
  "postgres://",
  "postgres://database",
  `postgres://innbox:${secret}@`,
  `postgres://innbox:${secret}@db.example`,
  `postgres://innbox:${secret}@/innbox`,
  `postgres://innbox:${secret}@db.example:99999/innbox`,
  `postgresql://innbox:${secret}@one.example,two.example:x/innbox`,
  `postgres:innbox:${secret}@db.example/innbox`,
  `postgres://innbox:${secret}`,
  `postgres://innbox:${secret}/and@more@db.example/inn/box`,
  `postgres://db.example:x/innbox?password=${secret}&user=innbox`,
  `mysql://innbox:${secret}@db.example/innbox`,
]) {
  test(`${url} is no database: a sentence without the password, and exit code 2`, async () => {
    for (const command of ["serve", "dev", "migrate"]) {
      const { exitCode, stdout, stderr } = await innboxHere([command, "--database", url]);
      assert.equal(exitCode, 2);
      assert.match(stderr, /^--database must be .*as in postgres:\/\/innbox:PASSWORD@db\.example\/innbox.*\.\n/);
      assert.ok(!`${stdout}${stderr}`.includes(secret), stderr);
    }
    const { stderr } = await innboxHere(["serve"], { INNBOX_DATABASE: url });
    assert.match(stderr, /^INNBOX_DATABASE must be /);
    assert.ok(!stderr.includes(secret), stderr);
  });
}

/** A node that can't use its database says why, in its log and to who asks, and refuses everybody else. */
async function checkWaits(t: TestContext, database: string, sentence: RegExp) {
  const node = await startSandbox(t, { database });
  const cause = String.raw`\(\w+: .+\)`;
  assert.match(notesOf(node).join("\n"), new RegExp(`^Waiting for the database\\. ${sentence.source} ${cause}$`));
  const trouble = (await troubleOf(node)) ?? assert.fail("The server is ready.");
  // The way out stays with the operator's log.
  assert.ok(notesOf(node).at(-1)?.startsWith(`Waiting for the database. ${trouble}`), trouble);
  assert.doesNotMatch(trouble, /--/);
  const { status, headers } = await node.call("messageThreads/add", guest);
  assert.deepEqual([status, headers.get("Retry-After")], [503, "1"]);
  assert.equal((await fetch(`${node.url}/health/live`)).status, 200);
  assert.ok(!JSON.stringify(node.logged).includes(secret));
  return node;
}

/** It says so once, and goes on by itself when it can. */
async function checkGoesOn(node: Awaited<ReturnType<typeof checkWaits>>): Promise<void> {
  await untilReady(node);
  const notes = notesOf(node);
  assert.equal(new Set(notes).size, notes.length, notes.join("\n"));
  assert.equal(notes.at(-1), "The database is ready.");
  assert.equal((await node.call("messageThreads/add", guest)).status, 200);
}

const notKnown = /The host of the database (?:is not known here\. Correct --database|can't be looked up right now)\./;
const notLetIn = /The database does not let this user in\. Check the name and the password in --database\./;
const notReached = /The database can't be reached right now\./;
/** How a failure is told, by a server that is gone or on its way. */
const gone =
  /Error: The database can't be (?:reached right now|used right now: it is (?:starting or )?shutting down)\.(?:\n|\\n)/;
const noDatabase =
  /There is no database of this name on the server\. Make it with CREATE DATABASE, or correct --database\./;
const rightMissing =
  /The user of the database lacks a right\. Make the user in --database the owner of the database, or grant it what is missing\./;
const standbyAlone = /The database can't be written to: this server of it is a standby\./;
const tooMany = /The database can't be used right now: it has too many connections\. Lower --database-connections\./;

test("a host that does not exist", async (t) => {
  await checkWaits(t, `postgres://innbox:${secret}@db.invalid/innbox`, notKnown);
});

test("a user or a password that is not right, until it is", async (t) => {
  const { url, dataFolder, log } = await startPostgres(t);
  await sql(url, `CREATE ROLE innbox LOGIN SUPERUSER PASSWORD '${secret}x'`);
  writeFileSync(join(dataFolder, "pg_hba.conf"), "host all postgres all trust\nhost all all all scram-sha-256\n");
  await sql(url, "SELECT pg_reload_conf()");
  const wrong = (name: string) => url.replace("postgres@", `${name}:${secret}@`);
  await checkWaits(t, wrong("nobody"), notLetIn);
  const node = await checkWaits(t, wrong("innbox"), notLetIn);
  const attempts = () => log().match(/authentication failed for user "innbox"/g)?.length ?? 0;
  const first = attempts();
  await eventually("More attempts", async () => attempts() > first + 1 || undefined);
  await sql(url, `ALTER ROLE innbox PASSWORD '${secret}'`);
  await checkGoesOn(node);
});

test("a database that is yet to be made, and then is", async (t) => {
  const url = await postgresDatabase(t);
  const other = `${url}_later`;
  const node = await checkWaits(t, other, noDatabase);
  const name = new URL(other).pathname.slice(1);
  await sql(url, `CREATE DATABASE ${name}`);
  await checkGoesOn(node);
  await node.app.stop();
  await sql(url, `DROP DATABASE ${name} WITH (FORCE)`);
});

test("a user who may not make tables, until it may", async (t) => {
  const url = await postgresDatabase(t);
  const role = new URL(url).pathname.slice(1).replace("test", "role");
  await sql(url, `CREATE ROLE ${role} LOGIN`);
  const node = await checkWaits(t, url.replace("postgres@", `${role}@`), rightMissing);
  await sql(url, `GRANT CREATE ON SCHEMA public TO ${role}`);
  await checkGoesOn(node);
  await node.app.stop();
  await sql(url, `DROP OWNED BY ${role}; DROP ROLE ${role}`);
});

test("a server that is down at the start, and comes later", async (t) => {
  const server = await startPostgres(t);
  await server.stop();
  const node = await checkWaits(t, server.url, notReached);
  await server.restart();
  await checkGoesOn(node);
  await checkStored(server.url);
});

test("a standby alone, until it is promoted", async (t) => {
  const { standby, primary } = await startReplicated(t);
  const node = await checkWaits(t, standby.url, standbyAlone);
  await primary.kill();
  await standby.promote();
  await checkGoesOn(node);
});

test("a server with too many connections, until some end", async (t) => {
  const { url } = await startPostgres(t, { settings: { max_connections: "8", max_wal_senders: "0" } });
  const others: pg.Client[] = [];
  for (let isFull = false; !isFull; ) {
    const client = new pg.Client(url);
    client.on("error", () => undefined);
    isFull = await client.connect().then(
      () => false,
      () => true,
    );
    if (!isFull) others.push(client);
  }
  const node = await checkWaits(t, url, tooMany);
  await Promise.all(others.map((client) => client.end()));
  await checkGoesOn(node);
});

for (const command of ["dev", "serve"] as const) {
  test(`innbox ${command} waits for its database, says so once, and ends when it is told to`, async (t) => {
    const server = await startPostgres(t);
    const { url } = server;
    await server.stop();
    const patient = await startServer(t, command, url);
    assert.match((await troubleOf(patient)) ?? "", notReached);
    if (command === "serve") {
      const stopped = await startServer(t, command, url);
      stopped.child.kill("SIGTERM");
      const { exitCode, stderr } = await stopped.ended;
      assert.deepEqual([exitCode, stderr], [0, ""]);
    }
    await server.restart();
    await untilReady(patient);
    await patient.printed(/The database is ready\./);
    assert.equal(
      patient
        .stdout()
        .match(
          /Waiting for the database\. The database can't be reached right now\. \(ECONNREFUSED: connect ECONNREFUSED [\d.:]+\)/g,
        )?.length,
      1,
    );
    if (command === "serve") await patient.noted(/Nobody can call yet/);

    await server.stop();
    assert.equal((await call(patient.url, "messageThreads/add", guest)).status, 503);
    await patient.printed(/Caused by: /);
    assert.match(patient.stdout(), gone);
    patient.child.kill("SIGTERM");
    assert.equal((await patient.ended).exitCode, 0);
  });
}

test("a schema of a newer version is refused unless that says that this one may go on", async (t) => {
  const database = await engineDatabase(t);
  const [row] = await sql<{ newest: number }>(database, "SELECT max(number) AS newest FROM schema_migration");
  const newest = row?.newest ?? 0;
  const insert =
    "INSERT INTO schema_migration (number, name, checksum, applied, runs_with) VALUES ($1, $2, 'x', 0, $3)";
  await sql(database, insert, [newest + 1, "from-the-future", null]);
  const tooNew = `The database was made by a newer version of Innbox (its migration ${newest + 1}, "from-the-future", is not known here). Start that version or a newer one.`;
  const node = await startSandbox(t, { database });
  assert.equal(await troubleOf(node), tooNew);
  assert.deepEqual(notesOf(node), [`Waiting for the database. ${tooNew}`]);
  await sql(database, "UPDATE schema_migration SET runs_with = $1 WHERE number = $1", [newest + 1]);
  assert.equal(await troubleOf(node), tooNew);
  await sql(database, "UPDATE schema_migration SET runs_with = $1 WHERE number = $2", [newest, newest + 1]);
  await untilReady(node);
  assert.equal((await node.call("messageThreads/add", guest)).status, 200);
  await sql(database, insert, [newest + 2, "much-later", newest + 1]);
  assert.match((await troubleOf(node)) ?? "", /"much-later", is not known here/);
});

test("nodes that start at once on an empty database make its tables and its world once", async (t) => {
  const database = await postgresDatabase(t);
  const nodes = await Promise.all([1, 2, 3, 4].map(() => startSandbox(t, { database, "database-partitions": "3" })));
  for (const node of nodes) {
    assert.deepEqual([await troubleOf(node), ...notesOf(node)], [undefined]);
    assert.equal((await node.call("messageThreads/add", guest)).status, 200);
  }
  const rows = await sql<{ number: number }>(database, "SELECT number FROM schema_migration ORDER BY number");
  assert.deepEqual(
    rows.map(({ number }) => number),
    rows.map((_, index) => index + 1),
  );
  assert.equal((await sql(database, "SELECT FROM client")).length, 4);
  await checkStored(database);
});
