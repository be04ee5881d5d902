import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../src/core/clock.ts";
import { Problem } from "../../src/core/problem.ts";
import { withWayOut } from "../../src/core/ways-out.ts";
import { copyDatabase, copySource } from "../../src/store/copy/copy.ts";
import type { Db } from "../../src/store/db.ts";
import { openDatabase } from "../../src/store/store.ts";
import { migratedDatabase } from "../support/database/engine.ts";
import { everything, livedInSandbox, liveIn } from "../support/database/lived-in.ts";
import { copyUntil, copyUnverified } from "../support/database/unfinished.ts";
import { postgresDatabase, startPostgres } from "../support/postgres/postgres.ts";
import { innboxData, innboxHere } from "../support/server/process.ts";
import { databaseFile, newDatabase, startSandbox } from "../support/server/server.ts";

/** A database of SQLite, with Innbox's tables or with what a statement makes. */
async function database(t: TestContext, statement = "", isMigrated = true): Promise<string> {
  const url = newDatabase(t);
  if (isMigrated) await innboxData("migrate", "--database", url);
  const file = new DatabaseSync(databaseFile(url));
  file.exec(statement);
  file.close();
  return url;
}

async function mustRefuse(from: string, to: string, sentence: RegExp): Promise<void> {
  const { exitCode, stdout, stderr } = await innboxHere(["copy", "--from", from, "--to", to]);
  assert.equal(exitCode, 1, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, sentence);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
}

