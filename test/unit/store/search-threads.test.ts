import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { Problem } from "../../../src/core/problem.ts";
import {
  maxAbandoned,
  type SearchReader,
  sqliteSearchReader,
} from "../../../src/store/engines/sqlite/search-reader.ts";
import { openSearchThread, type SearchThread } from "../../../src/store/engines/sqlite/search-thread.ts";
import type { SearchAnswer, SearchQuestion } from "../../../src/store/engines/sqlite/search-worker.ts";
import { openSqlite } from "../../../src/store/engines/sqlite/sqlite.ts";
import { inSql } from "../../support/database/in-sql.ts";
import { databaseFile, newDatabase } from "../../support/server/server.ts";

/** A thread that answers and ends when the test says so. */
interface FakeThread extends SearchThread {
  readonly asked: SearchQuestion[];
  answer(answer: SearchAnswer): void;
  end(): void;
  isTerminated: boolean;
}

function fakeThread(): FakeThread {
  let answered: (answer: SearchAnswer) => void = () => undefined;
  let ended: (error: unknown) => void = () => undefined;
  const thread: FakeThread = {
    asked: [],
    isTerminated: false,
    ask: (question) => thread.asked.push(question),
    listen: (...listeners) => {
      [answered, ended] = listeners;
    },
    keepProcess: () => undefined,
    terminate: async () => {
      thread.isTerminated = true;
    },
    answer: (answer) => answered(answer),
    end: () => ended(new Error("The thread has ended.")),
  };
  return thread;
}

const limit = 500;
const patience = 2000;

/** A reader on threads and a clock that the test moves. */
function watched(t: TestContext) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const threads: FakeThread[] = [];
  const notes: string[] = [];
  const reader = sqliteSearchReader({
    openThread: () => {
      const thread = fakeThread();
      threads.push(thread);
      return thread;
    },
    problemOf: (error) => error,
    patience,
    note: (message) => notes.push(message),
  });
  return { reader, threads, notes, pass: (milliseconds: number) => t.mock.timers.tick(milliseconds) };
}

/** What a question comes to: its rows, or what is said instead. */
async function outcome(reader: SearchReader, statement: string, milliseconds = limit): Promise<unknown> {
  try {
    return await reader.reader(milliseconds).all(...inSql(statement));
  } catch (error) {
    return error instanceof Problem ? error.kind : String(error);
  }
}

const rows = (text: string) => ({ rows: [{ text }] });

test("a search that goes on after its time keeps its thread, and the next search gets another one at once", async (t) => {
  const { reader, threads, notes, pass } = watched(t);
  const slow = Array.from({ length: 6 }, () => outcome(reader, "slow"));
  pass(limit);
  assert.deepEqual(await Promise.all(slow), new Array(6).fill("timeout"));
  const next = outcome(reader, "quick", 10 * patience);
  assert.equal(threads.length, 1);
  pass(patience);
  const [stuck, fresh] = threads;
  assert.ok(stuck?.isTerminated);
  assert.deepEqual(fresh?.asked, [{ statement: "quick", parameters: [] }]);
  fresh.answer(rows("found"));
  assert.deepEqual(await next, [{ text: "found" }]);
  assert.equal(notes.length, 1);
});

test("what an abandoned thread still answers is discarded, and its end ends no other search", async (t) => {
  const { reader, threads, pass } = watched(t);
  const slow = outcome(reader, "slow");
  pass(limit);
  pass(patience);
  assert.equal(await slow, "timeout");
  const next = outcome(reader, "quick");
  const [stuck, fresh] = threads;
  stuck?.answer(rows("late"));
  stuck?.end();
  fresh?.answer(rows("found"));
  assert.deepEqual(await next, [{ text: "found" }]);
});

test("a search that ends soon after its time keeps the thread for the next one", async (t) => {
  const { reader, threads, notes, pass } = watched(t);
  const slow = outcome(reader, "slow");
  pass(limit);
  assert.equal(await slow, "timeout");
  const next = outcome(reader, "quick");
  threads[0]?.answer(rows("late"));
  threads[0]?.answer(rows("found"));
  assert.deepEqual(await next, [{ text: "found" }]);
  pass(patience);
  assert.deepEqual([threads.length, notes.length], [1, 0]);
});

test("only so many threads are abandoned: then searches wait for one of them to end", async (t) => {
  const { reader, threads, notes, pass } = watched(t);
  for (let count = 0; count < maxAbandoned; count += 1) {
    const slow = outcome(reader, "slow");
    pass(limit);
    pass(patience);
    assert.equal(await slow, "timeout");
  }
  const impatient = outcome(reader, "quick");
  pass(limit);
  assert.equal(await impatient, "timeout");
  assert.equal(threads.length, maxAbandoned);
  assert.match(notes.at(-1) ?? "", /too many/);

  const next = outcome(reader, "quick");
  threads[1]?.end();
  threads.at(-1)?.answer(rows("found"));
  assert.deepEqual(await next, [{ text: "found" }]);
  assert.equal(threads.length, maxAbandoned + 1);
});

test("a thread that ends by itself fails its search alone", async (t) => {
  const { reader, threads } = watched(t);
  const failing = outcome(reader, "slow");
  const next = outcome(reader, "quick");
  threads[0]?.end();
  assert.match(String(await failing), /has ended/);
  threads[1]?.answer(rows("found"));
  assert.deepEqual(await next, [{ text: "found" }]);
});

/** Resolves once a connection reads the file in a transaction: only then are changes before it still needed. */
async function untilRead(path: string): Promise<void> {
  const database = new DatabaseSync(path);
  for (let isRead = false; !isRead; ) {
    database.exec("INSERT INTO written_by_test VALUES (1)");
    isRead = database.prepare("PRAGMA wal_checkpoint(TRUNCATE)").get()?.busy === 1;
    await setImmediate();
  }
  database.close();
}

test("on a real thread, the next search is answered while the one before is still carried out", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const path = databaseFile(newDatabase(t));
  const db = openSqlite(path);
  await db.transaction((transaction) =>
    transaction.script("CREATE TABLE kept (text TEXT); CREATE TABLE written_by_test (number INTEGER)"),
  );
  await db.close();
  const events: string[] = [];
  const ended = Promise.withResolvers<void>();
  const openThread = (): SearchThread => {
    const thread = openSearchThread(path);
    return {
      ...thread,
      listen: (answered, end) =>
        thread.listen(answered, (error) => {
          events.push("the first thread has ended");
          end(error);
          ended.resolve();
        }),
    };
  };
  const reader = sqliteSearchReader({ openThread, problemOf: (error) => error, patience, note: () => undefined });
  // With the thread open and its schema read, the runaway statement is the only one that can read the file.
  assert.deepEqual(await outcome(reader, "SELECT text FROM kept"), []);
  // A second or more of a processor, which another thread does not need to begin and to answer.
  const runaway = outcome(
    reader,
    `WITH RECURSIVE number (n) AS (SELECT count(*) FROM kept UNION ALL SELECT n + 1 FROM number WHERE n < 5000000)
     SELECT count(*) AS count FROM number`,
  );
  await untilRead(path);
  t.mock.timers.tick(limit);
  assert.equal(await runaway, "timeout");
  t.mock.timers.tick(patience);
  assert.deepEqual(await outcome(reader, "SELECT 1 AS one"), [{ one: 1 }]);
  events.push("the second search is answered");
  await ended.promise;
  assert.deepEqual(events, ["the second search is answered", "the first thread has ended"]);
  t.mock.timers.reset();
  await reader.close();
});
