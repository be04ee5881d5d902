import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import pg from "pg";
import { defaultPartitions } from "../../../src/core/database-place.ts";
import { postgresDatabase } from "../../support/postgres/postgres.ts";
import { innboxData, projectFolder } from "../../support/server/process.ts";

/** The catalog of a database that `innbox migrate` has made, with these flags. */
async function catalog(t: TestContext, ...flags: readonly string[]) {
  const url = await postgresDatabase(t);
  await innboxData("migrate", "--database", url, ...flags);
  return async <R extends pg.QueryResultRow>(text: string): Promise<R[]> => {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return (await client.query<R>(text)).rows;
    } finally {
      await client.end();
    }
  };
}

type Catalog = Awaited<ReturnType<typeof catalog>>;

interface Table {
  readonly name: string;
  readonly isPartitioned: boolean;
}

/** Every table, without the partitions of others. */
async function tablesOf(ask: Catalog): Promise<Table[]> {
  return ask<{ name: string; isPartitioned: boolean }>(`
    SELECT relname AS name, relkind = 'p' AS "isPartitioned" FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
    ORDER BY relname`);
}

interface Documented {
  readonly call: string;
  readonly table: string;
  readonly column: string | undefined;
}

/** What docs/scale.md tells Citus, in order. */
function documented(): Documented[] {
  const text = readFileSync(join(projectFolder, "docs/scale.md"), "utf8");
  const [, statements = ""] = /^## Citus$.*?^```sql$(.*?)^```$/ms.exec(text) ?? [];
  const calls = /^SELECT (\w+)\('(\w+)'(?:, '(\w+)')?(?:, colocate_with => 'property')?\);$/;
  const lines = statements.split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const [, call = "", table = "", column] = calls.exec(line) ?? assert.fail(`This is no call: ${line}`);
    return { call, table, column };
  });
}

for (const [flags, wanted] of [
  [[], defaultPartitions],
  [["--database-partitions", "5"], 5],
] as const) {
  test(`every table of a property's data has ${wanted} partitions by enterprise_id`, async (t) => {
    const ask = await catalog(t, ...flags);
    const partitioned = (await tablesOf(ask)).filter((table) => table.isPartitioned).map(({ name }) => name);
    const rows = await ask(`
      SELECT parent.relname AS name, partstrat AS strategy, attname AS column, partnatts AS columns,
        (SELECT count(*)::integer FROM pg_inherits WHERE inhparent = partrelid) AS partitions,
        (SELECT bool_or(relkind <> 'r') FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
          WHERE inhparent = partrelid) AS has_levels
      FROM pg_partitioned_table JOIN pg_class AS parent ON parent.oid = partrelid
      JOIN pg_attribute ON attrelid = partrelid AND attnum = partattrs[0]
      ORDER BY parent.relname`);
    const same = { strategy: "h", column: "enterprise_id", columns: 1, partitions: wanted, has_levels: false };
    assert.deepEqual(
      rows,
      partitioned.map((name) => ({ name, ...same })),
    );
    assert.ok(partitioned.length >= 8);
  });
}

test("what is documented for Citus is every table, those of a property's data by enterprise_id", async (t) => {
  const tables = await tablesOf(await catalog(t));
  const calls = documented();
  const expected = tables.map(({ name, isPartitioned }) =>
    isPartitioned
      ? { call: "create_distributed_table", table: name, column: "enterprise_id" }
      : { call: "create_reference_table", table: name, column: undefined },
  );
  const inOrder = (a: Documented, b: Documented) => (a.table < b.table ? -1 : 1);
  assert.deepEqual(calls.toSorted(inOrder), expected.toSorted(inOrder));
});

/** A column by its place in a foreign key. */
interface ForeignKey {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly columns: readonly string[];
  readonly referenced: readonly string[];
  /** `a` for no action, `c` for cascade, `r` for restrict, `n` for set null, `d` for set default. */
  readonly onDelete: string;
  readonly onUpdate: string;
}

function foreignKeysOf(ask: Catalog): Promise<ForeignKey[]> {
  const names = (table: string, numbers: string) => `ARRAY(
    SELECT attname::text FROM unnest(${numbers}) WITH ORDINALITY AS key (number, place)
    JOIN pg_attribute ON attrelid = ${table} AND attnum = key.number ORDER BY place)`;
  return ask<ForeignKey & pg.QueryResultRow>(`
    SELECT conname AS name, conrelid::regclass::text AS from, confrelid::regclass::text AS to,
      ${names("conrelid", "conkey")} AS columns, ${names("confrelid", "confkey")} AS referenced,
      confdeltype AS "onDelete", confupdtype AS "onUpdate"
    FROM pg_constraint WHERE contype = 'f' AND conparentid = 0`);
}

test("a table that another one refers to comes before it", async (t) => {
  const ask = await catalog(t);
  const order = documented().map(({ table }) => table);
  const foreignKeys = await foreignKeysOf(ask);
  for (const { name, from, to } of foreignKeys) assert.ok(order.indexOf(to) < order.indexOf(from), name);
  assert.ok(foreignKeys.length > 5);
});

test("nothing refers from one property to another, or from the operator's records to a property", async (t) => {
  const ask = await catalog(t);
  const partitioned = (await tablesOf(ask)).filter((table) => table.isPartitioned).map(({ name }) => name);
  for (const { name, from, to, columns, referenced, onDelete, onUpdate } of await foreignKeysOf(ask)) {
    const place = columns.indexOf("enterprise_id");
    if (partitioned.includes(to)) {
      assert.ok(partitioned.includes(from), `${name}: ${from} may be on another machine than ${to}`);
      assert.ok(place >= 0 && referenced[place] === "enterprise_id", `${name} is not within a property`);
    }
    if (partitioned.includes(from) && place >= 0) {
      assert.match(onDelete, /[acr]/, `${name} would take a row out of its property`);
      assert.match(onUpdate, /[ar]/, `${name} would take a row out of its property`);
    }
  }
});

test("whatever is unique in a property's data is so within its property", async (t) => {
  const ask = await catalog(t);
  const rows = await ask<{ name: string; column: string | null }>(`
    SELECT index.relname AS name, attname AS column FROM pg_index
    JOIN pg_class AS index ON index.oid = indexrelid
    JOIN pg_class AS parent ON parent.oid = indrelid AND parent.relkind = 'p'
    LEFT JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
    WHERE indisunique OR indisprimary OR indisexclusion`);
  for (const { name, column } of rows) assert.equal(column, "enterprise_id", `${name} does not begin with it`);
  assert.ok(rows.length >= 10);
});

test("the column that everything is spread by is the same everywhere and never missing", async (t) => {
  const ask = await catalog(t);
  const rows = await ask(`
    SELECT DISTINCT atttypid::regtype::text AS type, attnotnull AS is_there, attgenerated AS generated
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relkind = 'p' AND attname = 'enterprise_id'`);
  assert.deepEqual(rows, [{ type: "uuid", is_there: true, generated: "" }]);
});

test("there is nothing that Citus does not spread: triggers, rules, policies, sequences, views", async (t) => {
  const ask = await catalog(t);
  const rows = await ask(`
    SELECT 'trigger' AS kind, tgname::text AS name FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'rule', rulename::text FROM pg_rules WHERE schemaname = current_schema()
    UNION ALL SELECT 'policy', policyname::text FROM pg_policies WHERE schemaname = current_schema()
    UNION ALL SELECT 'kind ' || relkind::text, relname::text FROM pg_class
      WHERE relnamespace = current_schema()::regnamespace AND relkind NOT IN ('r', 'p', 'i', 'I', 't')`);
  assert.deepEqual(rows, []);
});
