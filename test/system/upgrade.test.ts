import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { systemClock } from "../../src/core/clock.ts";
import { type Engine, firstRow } from "../../src/store/db.ts";
import { migrate, queries as migrations } from "../../src/store/migrations/migrations.ts";
import { openDatabase } from "../../src/store/store.ts";
import { postgresDatabase } from "../support/postgres/postgres.ts";
import { everyQuery, type Query } from "../support/queries/every-query.ts";
import { openRunner, type QueryRecords, recordQueries, recordsText } from "../support/queries/query-records.ts";
import { fillWithSamples } from "../support/queries/sample-data.ts";
import { projectFolder } from "../support/server/process.ts";
import { newDatabase } from "../support/server/server.ts";

const engines = ["sqlite", "postgres"] as const;

/** No version of the first migration ever ran beside another one. */
const oldestRecorded = 2;

/** A database of the newest schema with samples. */
async function sampleDatabase(t: TestContext, engine: Engine) {
  const url = engine === "sqlite" ? newDatabase(t) : await postgresDatabase(t);
  const db = openDatabase(url);
  // Also when it fails half-way: a database that is left open keeps the process alive.
  t.after(() => db.close());
  await migrate(db, systemClock, 3);
  await fillWithSamples(db, { enterprises: 4, threads: 5, messages: 5, deliveries: 20 });
  const newest = await firstRow(db, migrations.newest);
  const runner = await openRunner(engine, url);
  t.after(() => runner.close());
  return { runner, newest: newest ?? assert.fail("Nothing was migrated.") };
}

function recordFile(migration: number): string {
  return join(projectFolder, "test/previous-queries", `${String(migration).padStart(4, "0")}.json`);
}

test("the queries of this version are on record, for those to come", async (t) => {
  const records: [Engine, QueryRecords][] = [];
  let migration = 0;
  for (const engine of engines) {
    const { runner, newest } = await sampleDatabase(t, engine);
    migration = newest.number;
    records.push([engine, await recordQueries(engine, runner)]);
  }
  // Written anew with --test-update-snapshots. Once there is another migration, this one's stays as it is.
  t.assert.fileSnapshot(Object.fromEntries(records), recordFile(migration), {
    serializers: [(value: unknown) => `${recordsText(value)}\n`],
  });
});

test("every query names the columns that it answers: prepared, it outlives a migration that adds one", async () => {
  const queries = (await everyQuery("postgres")).filter(({ name }) => !name.startsWith("copy/"));
  // What is within a join is only looked up.
  const outside = ({ text }: Query) => text.replace(/LATERAL \(SELECT \* FROM/g, "");
  const all = queries.filter((query) => /(?:SELECT|\w\.|,)\s*\*/.test(outside(query)));
  assert.deepEqual(
    all.map(({ name }) => name),
    [],
  );
});

for (const engine of engines) {
  test(`queries of every version that may run beside this one run on its schema (${engine})`, async (t) => {
    const { runner, newest } = await sampleDatabase(t, engine);
    const problems: string[] = [];
    for (let migration = Math.max(newest.runs_with ?? 1, oldestRecorded); migration <= newest.number; migration += 1) {
      const file = recordFile(migration);
      assert.ok(existsSync(file), `The queries of migration ${migration} are not on record.`);
      const records = JSON.parse(readFileSync(file, "utf8")) as Partial<Record<Engine, QueryRecords>>;
      for (const [name, { text, parameters, ...expected }] of Object.entries(records[engine] ?? {})) {
        try {
          const { columns, rows } = await runner.run(text, parameters);
          // Columns may be added, and there may be as many migrations as there are.
          assert.deepEqual(
            columns.filter((column) => expected.columns.includes(column)),
            expected.columns,
          );
          if (expected.rows !== null) assert.equal(rows, expected.rows);
        } catch (error) {
          problems.push(`${name} of migration ${migration}: ${error instanceof Error ? error.message : error}`);
        }
      }
    }
    assert.deepEqual(problems, []);
  });
}
