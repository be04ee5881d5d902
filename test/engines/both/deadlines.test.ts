import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Deadline, within } from "../../../src/core/deadline.ts";
import { Problem } from "../../../src/core/problem.ts";
import type { Transaction } from "../../../src/store/db.ts";
import { openDatabase } from "../../../src/store/store.ts";
import { frontDesk } from "../../support/browser/front-desk.ts";
import { isOnPostgres, migratedDatabase } from "../../support/database/engine.ts";
import { inSql } from "../../support/database/in-sql.ts";
import { otherClient } from "../../support/postgres/nodes.ts";
import { engineDatabase, newDatabase } from "../../support/server/server.ts";
import { gross, net, publishedThread } from "../../support/server/world.ts";

/** A database with a table of its own, and a deadline that passes when the test says so. */
async function bounded(t: TestContext) {
  const url = isOnPostgres ? await migratedDatabase(t) : newDatabase(t);
  const db = openDatabase(url);
  t.after(() => db.close());
  await db.transaction((transaction) => transaction.script("CREATE TABLE kept (text TEXT NOT NULL)"));
  const ending = new AbortController();
  const deadline: Deadline = { signal: ending.signal, end: Number.POSITIVE_INFINITY, mayBeStored: false };
  const kept = async () => (await db.all(...inSql<{ text: string }>("SELECT text FROM kept"))).map(({ text }) => text);
  return { db, bound: db.until(deadline), deadline, kept, pass: () => ending.abort() };
}

const keep = (transaction: Transaction, text: string) =>
  transaction.run(...inSql("INSERT INTO kept (text) VALUES (?1)", text));

const isTooLate = (error: unknown) => error instanceof Problem && error.kind === "timeout";

test("a transaction whose deadline passes before its commit leaves nothing, and its request is known to have none", async (t) => {
  const { bound, deadline, kept, pass } = await bounded(t);
  const late = bound.transaction(async (transaction) => {
    await keep(transaction, "late");
    pass();
  });
  await assert.rejects(late, isTooLate);
  assert.deepEqual(await kept(), []);
  assert.equal(deadline.mayBeStored, false);
});

test("a transaction whose deadline passes between two statements ends before the second one", async (t) => {
  const { bound, kept, pass } = await bounded(t);
  const late = bound.transaction(async (transaction) => {
    await keep(transaction, "first");
    pass();
    await transaction.all(...inSql("SELECT text FROM kept"));
    assert.fail("It went on.");
  });
  await assert.rejects(late, isTooLate);
  assert.deepEqual(await kept(), []);
});

test("after the deadline nothing begins any more, and what was committed before it stays known as such", async (t) => {
  const { bound, deadline, kept, pass } = await bounded(t);
  await bound.transaction((transaction) => keep(transaction, "in time"));
  assert.equal(deadline.mayBeStored, true);
  pass();
  await assert.rejects(bound.all(...inSql("SELECT text FROM kept")), isTooLate);
  await assert.rejects(
    bound.snapshot(({ all }) => all(...inSql("SELECT text FROM kept"))),
    isTooLate,
  );
  await assert.rejects(
    bound.transaction((transaction) => keep(transaction, "late")),
    isTooLate,
  );
  assert.deepEqual(await kept(), ["in time"]);
  assert.equal(deadline.mayBeStored, true);
});

test("reads are no commits, and a transaction that fails by itself takes its mark back", async (t) => {
  const { bound, deadline, kept } = await bounded(t);
  await bound.all(...inSql("SELECT text FROM kept"));
  await bound.snapshot(({ all }) => all(...inSql("SELECT text FROM kept")));
  assert.equal(deadline.mayBeStored, false);
  const failing = bound.transaction(async (transaction) => {
    await keep(transaction, "not this");
    throw new Error("On purpose.");
  });
  await assert.rejects(failing, /On purpose/);
  assert.equal(deadline.mayBeStored, false);
  assert.deepEqual(await kept(), []);
});

test("statements of a transaction that are asked for at once are carried out in their order", async (t) => {
  const { bound, kept } = await bounded(t);
  const found = await bound.transaction(async (transaction) => {
    const answered = ["one", "two", "three"].map(async (text) => {
      const stored = keep(transaction, text);
      const read = transaction.all(...inSql<{ count: number }>("SELECT count(*) AS count FROM kept"));
      await stored;
      return (await read)[0]?.count;
    });
    return Promise.all(answered);
  });
  assert.deepEqual(found, [1, 2, 3]);
  assert.deepEqual(await kept(), ["one", "two", "three"]);
});

if (isOnPostgres) {
  test("the statements of a transaction share the time of their request", async (t) => {
    const { db, kept } = await bounded(t);
    const slow = db.until(within(1000)).transaction(async (transaction) => {
      await keep(transaction, "late");
      // Each of them is in time by itself.
      for (let count = 0; count < 100; count += 1) await transaction.run(...inSql("SELECT pg_sleep(0.1)"));
    });
    await assert.rejects(slow, isTooLate);
    assert.deepEqual(await kept(), []);
  });

  test("what is stored already is not answered 408 when the answer can't be read in time", async (t) => {
    const database = await engineDatabase(t);
    const patient = await frontDesk(t, { database });
    const alice = await patient.hire("Alice", { [gross]: "Agent", [net]: "Agent" });
    const message = { MessageThreadId: publishedThread, Text: "When may we come?" };
    assert.equal((await patient.call("messages/add", { Messages: [message] })).status, 200);
    const impatient = await frontDesk(t, { database, "request-timeout": "1s" });
    const holder = await otherClient(t, database);
    await holder.query("BEGIN");
    // A note does not touch it, and its answer says whether the thread is unread.
    await holder.query("LOCK TABLE thread_reading IN ACCESS EXCLUSIVE MODE");
    const note = { MessageThreadId: publishedThread, Id: crypto.randomUUID(), Text: "The key is in the safe." };
    const { status, body } = await impatient.welcome(alice).call("threads/note", note);
    await holder.query("ROLLBACK");
    const { Items } = await alice.open(publishedThread);
    const isStored = Items.some(({ Text }) => Text === note.Text);
    assert.equal(status, isStored ? 503 : 408);
    assert.match(body.Message, isStored ? /did not say whether this was stored/ : /nothing was stored/);
  });
}
