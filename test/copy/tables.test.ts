import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { systemClock } from "../../src/core/clock.ts";
import { copyDatabase, copySource } from "../../src/store/copy/copy.ts";
import { type PageSize, pages } from "../../src/store/copy/pages.ts";
import { copiedTables } from "../../src/store/copy/tables.ts";
import type { Db, Row } from "../../src/store/db.ts";
import { migrate } from "../../src/store/migrations/migrations.ts";
import { openDatabase } from "../../src/store/store.ts";
import { migratedDatabase } from "../support/database/engine.ts";
import { inSql } from "../support/database/in-sql.ts";
import { livedInSandbox, tablesOf } from "../support/database/lived-in.ts";
import { stored } from "../support/database/stored.ts";
import { postgresDatabase } from "../support/postgres/postgres.ts";
import { innboxData, innboxHere } from "../support/server/process.ts";
import { newDatabase } from "../support/server/server.ts";

interface Column {
  readonly name: string;
  /** Its place in the primary key, from 1; 0 or null when it has none. */
  readonly place: number | null;
}

const columns = {
  sqlite: "SELECT name, pk AS place FROM pragma_table_info(?1)",
  postgres: `
    SELECT attname AS name, array_position(indkey::int2[], attnum) + 1 AS place FROM pg_attribute
    JOIN pg_index ON indrelid = attrelid AND indisprimary
    WHERE attrelid = to_regclass(?1) AND attnum > 0 AND NOT attisdropped`,
};

async function columnsOf(url: string, table: string): Promise<{ readonly names: string[]; readonly key: string[] }> {
  const found = await stored<Column>(url, url.startsWith("sqlite") ? columns.sqlite : columns.postgres, table);
  const placed = found.filter(({ place }) => place).sort((a, b) => Number(a.place) - Number(b.place));
  return { names: found.map(({ name }) => name).sort(), key: placed.map(({ name }) => name) };
}

test("every table of the schema is copied, in the order of its key", async (t) => {
  const file = newDatabase(t);
  await innboxData("migrate", "--database", file);
  const server = await migratedDatabase(t);
  const names = copiedTables.map(({ name }) => name).sort();
  for (const url of [file, server]) {
    assert.deepEqual((await tablesOf(url)).sort(), names, "a table that a migration adds belongs into copiedTables");
  }
  for (const { name, key, long = [], foreign = [] } of copiedTables) {
    const [here, there] = [await columnsOf(file, name), await columnsOf(server, name)];
    assert.deepEqual(here, there, `${name} has the same columns everywhere`);
    assert.deepEqual(key, here.key, `the key of ${name}`);
    for (const column of [...long, ...foreign]) assert.ok(here.names.includes(column), `${name}.${column}`);
  }
});

test("a row comes after those that it refers to", async (t) => {
  const file = newDatabase(t);
  await innboxData("migrate", "--database", file);
  const names = copiedTables.map(({ name }) => name);
  for (const [index, name] of names.entries()) {
    const referred = await stored<{ name: string }>(
      file,
      `SELECT "table" AS name FROM pragma_foreign_key_list(?1)`,
      name,
    );
    for (const other of referred) assert.ok(names.slice(0, index).includes(other.name), `${name} after ${other.name}`);
  }
});

const [threads] = copiedTables.filter(({ name }) => name === "message_thread");

/** Puts threads with documents of some lengths in place of all others, and answers the lengths on each page of them. */
async function pagesOf(db: Db, lengths: readonly number[], size: PageSize): Promise<number[][]> {
  assert.ok(threads);
  const [thread] = await db.all(...inSql<Row>("SELECT * FROM message_thread"));
  const rows = lengths.map((length, index) => ({
    ...thread,
    created: index,
    id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
    document: "€".repeat(length / 3),
  }));
  await db.transaction(async (transaction) => {
    await transaction.run(...inSql("DELETE FROM message"));
    await transaction.run(...inSql("DELETE FROM message_thread"));
    await transaction.insert("message_thread", rows);
  });
  const lists: (readonly Row[])[] = [];
  for await (const page of pages(db, threads, size)) lists.push(page);
  const created = (list: readonly Row[]) => list.map((row) => row.created);
  assert.deepEqual(created(lists.flat()), created(rows));
  return lists.map((page) => page.map(({ document }) => Buffer.byteLength(String(document))));
}

