import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { everything, isSameDelivery, type LivedIn, livedInSandbox } from "../support/database/lived-in.ts";
import { stored } from "../support/database/stored.ts";
import { announcedIds } from "../support/delivery/webhooks.ts";
import { postgresDatabase } from "../support/postgres/postgres.ts";
import { innboxHere, innboxJson } from "../support/server/process.ts";
import { newDatabase, temporaryFolder } from "../support/server/server.ts";
import { atNet, client2AtGross, world } from "../support/server/world.ts";

async function copy(from: string, to: string): Promise<string> {
  const { exitCode, stderr } = await innboxHere(["copy", "--from", from, "--to", to]);
  assert.equal(exitCode, 0, stderr);
  return stderr;
}

test("a sandbox that was lived in is the same row by row, there and back again", async (t) => {
  const { database } = await livedInSandbox(t);
  const original = await everything(database);
  for (const [table, rows] of Object.entries(original)) assert.ok(rows.length > 0, `there is something in ${table}`);
  let from = database;
  for (const to of [await postgresDatabase(t), await postgresDatabase(t), newDatabase(t), newDatabase(t)]) {
    await copy(from, to);
    const copied = await everything(to);
    assert.deepEqual(Object.keys(copied), Object.keys(original));
    for (const [table, rows] of Object.entries(original)) assert.deepEqual(copied[table], rows, table);
    from = to;
  }
  assert.deepEqual(await everything(database), original, "the source is as it was");
});

/** Goes on with a copy where its source was left. */
async function goOn(t: TestContext, database: string, lived: LivedIn): Promise<void> {
  const { keyFile, receiver, thread, waiting, rotated, keyed, first, questions, Position } = lived;
  const server = await world(t, { database, "secret-key-file": keyFile }, { random: () => 0 });
  const { call, at, addMessages } = server;
  for (const { operation, properties, answer } of questions) {
    assert.equal((await call(operation, properties)).text, answer, operation);
  }
  at(71);
  assert.equal((await call("configuration/get", {}, rotated)).status, 200);
  for (const refused of [client2AtGross, atNet]) {
    assert.equal((await call("configuration/get", {}, refused)).status, 401);
  }
  const again = await call(...keyed);
  assert.deepEqual([again.headers.get("Idempotent-Replayed"), again.text], ["true", first.text]);

  const count = receiver.received.length;
  receiver.respond(() => 200);
  at(80);
  await server.app.settled();
  const [added = ""] = await addMessages(thread);
  const { Events } = (await call("events/getAll", { After: Position })).body;
  assert.deepEqual(
    Events.map(({ Value }) => Value.Id),
    [added],
  );
  await server.app.settled();
  const [pending, news, ...others] = receiver.received.slice(count).filter(({ path }) => path === waiting.path);
  assert.ok(isSameDelivery(pending, waiting), "what waited is sent as it was");
  assert.deepEqual(news && announcedIds([news]), [added]);
  assert.deepEqual(others, []);
  await server.app.stop();

  const gaps = `
    SELECT property.enterprise_id FROM property WHERE sequence <>
      (SELECT count(*) FROM property_log AS log WHERE log.enterprise_id = property.enterprise_id)`;
  assert.deepEqual(await stored(database, gaps), []);
}

test("a server on the copy goes on where the old one stopped, on both engines", async (t) => {
  const lived = await livedInSandbox(t);
  const [there, back] = [await postgresDatabase(t), newDatabase(t)];
  await copy(lived.database, there);
  await copy(there, back);
  await goOn(t, there, lived);
  await goOn(t, back, lived);
});

test("the operator is told which key the new place needs, and a program what was copied", async (t) => {
  const { database, keyFile } = await livedInSandbox(t);
  const there = await postgresDatabase(t);
  const note = await copy(database, there);
  assert.match(note, /^Copied [\d,]+ rows in [\d.]+ s, and verified each of them\.\n/);
  assert.ok(note.includes(`the key of the old place, ${keyFile} unless --secret-key-file`), note);
  assert.match(note, /copy it to data\/innbox\.key, or name it/);

  const path = join(temporaryFolder(t), "back.db");
  const record = await innboxJson<{ From: string; To: string; Rows: number; Tables: { Name: string; Rows: number }[] }>(
    "copy",
    `--from=${there}`,
    `--to=sqlite:${path}`,
  );
  assert.deepEqual([record.From, record.To], [there, path]);
  const expected = Object.entries(await everything(database)).map(([name, { length }]) => [name, length]);
  assert.deepEqual(record.Tables.map(({ Name, Rows }) => [Name, Rows]).sort(), expected.sort());
  assert.equal(
    record.Rows,
    expected.reduce((sum, [, rows]) => sum + Number(rows), 0),
  );
});

test("an installation without secrets needs no key, and one without anything can be copied too", async (t) => {
  const empty = newDatabase(t);
  assert.equal((await innboxHere(["migrate", "--database", empty])).exitCode, 0);
  const note = await copy(empty, await postgresDatabase(t));
  assert.match(note, /^Copied 1 rows in [^\n]*\n$/);
});

test("PostgreSQL knows its tables after a copy, so that it plans well from the first request on", async (t) => {
  const { database } = await livedInSandbox(t);
  const there = await postgresDatabase(t);
  await copy(database, there);
  const unknown = `
    SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
      AND reltuples < 0 AND relname NOT IN ('schema_migration', 'copy_progress')
      AND relname NOT LIKE 'search%'`;
  assert.deepEqual(await stored(there, unknown), []);
});
