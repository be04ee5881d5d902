import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { firstRow, type Reader } from "../../../src/store/db.ts";
import { conformance, isOrdinary, isTooLate, kinds, rowsOf, textsIn } from "../../support/database/conformance.ts";
import { inSql } from "../../support/database/in-sql.ts";

/** Counts to a number, which takes the database as long as it is large. */
const counting =
  "WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < ?1) SELECT max(x) AS x FROM n";

for (const kind of kinds) {
  suite(`reads of a database: ${kind}`, () => {
    const { db, open, newTable } = conformance(kind);

    /** All ways to read. */
    const readers = (): readonly Reader[] => [
      db(),
      { all: (query, ...asked) => db().snapshot(({ all }) => all(query, ...asked)) },
      { all: (query, ...asked) => db().transaction(({ all }) => all(query, ...asked)) },
      db().searchReader(60_000),
    ];

    test("rows come in the order that was asked for, and none where there is none", async () => {
      const table = await newTable();
      await db().transaction((transaction) => transaction.insert(table, rowsOf("one", "two", "three")));
      for (const reader of readers()) {
        const texts = await reader.all(
          ...inSql<{ text: string }>(`SELECT text FROM ${table} ORDER BY id DESC LIMIT ?1`, 2),
        );
        assert.deepEqual(
          texts.map(({ text }) => text),
          ["three", "two"],
        );
        assert.deepEqual(await reader.all(...inSql(`SELECT text FROM ${table} WHERE id > ?1`, 3)), []);
        assert.equal(await firstRow(reader, ...inSql(`SELECT text FROM ${table} WHERE id > ?1`, 3)), undefined);
      }
    });

    test("parameters are found by their numbers, however often and in which order they stand", async () => {
      const table = await newTable();
      await db().transaction((transaction) => transaction.insert(table, rowsOf("one", "two")));
      const letters = [..."abcdefghijk"];
      const places = letters.map((_letter, index) => `?${letters.length - index}`).join(" || ");
      for (const reader of readers()) {
        const statement = `SELECT ${places} || ?1 AS text FROM ${table} WHERE id = ?12 OR id = ?12`;
        const row = await firstRow(reader, ...inSql<{ text: string }>(statement, ...letters, 2));
        assert.equal(row?.text, "kjihgfedcbaa");
      }
    });

    test("the same statement may be asked many times at once", async () => {
      const table = await newTable();
      const texts = Array.from({ length: 200 }, (_, index) => `text ${index + 1}`);
      await db().transaction((transaction) => transaction.insert(table, rowsOf(...texts)));
      for (const reader of readers().slice(0, 2)) {
        const found = texts.map((_, index) =>
          firstRow(reader, ...inSql<{ text: string }>(`SELECT text FROM ${table} WHERE id = ?1`, index + 1)),
        );
        assert.deepEqual(
          (await Promise.all(found)).map((row) => row?.text),
          texts,
        );
      }
    });

    test("a read that fails says so, and those after it are answered", async () => {
      for (const reader of readers()) {
        await assert.rejects(reader.all(...inSql("SELECT 1 FROM nowhere")), isOrdinary);
        await assert.rejects(reader.all(...inSql("SELECT FROM FROM")), isOrdinary);
        assert.equal((await firstRow(reader, ...inSql<{ n: number }>("SELECT 7 AS n")))?.n, 7);
      }
    });

    test("a snapshot whose read fails, fails, also where its work makes light of it", async () => {
      const failing = db().snapshot(async ({ all }) => {
        await all(...inSql("SELECT 1 FROM nowhere")).catch(() => undefined);
        return "well";
      });
      await assert.rejects(failing, /nowhere/);
      const unawaited = db().snapshot(async ({ all }) => void all(...inSql("SELECT 1 FROM nowhere")));
      await assert.rejects(unawaited, /nowhere/);
      const throwing = db().snapshot(() => {
        throw new Error("On purpose.");
      });
      await assert.rejects(throwing, /On purpose/);
      assert.equal(await db().snapshot(async () => "well"), "well");
    });

    test("a snapshot that is over takes no more reads", async () => {
      const kept: Reader[] = [];
      await db().snapshot(async (reader) => void kept.push(reader));
      for (const reader of kept) await assert.rejects(reader.all(...inSql("SELECT 1")), /over/);
      assert.equal(kept.length, 1);
    });

    if (kind === "memory") return;

    test("a snapshot sees one moment while writers go on, and holds up no writer", async (t) => {
      const table = await newTable();
      const other = open(t);
      await db().transaction((transaction) => transaction.insert(table, rowsOf("one")));
      const seen = await db().snapshot(async (reader) => {
        const texts = [await textsIn(reader, table)];
        for (const writer of [db(), other]) {
          await writer.transaction(async (transaction) => {
            await transaction.run(...inSql(`UPDATE ${table} SET text = text || '!'`));
            const id = (await textsIn(transaction, table)).length + 1;
            await transaction.insert(table, [{ id, text: "new" }]);
          });
          texts.push(await textsIn(reader, table));
        }
        assert.deepEqual(await textsIn(db(), table), ["one!!", "new!", "new"], "other reads see all of it");
        return texts;
      });
      assert.deepEqual(seen, [["one"], ["one"], ["one"]]);
    });

    test("reads and snapshots wait for no transaction, and see nothing of it before its end", async (t) => {
      const table = await newTable();
      const other = open(t);
      await db().transaction((transaction) => transaction.insert(table, rowsOf("old")));
      await db().transaction(async (transaction) => {
        await transaction.run(...inSql(`UPDATE ${table} SET text = 'new'`));
        for (const reader of [db(), other]) {
          assert.deepEqual(await textsIn(reader, table), ["old"]);
          assert.deepEqual(await reader.snapshot((snapshot) => textsIn(snapshot, table)), ["old"]);
          assert.deepEqual(await textsIn(reader.searchReader(60_000), table), ["old"]);
        }
      });
      assert.deepEqual(await textsIn(other, table), ["new"]);
    });

    test("a search that takes too long ends with a timeout, and others are answered", async () => {
      const slow = [1, 2].map(() =>
        assert.rejects(
          db()
            .searchReader(1)
            .all(...inSql(counting, 3_000_000)),
          isTooLate,
        ),
      );
      const table = await newTable();
      assert.deepEqual(await textsIn(db(), table), [], "reads go on meanwhile");
      await Promise.all(slow);
      const row = await firstRow(db().searchReader(600_000), ...inSql<{ x: number }>(counting, 1000));
      assert.equal(row?.x, 1000);
    });
  });
}
