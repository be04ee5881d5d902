import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../src/core/clock.ts";
import { undecided } from "../../src/core/problem.ts";
import { type CopyStep, copyDatabase, copySource } from "../../src/store/copy/copy.ts";
import type { Db } from "../../src/store/db.ts";
import { openDatabase } from "../../src/store/store.ts";
import { migratedDatabase } from "../support/database/engine.ts";
import { everything, livedInSandbox } from "../support/database/lived-in.ts";
import { stored } from "../support/database/stored.ts";
import { copyUntil, progressQuery } from "../support/database/unfinished.ts";
import { postgresDatabase } from "../support/postgres/postgres.ts";
import { innboxHere, innboxJson } from "../support/server/process.ts";
import { newDatabase } from "../support/server/server.ts";

const copier = fileURLToPath(new URL("../support/database/copier.ts", import.meta.url));

/** Copies in another process, which is killed at one of its statements, and answers how many rows are there then. */
async function killAt(from: string, to: string, statement: number): Promise<number> {
  const child = fork(copier, [from, to, String(statement)]);
  assert.deepEqual(await once(child, "exit"), [null, "SIGKILL"]);
  const [progress] = await stored<{ copied_rows: number }>(to, progressQuery).catch(() => []);
  return progress?.copied_rows ?? 0;
}

interface Engine {
  readonly newTarget: (t: TestContext) => Promise<string>;
  /** Statements: while the tables are made, while the copy begins, and then in places of some transaction. */
  readonly kills: readonly number[];
}

const engines: Readonly<Record<string, Engine>> = {
  PostgreSQL: { newTarget: postgresDatabase, kills: [3, 50, 60, 1, 2, 3, 4, 5] },
  SQLite: { newTarget: async (t) => newDatabase(t), kills: [3, 60, 1, 3, 5] },
};

for (const [engine, { newTarget, kills }] of Object.entries(engines)) {
  test(`a copy into ${engine} that is killed again and again loses and doubles nothing`, async (t) => {
    const { database } = await livedInSandbox(t);
    const original = await everything(database);
    const to = await newTarget(t);
    let rows = 0;
    for (const statement of kills) {
      const before = rows;
      rows = await killAt(database, to, statement);
      assert.ok(rows >= before, "it went on from where the one before was killed");
    }
    const total = Object.values(original).flat().length;
    assert.ok(rows > 0 && rows < total, "it was killed on the way");
    const record = await innboxJson<{ Rows: number; RowsOfEarlierRuns: number }>(
      "copy",
      "--from",
      database,
      "--to",
      to,
    );
    assert.deepEqual([record.Rows, record.RowsOfEarlierRuns], [total, rows]);
    assert.deepEqual(await everything(to), original);
    assert.deepEqual(await stored(to, progressQuery), []);
  });

  test(`a copy into ${engine} that ends in any table goes on in it`, async (t) => {
    const { database } = await livedInSandbox(t);
    const original = await everything(database);
    const to = await newTarget(t);
    const tables: string[] = [];
    const isNew = ({ work, table }: CopyStep) => work === "copying" && !tables.includes(table);
    const found = Object.values(original).filter(({ length }) => length > 0).length;
    while (tables.length < found) tables.push((await copyUntil(database, to, isNew)).table);
    assert.equal((await innboxHere(["copy", "--from", database, "--to", to])).exitCode, 0);
    assert.deepEqual(await everything(to), original);
  });
}

test("two processes that make the same copy at once make one", async (t) => {
  const { database } = await livedInSandbox(t);
  for (const to of [await postgresDatabase(t), await migratedDatabase(t), newDatabase(t)]) {
    const args = ["copy", "--from", database, "--to", to];
    const ends = await Promise.all([innboxHere(args), innboxHere(args)]);
    // The copy that comes when the other one is done finds a database that is not empty.
    for (const { stderr } of ends) assert.match(stderr, /^(?:Copied|--to: The database is not empty)/);
    assert.ok(ends.some(({ exitCode }) => exitCode === 0));
    assert.deepEqual(await everything(to), await everything(database));
  }
});

/** Loses the answer to a transaction that was carried out. */
function deaf(db: Db, transactions: number): Db {
  let left = transactions;
  return {
    ...db,
    transaction: async (work, limit) => {
      const result = await db.transaction(work, limit);
      left -= 1;
      if (left === 0) throw undecided();
      return result;
    },
  };
}

test("rows of which the target did not say whether they are stored are looked for, and the copy goes on", async (t) => {
  const { database } = await livedInSandbox(t);
  const [source, to] = [openDatabase(database), await migratedDatabase(t)];
  const target = openDatabase(to);
  t.after(() => source.close());
  t.after(() => target.close());
  const size = { rows: 3, bytes: 1_000_000 };
  await copyDatabase(await copySource(source), deaf(target, 12), { clock: systemClock, size });
  assert.deepEqual(await everything(to), await everything(database));
});