test("a page has so many rows and bytes at most, and at least one row", async (t) => {
  const { database } = await livedInSandbox(t);
  const there = await postgresDatabase(t);
  await innboxData("copy", "--from", database, "--to", there);
  for (const url of [database, there]) {
    const db = openDatabase(url);
    t.after(() => db.close());
    const lengths = [300, 300, 300, 600, 3000, 3000, 300, 600, 300, 300, 300];
    assert.deepEqual(await pagesOf(db, lengths, { rows: 3, bytes: 1000 }), [
      [300, 300, 300],
      [600],
      [3000],
      [3000],
      [300, 600],
      [300, 300, 300],
    ]);
  }
});

/** The texts in keys that a language has a say in, which may sort them otherwise than SQLite does. */
const sortedByLanguage = `
  SELECT attrelid::regclass::text || '.' || attname AS name FROM pg_index
  JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey::int2[])
  JOIN pg_class ON pg_class.oid = attrelid
  WHERE indisprimary AND relnamespace = current_schema()::regnamespace
    AND attcollation NOT IN (0, (SELECT oid FROM pg_collation WHERE collname = 'C'))`;

test("texts in keys have the same order in both engines, and in every language", async (t) => {
  assert.deepEqual(await stored(await migratedDatabase(t), sortedByLanguage), []);
});

test("everything is copied to a database that sorts as a dictionary does, and back", async (t) => {
  const { database } = await livedInSandbox(t);
  const source = openDatabase(database);
  t.after(() => source.close());
  const [kept] = await source.all(...inSql<Row>("SELECT * FROM idempotency_key"));
  assert.ok(kept);
  const keys = ["a", "B", "Z", "_z", "ä", "z", "Ä", "b a", "ba", "b-c", "10", "9"];
  const rows = keys.map((key) => ({ ...kept, key }));
  await source.transaction((transaction) => transaction.insert("idempotency_key", rows));
  const options = { clock: systemClock, size: { rows: 2, bytes: 1_000_000 } };
  const target = openDatabase(await databaseInEnglish(await postgresDatabase(t)));
  t.after(() => target.close());
  await copyDatabase(await copySource(source), target, options);
  const back = openDatabase(newDatabase(t));
  t.after(() => back.close());
  await copyDatabase(await copySource(target), back, options);
});

/** A database on the server of another one. It goes when the server goes. */
async function databaseInEnglish(url: string): Promise<string> {
  const place = new URL(url);
  const name = `${place.pathname.slice(1)}_english`;
  const client = new pg.Client(url);
  await client.connect();
  await client.query(
    `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'`,
  );
  await client.end();
  place.pathname = name;
  return place.href;
}

test("what PostgreSQL can't hold of a partner's answer is replaced, and is no difference", async (t) => {
  const { database } = await livedInSandbox(t);
  const source = openDatabase(database);
  await source.transaction((transaction) =>
    transaction.run(...inSql("UPDATE webhook_attempt SET response_body = ?1", "a\0b\0")),
  );
  await source.close();
  const there = await postgresDatabase(t);
  const { exitCode, stderr } = await innboxHere(["copy", "--from", database, "--to", there]);
  assert.equal(exitCode, 0, stderr);
  const bodies = await stored<{ body: string }>(there, "SELECT DISTINCT response_body AS body FROM webhook_attempt");
  assert.deepEqual(bodies, [{ body: "a\ufffdb\ufffd" }]);
});

test("a new database has everything that a copy begins with", async (t) => {
  const db = openDatabase(await postgresDatabase(t));
  t.after(() => db.close());
  await migrate(db, systemClock);
  const rows = await Promise.all(
    copiedTables.map(async ({ name }) => [name, (await db.all(...inSql(`SELECT 1 FROM ${name}`))).length]),
  );
  assert.deepEqual(
    rows.filter(([, count]) => count !== 0),
    [["installation", 1]],
    "a row that a migration adds must be left to be copied over",
  );
});
