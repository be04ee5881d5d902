import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { firstRow, type Transaction } from "../../../src/store/db.ts";
import { postgresOnly, sql } from "../../../src/store/query.ts";
import { conformance, isOrdinary, isTooLate, kinds, rowsOf, textsIn } from "../../support/database/conformance.ts";
import { inSql } from "../../support/database/in-sql.ts";

const count = async (transaction: Transaction, table: string) =>
  (await firstRow(transaction, ...inSql<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)))?.count;

for (const kind of kinds) {
  suite(`transactions of a database: ${kind}`, () => {
    const { db, open, newTable } = conformance(kind);

    test("statements that the work does not wait for run in their order and belong to the transaction", async () => {
      const table = await newTable();
      const counts = await db().transaction(async (transaction) => {
        const read = [1, 2, 3].map((id) => {
          void transaction.run(...inSql(`INSERT INTO ${table} (id, text) VALUES (?1, ?2)`, id, `${id}`));
          return count(transaction, table);
        });
        void transaction.run(...inSql(`UPDATE ${table} SET text = text || '!'`));
        return Promise.all(read);
      });
      assert.deepEqual(counts, [1, 2, 3]);
      assert.deepEqual(await textsIn(db(), table), ["1!", "2!", "3!"]);
    });

    test("what fails leaves nothing behind: thrown at once, later, or by a statement", async () => {
      const table = await newTable();
      const failing: readonly ((transaction: Transaction) => Promise<unknown>)[] = [
        () => {
          throw new Error("On purpose.");
        },
        async (transaction) => {
          await transaction.insert(table, rowsOf("one", "two"));
          throw new Error("On purpose.");
        },
        async (transaction) => {
          await transaction.insert(table, rowsOf("one"));
          await transaction.all(...inSql("SELECT 1 FROM nowhere"));
        },
        async (transaction) => {
          await transaction.insert(table, rowsOf("one", "two"));
          await transaction.insert(table, rowsOf("one"));
        },
        (transaction) => transaction.script(`INSERT INTO ${table} (id, text) VALUES (1, 'one'); SELECT 1 FROM nowhere`),
      ];
      // More often than there are connections: one that is kept would be missed.
      for (let round = 0; round < 10; round += 1) {
        for (const work of failing) await assert.rejects(db().transaction(work), isOrdinary);
      }
      assert.deepEqual(await textsIn(db(), table), []);
      await db().transaction((transaction) => transaction.insert(table, rowsOf("after")));
      assert.deepEqual(await textsIn(db(), table), ["after"]);
    });

    test("a statement that the work did not wait for fails the transaction at its end", async () => {
      const table = await newTable();
      const failing = db().transaction(async (transaction) => {
        void transaction.insert(table, rowsOf("one"));
        void transaction.run(...inSql(`INSERT INTO ${table} (id, text) VALUES (1, 'the same id')`));
        void transaction.run(...inSql(`INSERT INTO ${table} (id, text) VALUES (2, 'two')`));
      });
      await assert.rejects(failing, isOrdinary);
      assert.deepEqual(await textsIn(db(), table), []);
    });

    test("a failure that the work makes light of fails the transaction all the same, and is the one that is told", async () => {
      const table = await newTable();
      const failing = db().transaction(async (transaction) => {
        await transaction.insert(table, rowsOf("one"));
        await transaction.all(...inSql("SELECT 1 FROM nowhere")).catch(() => undefined);
        await transaction.run(...inSql(`INSERT INTO ${table} (id, text) VALUES (2, 'two')`)).catch(() => undefined);
        await assert.rejects(textsIn(transaction, table));
      });
      await assert.rejects(failing, /nowhere/);
      assert.deepEqual(await textsIn(db(), table), []);
    });

    test("a failure of a statement quotes no value", async () => {
      const table = await newTable();
      await db().transaction((transaction) => transaction.insert(table, [{ id: 1, text: "Penelope" }]));
      const failing = db().transaction((transaction) => transaction.insert(table, [{ id: 1, text: "Penelope" }]));
      await assert.rejects(failing, (error) => isOrdinary(error) && !String(error).includes("Penelope"));
    });

    test("a transaction that is over takes no more statements, whether it was committed or not", async () => {
      const table = await newTable();
      const kept: Transaction[] = [];
      await db().transaction(async (transaction) => void kept.push(transaction));
      const failing = db().transaction(async (transaction) => {
        kept.push(transaction);
        throw new Error("On purpose.");
      });
      await assert.rejects(failing);
      assert.equal(kept.length, 2);
      for (const over of kept) {
        await assert.rejects(over.run(...inSql(`INSERT INTO ${table} (id, text) VALUES (1, 'late')`)), /over/);
        await assert.rejects(over.insert(table, rowsOf("late")), /over/);
        await assert.rejects(over.update(table, ["id"], ["text"], rowsOf("late")), /over/);
        await assert.rejects(over.all(...inSql("SELECT 1")), /over/);
        await assert.rejects(over.script("SELECT 1"), /over/);
      }
      assert.deepEqual(await textsIn(db(), table), []);
    });

    test("a statement that is asked for while another one fails does not go on outside the transaction", async () => {
      const table = await newTable();
      const late = Promise.withResolvers<void>();
      const failing = db().transaction(async (transaction) => {
        const slow = late.promise.then(() =>
          transaction.run(...inSql(`INSERT INTO ${table} (id, text) VALUES (1, 'late')`)),
        );
        slow.catch(() => undefined);
        await transaction.all(...inSql("SELECT 1 FROM nowhere"));
      });
      await assert.rejects(failing);
      late.resolve();
      await db().transaction((transaction) => transaction.insert(table, [{ id: 2, text: "after" }]));
      assert.deepEqual(await textsIn(db(), table), ["after"]);
    });

    test("more transactions than run at a time wait for each other", async () => {
      const table = await newTable();
      const ids = Array.from({ length: 5 * db().maxTransactions + 3 }, (_, index) => index + 1);
      await Promise.all(
        ids.map((id) => db().transaction((transaction) => transaction.insert(table, [{ id, text: "x" }]))),
      );
      assert.equal((await textsIn(db(), table)).length, ids.length);
    });

    if (kind === "memory") return;

    test("a transaction answers what its work does, and others see it from then on", async (t) => {
      const table = await newTable();
      const other = open(t);
      const answer = await db().transaction(async (transaction) => {
        await transaction.insert(table, rowsOf("one"));
        assert.deepEqual(await textsIn(transaction, table), ["one"], "it sees what it wrote");
        assert.deepEqual(await textsIn(db(), table), [], "no other connection does yet");
        assert.deepEqual(await textsIn(other, table), [], "and no other process");
        return { done: true };
      });
      assert.deepEqual(answer, { done: true });
      assert.deepEqual(await textsIn(db(), table), ["one"]);
      assert.deepEqual(await textsIn(other, table), ["one"]);
    });

    test("concurrent transactions of two processes lose no update", async (t) => {
      const table = await newTable();
      const processes = [db(), open(t)];
      await db().transaction((transaction) => transaction.insert(table, [{ id: 1, text: "", number: 0 }]));
      const adding = Array.from({ length: 60 }, (_, index) =>
        processes[index % 2]?.transaction(async (transaction) => {
          const statement = sql`SELECT number FROM ${table} WHERE id = ?1 ${postgresOnly("FOR UPDATE")}`;
          const row = await firstRow(transaction, ...inSql<{ number: number }>(statement, 1));
          await transaction.update(table, ["id"], ["number"], [{ id: 1, text: "", number: (row?.number ?? 0) + 1 }]);
        }),
      );
      await Promise.all(adding);
      const row = await firstRow(db(), ...inSql<{ number: number }>(`SELECT number FROM ${table}`));
      assert.equal(row?.number, 60);
    });

    test("transactions that take rows in opposite order are both carried out", async (t) => {
      const table = await newTable();
      const processes = [db(), open(t)];
      await db().transaction((transaction) => transaction.insert(table, rowsOf("", "")));
      const work = (ids: readonly number[]) => async (transaction: Transaction) => {
        for (const id of ids) {
          await transaction.all(...inSql(sql`SELECT id FROM ${table} WHERE id = ?1 ${postgresOnly("FOR UPDATE")}`, id));
          await transaction.run(...inSql(`UPDATE ${table} SET text = text || '.' WHERE id = ?1`, id));
        }
      };
      await Promise.all([processes[0]?.transaction(work([1, 2])), processes[1]?.transaction(work([2, 1]))]);
      assert.deepEqual(await textsIn(db(), table), ["..", ".."]);
    });

    test("a transaction gives up when another process holds what it needs for longer than it may take", async (t) => {
      const table = await newTable();
      const other = open(t);
      await db().transaction((transaction) => transaction.insert(table, rowsOf("first")));
      const change = (text: string) => (transaction: Transaction) =>
        transaction.run(...inSql(`UPDATE ${table} SET text = ?1 WHERE id = 1`, text));
      const held = Promise.withResolvers<void>();
      const tried = Promise.withResolvers<void>();
      const holding = other.transaction(async (transaction) => {
        await change("held")(transaction);
        // Not only sent, but carried out.
        await transaction.all(...inSql("SELECT 1"));
        held.resolve();
        await tried.promise;
      });
      await held.promise;
      await assert.rejects(db().transaction(change("late"), 50), isTooLate);
      tried.resolve();
      await holding;
      assert.deepEqual(await textsIn(db(), table), ["held"]);
      await db().transaction(change("after"), 60_000);
      assert.deepEqual(await textsIn(db(), table), ["after"]);
    });
  });
}
