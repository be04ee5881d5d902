import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../src/core/clock.ts";
import { copyDatabase, copySource } from "../../src/store/copy/copy.ts";
import type { Db, Value } from "../../src/store/db.ts";
import { openDatabase } from "../../src/store/store.ts";
import { sandboxDatabase } from "../support/database/engine.ts";
import { inSql } from "../support/database/in-sql.ts";
import { type LivedIn, livedInSandbox } from "../support/database/lived-in.ts";
import { stored } from "../support/database/stored.ts";
import { copyUnverified, progressQuery } from "../support/database/unfinished.ts";
import { postgresDatabase } from "../support/postgres/postgres.ts";
import { innboxData, innboxHere } from "../support/server/process.ts";
import { databaseFile, newDatabase } from "../support/server/server.ts";
import { gross, published } from "../support/server/world.ts";

type Statement = readonly [text: string, ...parameters: Value[]];

async function change(url: string, ...[text, ...parameters]: Statement): Promise<void> {
  const db = openDatabase(url);
  await db.transaction((transaction) => transaction.run(...inSql(text, ...parameters)));
  await db.close();
}

/** What may be wrong with a copy, and how the operator hears of it. */
const differences: readonly (readonly [name: string, change: Statement, sentence: RegExp])[] = [
  [
    "a changed document",
    [`UPDATE message SET document = replace(document, 'Text 0', 'Text O') WHERE enterprise_id = ?1`, gross],
    new RegExp(`the \\d+ rows of message of property ${gross} are not the same`),
  ],
  [
    "a moved moment",
    ["UPDATE property_log SET created = created + 1 WHERE enterprise_id = ?1 AND sequence = 2", gross],
    new RegExp(`the \\d+ rows of property_log of property ${gross} are not the same`),
  ],
  [
    "a missing row",
    ["DELETE FROM webhook_attempt WHERE enterprise_id = ?1 AND number = 1", gross],
    new RegExp(`webhook_attempt of property ${gross} has (\\d+) rows and the copy \\d+\\.`),
  ],
  [
    "rows of a property that are all missing",
    ["DELETE FROM idempotency_key"],
    new RegExp(`idempotency_key of property ${gross} has 1 rows and the copy 0\\.`),
  ],
  ["a switched bit", ["UPDATE client SET is_enabled = FALSE WHERE name = 'Client 3'"], /the 4 rows of client are not/],
  [
    "a changed digest",
    ["UPDATE access_token SET digest = ?1 WHERE expires IS NOT NULL", Buffer.alloc(32)],
    /the \d+ rows of access_token are not the same/,
  ],
];

/** Empty databases of each engine, and others like one that is not in use. */
const engines: Readonly<Record<string, (t: TestContext, like?: string) => Promise<string>>> = {
  PostgreSQL: (t, like) => postgresDatabase(t, like && new URL(like).pathname.slice(1)),
  SQLite: async (t, like) => {
    const database = newDatabase(t);
    if (like) copyFileSync(databaseFile(like), databaseFile(database));
    return database;
  },
};

for (const [engine, newTarget] of Object.entries(engines)) {
  test(`a copy in ${engine} that is not like its source is found out, and stays closed`, async (t) => {
    const { database } = await livedInSandbox(t);
    const unverified = await newTarget(t);
    await copyUnverified(database, unverified);
    for (const [index, [name, statement, sentence]] of differences.entries()) {
      const to = await newTarget(t, unverified);
      await change(to, ...statement);
      const args = ["copy", "--from", database, "--to", to];
      const runs = [await innboxHere(args), ...(index === 0 ? [await innboxHere(args)] : [])];
      for (const { exitCode, stderr } of runs) {
        assert.equal(exitCode, 1, name);
        assert.match(stderr, sentence, name);
        assert.match(stderr, /^The copy is not like its source: .*\. No server opens it\. Empty the target[^\n]*\n$/);
      }
      assert.equal((await stored(to, progressQuery)).length, 1, name);
    }
  });
}

test("a row that only the copy has is found", async (t) => {
  const { database } = await livedInSandbox(t);
  const to = await postgresDatabase(t);
  await copyUnverified(database, to);
  const another = "ffffffff-ffff-4fff-8fff-ffffffffffff";
  const columns = "sequence, created, kind, client_id, message_thread_id, message_id";
  await change(
    to,
    `INSERT INTO property_log (enterprise_id, ${columns}) SELECT ?1, ${columns} FROM property_log LIMIT 1`,
    another,
  );
  const { stderr } = await innboxHere(["copy", "--from", database, "--to", to]);
  assert.match(stderr, new RegExp(`property_log of property ${another} has 0 rows and the copy 1\\.`));
});

/** Everything that may happen to a source while it is copied. */
const moves: Readonly<Record<string, (lived: LivedIn) => Promise<unknown>>> = {
  "a thread is resolved": ({ database, thread }) =>
    innboxData("sandbox", "reopen", "--thread", thread, "--database", database).then(() =>
      innboxData("sandbox", "resolve", "--thread", thread, "--database", database),
    ),
  "a message is added": ({ database, thread }) =>
    innboxData("sandbox", "reply", "--thread", thread, "--text", "Welcome!", "--database", database),
  "a client is added": ({ database }) => innboxData("client", "add", "--name", "New", "--database", database),
  "deliveries are sent again": ({ database }) =>
    innboxData("webhook", "resend", "--failed", "--since", "9999d", "--database", database),
  "secrets are forgotten": ({ database }) => innboxData("webhook", "forget-secrets", "--database", database),
};

const moved =
  "The source was written to meanwhile, so the copy is of no use. Stop the servers that use the source, empty the " +
  "target, and copy again.";

/** Does something just before messages are read for the first time, or for the second, which is to compare them. */
function meanwhile(db: Db, time: 1 | 2, work: () => Promise<unknown>): Db {
  let left: number = time;
  return {
    ...db,
    all: async (statement, ...parameters) => {
      if (/^SELECT \* FROM message\s+ORDER/.test(statement.sqlite.text)) {
        left -= 1;
        if (left === 0) await work();
      }
      return db.all(statement, ...parameters);
    },
  };
}

for (const [name, move] of Object.entries(moves)) {
  test(`it is noticed when meanwhile ${name}`, async (t) => {
    for (const time of [1, 2] as const) {
      const lived = await livedInSandbox(t);
      const to = newDatabase(t);
      const [source, target] = [openDatabase(lived.database), openDatabase(to)];
      t.after(() => source.close());
      t.after(() => target.close());
      const moving = meanwhile(source, time, () => move(lived));
      await assert.rejects(copyDatabase(await copySource(moving), target, { clock: systemClock }), { message: moved });
      assert.equal((await stored(to, progressQuery)).length, 1);
      const again = await innboxHere(["copy", "--from", lived.database, "--to", to]);
      assert.equal(again.exitCode, 1);
      assert.match(again.stderr, /^--to: An unfinished copy is in it, of another source or of this one before it was/);
    }
  });
}

test("a source on PostgreSQL that is written to is noticed too, without any webhook", async (t) => {
  const there = await sandboxDatabase(t);
  const [source, target] = [openDatabase(there), openDatabase(newDatabase(t))];
  t.after(() => source.close());
  t.after(() => target.close());
  const moving = meanwhile(source, 1, () =>
    innboxData("sandbox", "reply", "--thread", published, "--text", "Welcome!", "--database", there),
  );
  await assert.rejects(copyDatabase(await copySource(moving), target, { clock: systemClock }), { message: moved });
});
