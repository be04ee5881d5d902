import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { suite, test } from "node:test";
import type { Db } from "../../../src/store/db.ts";
import { conformance, kinds, rowsOf, textsIn } from "../../support/database/conformance.ts";
import { inSql } from "../../support/database/in-sql.ts";

/** Takes nothing any more. */
async function isClosed(db: Db): Promise<void> {
  await assert.rejects(db.all(...inSql("SELECT 1")));
  await assert.rejects(db.snapshot(({ all }) => all(...inSql("SELECT 1"))));
  await assert.rejects(db.transaction(({ all }) => all(...inSql("SELECT 1"))));
  await assert.rejects(db.searchReader(60_000).all(...inSql("SELECT 1")));
}

for (const kind of kinds.filter((kind) => kind !== "memory")) {
  suite(`processes on a database: ${kind}`, () => {
    const { db, openUnowned, open, newTable } = conformance(kind);

    test("a hint reaches other processes or is lost, and never comes back to the one that gave it", async (t) => {
      const [here, there] = [open(t), open(t)];
      const heard: string[] = [];
      const hints = new EventEmitter();
      here.onNotification((message) => heard.push(message));
      there.onNotification((message) => hints.emit("hint", message));
      assert.equal(there.engine, kind === "postgres" ? "postgres" : "sqlite");
      here.notify("before anybody may listen");
      if (there.engine === "sqlite") return;
      const hint = `{"text":"${"'ü\\".repeat(100)}"}`;
      const told = once(hints, "hint");
      // Listening begins at some time after it was asked for.
      const telling = setInterval(() => here.notify(hint), 20);
      const [message] = await told;
      clearInterval(telling);
      assert.ok([hint, "before anybody may listen"].includes(message));
      assert.deepEqual(heard, []);
    });

    test("a database that is closed takes nothing any more, and what was committed is there", async () => {
      const table = await newTable();
      const closing = openUnowned();
      await closing.transaction((transaction) => transaction.insert(table, rowsOf("kept")));
      await closing.searchReader(60_000).all(...inSql("SELECT 1"));
      await closing.close();
      await isClosed(closing);
      assert.deepEqual(await textsIn(db(), table), ["kept"]);
    });

    test("what is under way when a database is closed is stored whole, or not at all and said so", async () => {
      const table = await newTable();
      const closing = openUnowned();
      const outcomes = Array.from({ length: 6 }, async (_, index) => {
        const rows = [1, 2].map((half) => ({ id: 2 * index + half, text: `${index}` }));
        const storing = closing.transaction(async (transaction) => {
          await transaction.insert(table, rows.slice(0, 1));
          await transaction.all(...inSql("SELECT 1"));
          await transaction.insert(table, rows.slice(1));
        });
        return storing.then(() => [`${index}`, `${index}`]).catch(() => []);
      });
      const reading = [closing.all(...inSql("SELECT 1")), closing.snapshot(({ all }) => all(...inSql("SELECT 1")))].map(
        (read) => read.catch(() => []),
      );
      await closing.close();
      const stored = (await Promise.all(outcomes)).flat();
      await Promise.all(reading);
      assert.deepEqual(await textsIn(db(), table), stored);
    });
  });
}