const wrong: readonly (readonly [args: readonly string[], sentence: RegExp])[] = [
  [["--to", "sqlite:to.db"], /^--from URL is required\./],
  [["--from", "sqlite:from.db"], /^--to URL is required\./],
  [
    ["--from", "mysql://host/db", "--to", "sqlite:to.db"],
    /^--from must be sqlite: and .*, not "mysql:\/\/host\/db"\.$/m,
  ],
  [["--from", "sqlite:from.db", "--to", "postgres://"], /^--to must .*, as in postgres:\/\//],
  [["--from", "sqlite:same.db", "--to", "sqlite:./same.db"], /^--from and --to must be two databases\./],
];

test("a command that is typed wrong is told so", async () => {
  for (const [args, sentence] of wrong) {
    const { exitCode, stderr } = await innboxHere(["copy", ...args]);
    assert.equal(exitCode, 2, stderr);
    assert.match(stderr, sentence);
  }
});

const newest = "(SELECT max(number) FROM schema_migration)";

/** Notes a migration that this version does not know. @param runsWith  the last one that a version must know */
const noteNext = (runsWith: string) =>
  `INSERT INTO schema_migration (number, name, checksum, applied, runs_with)
   VALUES (${newest} + 1, 'next', '', 0, ${runsWith})`;

const sources: readonly (readonly [name: string, statement: string, sentence: RegExp])[] = [
  [
    "an older schema",
    `DELETE FROM schema_migration WHERE number = ${newest}`,
    /^--from: The schema is not the newest\. Run innbox/,
  ],
  ["a newer schema", noteNext("NULL"), /^--from: The database was made by a newer version of Innbox/],
  ["one that this version may run on", noteNext(newest), /^--from: A newer version of Innbox has migrated/],
  [
    "an unfinished copy",
    "INSERT INTO copy_progress (id, source, copied_rows) VALUES (1, '', 0)",
    /^--from: A copy into this database is not complete\./,
  ],
];

test("a source that can't be copied as it is is refused, before the target is looked at", async (t) => {
  const to = newDatabase(t);
  for (const [, statement, sentence] of sources) await mustRefuse(await database(t, statement), to, sentence);
  const missing = newDatabase(t);
  await mustRefuse(missing, to, /^--from: There is no database at /);
  const other = await database(t, "CREATE TABLE pages (id INTEGER)", false);
  await mustRefuse(other, to, /^--from: This is a database of another program\. Name another one with --from\.$/m);
  await mustRefuse(await postgresDatabase(t), to, /^--from: The schema is not the newest\. Run innbox/);
  for (const url of [missing, to]) assert.ok(!existsSync(databaseFile(url)), "nothing was made");
});

const notEmpty = /^--to: The database is not empty, and a copy is never mixed with anything\. Name an empty one\.$/m;

test("a target with anything in it is refused and left as it is", async (t) => {
  const { database: from } = await livedInSandbox(t);
  const targets = [
    (await livedInSandbox(t)).database,
    await database(t, "UPDATE installation SET kind = 'production'"),
    await database(t, "UPDATE installation SET directory_version = 1"),
    await database(t, "INSERT INTO enterprise VALUES ('e', 'Hotel', 'UTC', 'en-US', 1, 0, 0, 15)"),
    await database(t, "DELETE FROM schema_migration WHERE number >= 3; DROP TABLE copy_progress"),
    await database(t, noteNext(newest)),
  ];
  for (const to of targets) {
    const before = await everything(to);
    await mustRefuse(from, to, notEmpty);
    assert.deepEqual(await everything(to), before);
  }
  const other = await database(t, "CREATE TABLE pages (id INTEGER)", false);
  await mustRefuse(from, other, /^--to: This is a database of another program\. Name another one with --to\.$/m);
  const served = await migratedDatabase(t);
  await (await startSandbox(t, { database: served, "secret-key-file": `${databaseFile(from)}.other` })).app.stop();
  await mustRefuse(from, served, notEmpty);
});

test("a target that has its tables and nothing else is empty", async (t) => {
  const { database: from } = await livedInSandbox(t);
  for (const to of [await migratedDatabase(t), await database(t)]) {
    await innboxData("copy", "--from", from, "--to", to);
    assert.deepEqual(await everything(to), await everything(from));
  }
});

test("an unfinished copy of another source is refused", async (t) => {
  const { database: from } = await livedInSandbox(t);
  const { database: another } = await liveIn(t);
  for (const to of [await postgresDatabase(t), newDatabase(t)]) {
    await copyUntil(from, to, ({ table }) => table === "message");
    const before = await everything(to);
    await mustRefuse(another, to, /^--to: An unfinished copy is in it, of another source or of this one before/);
    assert.deepEqual(await everything(to), before);
    await innboxData("copy", "--from", from, "--to", to);
  }
});

const unfinished = "A copy into this database is not complete.";
const goOn = "Run the same innbox copy again to finish it.";

test("no server and no command opens an unfinished copy in a file, and both do when it is finished", async (t) => {
  const { database: from, keyFile } = await livedInSandbox(t);
  const to = newDatabase(t);
  await copyUnverified(from, to);
  const flags = { database: to, "secret-key-file": keyFile };
  await assert.rejects(startSandbox(t, flags), { message: unfinished });
  const { exitCode, stderr } = await innboxHere(["client", "list", "--database", to]);
  assert.deepEqual([exitCode, stderr], [1, `${unfinished} ${goOn}\n`]);
  await innboxData("copy", "--from", from, "--to", to);
  await (await startSandbox(t, flags)).app.stop();
  await innboxData("client", "list", "--database", to);
});

test("a server that is started on an unfinished copy in PostgreSQL waits for its end", async (t) => {
  const { database: from, keyFile } = await livedInSandbox(t);
  const to = await postgresDatabase(t);
  await copyUnverified(from, to);
  const { logged, url, call } = await startSandbox(t, { database: to, "secret-key-file": keyFile });
  assert.deepEqual(logged, [`Waiting for the database. ${unfinished} ${goOn}`]);
  const [ready, answer] = [await fetch(`${url}/health/ready`), await call("configuration/get")];
  assert.deepEqual([ready.status, answer.status], [503, 503]);
  await innboxData("copy", "--from", from, "--to", to);
  while ((await call("configuration/get")).status !== 200) await fetch(`${url}/health/ready`);
  assert.match(String(logged.find((line) => typeof line === "string" && line.endsWith("ready."))), /^The database is/);
});

test("trouble with one of the databases says with which", async (t) => {
  const { database: from } = await livedInSandbox(t);
  const nowhere = "postgres://nobody@127.0.0.1:1/innbox";
  await mustRefuse(nowhere, newDatabase(t), /^--from: The database can't be reached right now\.$/m);
  await mustRefuse(from, nowhere, /^--to: The database can't be reached right now\.$/m);
  const unknown = `${await postgresDatabase(t)}_unknown`;
  await mustRefuse(from, unknown, /^--to: There is no database of this name .*, or correct --to\.$/m);
  await mustRefuse(
    from,
    "sqlite:/proc/innbox.db",
    /^--to: The database \/proc\/innbox\.db can't be opened .* with --to\.$/m,
  );
});

/** Loses its server before a transaction that comes after some others. */
function losing(db: Db, transactions: number, kill: () => Promise<void>): Db {
  let left = transactions;
  return {
    ...db,
    transaction: async (work, limit) => {
      left -= 1;
      if (left === 0) await kill();
      return db.transaction(work, limit);
    },
  };
}

test("a copy whose target is lost on the way says how to go on, and goes on", async (t) => {
  const { database: from } = await livedInSandbox(t);
  const server = await startPostgres(t);
  const source = openDatabase(from);
  t.after(() => source.close());
  const target = openDatabase(server.url);
  const size = { rows: 3, bytes: 1_000_000 };
  const copying = copyDatabase(await copySource(source), losing(target, 12, server.kill), { clock: systemClock, size });
  const sentence = await copying.then(String, (error) =>
    error instanceof Problem ? withWayOut(error) : String(error),
  );
  assert.equal(
    sentence,
    "--to: The database can't be reached right now. Run the same innbox copy again: it goes on from here.",
  );
  await target.close();
  await server.restart();
  await innboxData("copy", "--from", from, "--to", server.url);
  assert.deepEqual(await everything(server.url), await everything(from));
});
