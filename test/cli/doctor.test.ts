import assert from "node:assert/strict";
import { copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { systemClock } from "../../src/core/clock.ts";
import { migrate } from "../../src/store/migrations/migrations.ts";
import { openDatabase } from "../../src/store/store.ts";
import { innbox, innboxData, innboxHere } from "../support/server/process.ts";
import { startSandbox, temporaryFolder } from "../support/server/server.ts";

interface Finding {
  readonly Subject: string;
  readonly IsWell: boolean;
  readonly Text: string;
}

/** `innbox doctor --json`, run here. */
async function examine(database: string, ...args: readonly string[]) {
  const { exitCode, stdout, stderr } = await innboxHere(["doctor", "--database", database, "--json", ...args]);
  const findings = JSON.parse(stdout) as Finding[];
  return { exitCode, stderr, findings, ill: findings.filter(({ IsWell }) => !IsWell) };
}

/** Overwrites the last pages of a database, so many that `kept` are left. */
function damage(file: string, kept: (pages: number) => number): void {
  const bytes = readFileSync(file);
  const pageSize = bytes.readUInt16BE(16);
  bytes.fill(0xff, kept(bytes.length / pageSize) * pageSize);
  writeFileSync(file, bytes);
}

function run(file: string, statements: string): void {
  const database = new DatabaseSync(file);
  database.exec(statements);
  database.close();
}

test("doctor finds a new database well, for people on stdout", async (t) => {
  const database = `sqlite:${join(temporaryFolder(t), "innbox.db")}`;
  await innboxData("migrate", "--database", database);
  const { exitCode, stdout, stderr } = await innboxHere(["doctor", "--database", database]);
  assert.deepEqual([exitCode, stderr], [0, ""]);
  const [headings, ...rows] = stdout.trimEnd().split("\n");
  assert.match(headings ?? "", /^STATE +SUBJECT +FINDING$/);
  assert.deepEqual(
    rows.map((row) => row.split(/ +/).slice(0, 2).join(" ")),
    ["well configuration", "well folder", "well disk", "well schema", "well content", "well secrets"],
  );
});

test("doctor examines a database while a server works on it", async (t) => {
  const database = `sqlite:${join(temporaryFolder(t), "innbox.db")}`;
  await startSandbox(t, { database });
  const { exitCode, stderr, ill } = await examine(database);
  assert.deepEqual([exitCode, stderr, ill], [0, "", []]);
});

test("doctor does not make a database that is not there yet", async (t) => {
  const file = join(temporaryFolder(t), "deep", "innbox.db");
  const { exitCode, findings } = await examine(`sqlite:${file}`);
  assert.equal(exitCode, 0);
  assert.match(findings.at(-1)?.Text ?? "", /does not exist yet; the first start makes it\.$/);
  assert.ok(!existsSync(join(file, "..")));
});

test("doctor --json prints its findings on stdout when something is ill too, and says so on stderr", async (t) => {
  const file = join(temporaryFolder(t), "innbox.db");
  writeFileSync(file, "Guests, rooms and towels\n".repeat(1000));
  const { exitCode, stdout, stderr } = await innboxHere(["doctor", "--database", `sqlite:${file}`, "--json"]);
  assert.equal(exitCode, 1);
  const ill = (JSON.parse(stdout) as Finding[]).filter(({ IsWell }) => !IsWell);
  assert.deepEqual(
    ill.map(({ Subject }) => Subject),
    ["database"],
  );
  assert.match(ill[0]?.Text ?? "", /can't be opened .*not a database.* name another with --database\.$/);
  assert.equal(stderr, "1 of 4 findings want mending.\n");
  assert.match(readFileSync(file, "utf8"), /^Guests/, "it is left alone");
});

test("a database of another program is told from Innbox's own, and gets no table", async (t) => {
  const file = join(temporaryFolder(t), "books.db");
  run(file, "CREATE TABLE book (title TEXT)");
  const { exitCode, ill } = await examine(`sqlite:${file}`);
  assert.equal(exitCode, 1);
  assert.match(ill[0]?.Text ?? "", /database of another program/);
  const listed = await innboxHere(["enterprise", "list", "--database", `sqlite:${file}`]);
  assert.deepEqual([listed.exitCode, listed.stdout], [1, ""]);
  const database = new DatabaseSync(file, { readOnly: true });
  t.after(() => database.close());
  assert.equal(database.prepare("SELECT count(*) AS tables FROM sqlite_schema").get()?.tables, 1);
});

const damages: [name: string, kept: (pages: number) => number][] = [
  ["in its last page", (pages) => pages - 1],
  ["in every page but the first", () => 1],
];

for (const [name, kept] of damages) {
  test(`doctor tells to restore a backup of a database that is damaged ${name}`, async (t) => {
    const file = join(temporaryFolder(t), "innbox.db");
    await innboxData("migrate", "--database", `sqlite:${file}`);
    damage(file, kept);
    const { exitCode, ill } = await examine(`sqlite:${file}`);
    assert.equal(exitCode, 1);
    const texts = ill.map(({ Text }) => Text).join("\n");
    assert.match(texts, /The database is damaged.*restore a backup\.$/m);
    assert.doesNotMatch(texts, /innbox doctor/, "doctor does not tell its user to run doctor");
  });
}

test("doctor counts rows whose owners are gone as damage", async (t) => {
  const file = join(temporaryFolder(t), "innbox.db");
  await innboxData("migrate", "--database", `sqlite:${file}`);
  run(
    file,
    "PRAGMA foreign_keys = OFF; INSERT INTO access_token (digest, integration_id, created) VALUES (x'00', 'gone', 0);",
  );
  const { exitCode, ill } = await examine(`sqlite:${file}`);
  assert.equal(exitCode, 1);
  assert.match(ill[0]?.Text ?? "", /^The database is damaged: 1 rows? belong/);
});

const emptyAdvice =
  "If it is to be a copy, that has failed, as it does when the file of a running server is copied without its -wal " +
  "file: make a backup as docs/operating.md says, and restore that. If it is new, the first start fills it, or innbox " +
  "migrate.";

test("doctor tells a file of no bytes from a database, and leaves it as it is", async (t) => {
  const file = join(temporaryFolder(t), "innbox.db");
  writeFileSync(file, "");
  const { exitCode, ill } = await examine(`sqlite:${file}`);
  assert.equal(exitCode, 1);
  assert.deepEqual(ill, [{ Subject: "database", IsWell: false, Text: `${file} has 0 bytes. ${emptyAdvice}` }]);
  assert.equal(statSync(file).size, 0);
});

test("doctor knows a copy of a running server's file that lacks what the -wal file has", async (t) => {
  const [running, copy] = [join(temporaryFolder(t), "innbox.db"), join(temporaryFolder(t), "innbox.db")];
  const db = openDatabase(`sqlite:${running}`);
  t.after(() => db.close());
  await migrate(db, systemClock);
  copyFileSync(running, copy);
  const { exitCode, ill } = await examine(`sqlite:${copy}`);
  assert.equal(exitCode, 1);
  assert.deepEqual(ill, [{ Subject: "database", IsWell: false, Text: `The database has no tables. ${emptyAdvice}` }]);
});

test("an empty database is filled by migrate, and doctor is then content", async (t) => {
  const file = join(temporaryFolder(t), "innbox.db");
  run(file, "PRAGMA user_version = 1;");
  const database = `sqlite:${file}`;
  assert.equal((await examine(database)).exitCode, 1);
  const migrated = await innboxHere(["migrate", "--database", database]);
  assert.deepEqual(
    [migrated.exitCode, migrated.stdout, migrated.stderr],
    [0, "", "Applied: initial, events, upgrades, inbox, steady.\n"],
  );
  assert.deepEqual((await examine(database)).ill, []);
});

test("doctor names the migrations that an older version's database lacks", async (t) => {
  const file = join(temporaryFolder(t), "innbox.db");
  await innboxData("migrate", "--database", `sqlite:${file}`);
  run(file, "DELETE FROM schema_migration WHERE number >= 4");
  const { exitCode, ill } = await examine(`sqlite:${file}`);
  assert.equal(exitCode, 1);
  const Text = "The schema is of an older version. Missing: inbox, steady. Run innbox migrate.";
  assert.deepEqual(ill, [{ Subject: "schema", IsWell: false, Text }]);
});

test("doctor and migrate send the owner of a newer database to the newer version", async (t) => {
  const file = join(temporaryFolder(t), "innbox.db");
  const database = `sqlite:${file}`;
  await innboxData("migrate", "--database", database);
  run(file, "INSERT INTO schema_migration (number, name, checksum, applied) VALUES (999, 'from-the-future', 'x', 0);");
  const { exitCode, ill } = await examine(database);
  assert.equal(exitCode, 1);
  assert.match(ill[0]?.Text ?? "", /made by a newer version .*999.*Start that version or a newer one\.$/);
  const migrated = await innboxHere(["migrate", "--database", database]);
  assert.deepEqual([migrated.exitCode, migrated.stdout], [1, ""]);
  assert.match(migrated.stderr, /^The database was made by a newer version/);
});

test("doctor lists every wrong setting, from flags and from the environment", async (t) => {
  const database = `sqlite:${join(temporaryFolder(t), "innbox.db")}`;
  const environment = { INNBOX_LOAD_LIMIT: "many" };
  const { exitCode, stdout } = await innboxHere(
    ["doctor", "--database", database, "--port", "http", "--json"],
    environment,
  );
  assert.equal(exitCode, 1);
  const ill = (JSON.parse(stdout) as Finding[]).filter(({ IsWell }) => !IsWell);
  const text = ill.map(({ Text }) => Text).join("\n");
  assert.match(text, /--port must be .* not "http"\./);
  assert.match(text, /INNBOX_LOAD_LIMIT must be .* not "many"\./);
});

test("doctor finds that a folder below a file can't hold a database", async (t) => {
  const file = join(temporaryFolder(t), "file");
  writeFileSync(file, "");
  const { exitCode, ill } = await examine(`sqlite:${join(file, "data", "innbox.db")}`);
  assert.equal(exitCode, 1);
  assert.match(ill[0]?.Text ?? "", /--database/);
});

test("migrate makes the database once and is content the second time", async (t) => {
  const folder = temporaryFolder(t);
  const place = ["--database", `sqlite:${join(folder, "new", "innbox.db")}`];
  const first = await innboxHere(["migrate", ...place]);
  assert.deepEqual(
    [first.exitCode, first.stdout, first.stderr],
    [0, "", "Applied: initial, events, upgrades, inbox, steady.\n"],
  );
  const second = await innboxHere(["migrate", ...place]);
  assert.deepEqual([second.exitCode, second.stdout, second.stderr], [0, "", "The database is up to date.\n"]);
});

test("two processes that migrate the same new database at once both succeed, and one does it", async (t) => {
  const place = ["--database", `sqlite:${join(temporaryFolder(t), "innbox.db")}`];
  const ends = await Promise.all([innbox(["migrate", ...place]), innbox(["migrate", ...place])]);
  assert.deepEqual(
    ends.map(({ exitCode }) => exitCode),
    [0, 0],
    ends.map(({ stderr }) => stderr).join(""),
  );
  assert.deepEqual(ends.map(({ stderr }) => stderr).sort(), [
    "Applied: initial, events, upgrades, inbox, steady.\n",
    "The database is up to date.\n",
  ]);
});
