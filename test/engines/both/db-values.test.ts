import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { firstRow, type Row, type Value } from "../../../src/store/db.ts";
import { conformance, kinds, rowsOf, textsIn } from "../../support/database/conformance.ts";
import { runs } from "../../support/database/engine.ts";
import { inSql } from "../../support/database/in-sql.ts";

const texts: readonly string[] = [
  "",
  " ",
  `'"\\ \b\f\n\r\t {"Id":"1"} \\u0041 \\x41 ?1 $1 -- /* */ ; %s`,
  "Ünïcödé 漢字 שלום 👩‍👩‍👧 \u202e\ufeff\u2028\uffff\u{10ffff}",
  "e\u0301 is not é",
  "x".repeat(1_000_000),
];
const numbers: readonly number[] = [
  0,
  1,
  -1,
  255,
  2 ** 31,
  -(2 ** 31),
  2 ** 32 + 1,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
];
const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
const bytes: readonly Uint8Array[] = [
  new Uint8Array(),
  new Uint8Array(3),
  everyByte,
  new TextEncoder().encode("\\x41"),
];

/** As they are compared, whichever object an engine makes of a row. */
function plain({ id, text, bytes, number }: Row): readonly (string | number | null)[] {
  const hexadecimal = (value: Value | undefined) =>
    value instanceof Uint8Array ? Buffer.from(value).toString("hex") : null;
  return [id as number, text as string, hexadecimal(bytes), (number ?? null) as number | null];
}

for (const kind of kinds) {
  suite(`values in a database: ${kind}`, () => {
    const { db, newTable } = conformance(kind);
    const stored = async (table: string) =>
      (await db().all(...inSql<Row>(`SELECT id, text, bytes, number FROM ${table} ORDER BY id`))).map(plain);

    /** The three ways to write a row. */
    const ways: readonly ((table: string, rows: readonly Row[]) => Promise<void>)[] = [
      (table, rows) => db().transaction((transaction) => transaction.insert(table, rows)),
      (table, rows) =>
        db().transaction(async (transaction) => {
          const statement = `INSERT INTO ${table} (id, text, bytes, number) VALUES (?1, ?2, ?3, ?4)`;
          for (const { id = null, text = null, bytes = null, number = null } of rows) {
            void transaction.run(...inSql(statement, id, text, bytes, number));
          }
        }),
      (table, rows) =>
        db().transaction(async (transaction) => {
          await transaction.insert(
            table,
            rows.map(({ id = null }) => ({ id, text: "before", bytes: null, number: 1 })),
          );
          await transaction.update(table, ["id"], ["text", "bytes", "number"], rows);
        }),
    ];

    test("texts, numbers, bytes and null come back as they were stored, whichever way", async () => {
      const rows: Row[] = [
        ...texts.map((text) => ({ text, bytes: null, number: null })),
        ...numbers.map((number) => ({ text: "", bytes: null, number })),
        ...bytes.map((bytes) => ({ text: "", bytes, number: null })),
      ].map((row, index) => ({ id: index + 1, ...row }));
      for (const write of ways) {
        const table = await newTable();
        await write(table, rows);
        assert.deepEqual(await stored(table), rows.map(plain));
      }
    });

    test("any text that is well formed comes back as it was stored, and is found by itself", async () => {
      const table = await newTable();
      const kept = fc
        .string({ unit: "binary", maxLength: 50 })
        .filter((text) => text.isWellFormed() && !text.includes("\0"));
      await fc.assert(
        fc.asyncProperty(fc.array(kept, { maxLength: 30 }), async (texts) => {
          const found = await db().transaction(async (transaction) => {
            void transaction.run(...inSql(`DELETE FROM ${table}`));
            void transaction.insert(table, rowsOf(...texts));
            const statement = `SELECT text FROM ${table} WHERE id = ?1 AND text = ?2`;
            return Promise.all(
              texts.map((text, index) => firstRow(transaction, ...inSql<{ text: string }>(statement, index + 1, text))),
            );
          });
          assert.deepEqual(
            found.map((row) => row?.text),
            texts,
          );
        }),
        { numRuns: runs(12) },
      );
    });

    test("a large value is stored whole", async () => {
      const table = await newTable();
      const large = Buffer.alloc(8_000_000, everyByte);
      await db().transaction((transaction) => transaction.insert(table, [{ id: 1, text: "", bytes: large }]));
      const [row] = await db().all(...inSql<{ bytes: Uint8Array }>(`SELECT bytes FROM ${table}`));
      assert.ok(large.equals(row?.bytes ?? new Uint8Array()));
    });

    test("many rows are added and changed in one go", async () => {
      const table = await newTable();
      const rows = Array.from({ length: 10_000 }, (_, index) => ({
        id: index + 1,
        text: `${index}`,
        bytes: null,
        number: index,
      }));
      const changed = rows
        .filter(({ id }) => id % 2 === 0)
        .map((row) => ({ ...row, text: "changed", number: -row.id }));
      await db().transaction(async (transaction) => {
        void transaction.insert(table, rows);
        void transaction.update(table, ["id"], ["text"], changed);
      });
      const expected = rows.map((row) => plain(row.id % 2 === 0 ? { ...row, text: "changed" } : row));
      assert.deepEqual(await stored(table), expected, "only the columns that were named are changed");
    });

    test("no rows are added or changed by an empty list", async () => {
      const table = await newTable();
      await db().transaction(async (transaction) => {
        await transaction.insert(table, rowsOf("one"));
        await transaction.insert(table, []);
        await transaction.update(table, ["id"], ["text"], []);
      });
      assert.deepEqual(await textsIn(db(), table), ["one"]);
    });

    test("columns that an added row leaves out are null, and one that must not be is refused", async () => {
      const table = await newTable();
      await db().transaction((transaction) => transaction.insert(table, rowsOf("one")));
      assert.deepEqual(await stored(table), [[1, "one", null, null]]);
      await assert.rejects(db().transaction((transaction) => transaction.insert(table, [{ id: 2, number: 3 }])));
      await assert.rejects(db().transaction((transaction) => transaction.insert(table, [{ id: 2, text: null }])));
      assert.deepEqual(await textsIn(db(), table), ["one"]);
    });

    test("rows are changed by a key of several columns", async () => {
      const table = await newTable();
      await db().transaction(async (transaction) => {
        await transaction.script(`CREATE UNIQUE INDEX ${table}_key ON ${table} (number, id)`);
        await transaction.insert(
          table,
          [1, 2, 3].map((id) => ({ id, text: "old", bytes: null, number: id % 2 })),
        );
        const rows = [1, 3].map((id) => ({ id, text: "new", bytes: everyByte, number: 1 }));
        await transaction.update(table, ["number", "id"], ["text"], rows);
      });
      assert.deepEqual(await stored(table), [
        [1, "new", null, 1],
        [2, "old", null, 0],
        [3, "new", null, 1],
      ]);
    });
  });
}
