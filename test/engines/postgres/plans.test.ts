import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import pg from "pg";
import { systemClock } from "../../../src/core/clock.ts";
import { migrate } from "../../../src/store/migrations/migrations.ts";
import { openDatabase } from "../../../src/store/store.ts";
import { postgresDatabase } from "../../support/postgres/postgres.ts";
import { everyQuery, type Query } from "../../support/queries/every-query.ts";
import { parametersFor } from "../../support/queries/query-parameters.ts";
import { explain, nodesOf, type PlanNode, planKinds } from "../../support/queries/query-plans.ts";
import { fillWithSamples, portfolio } from "../../support/queries/sample-data.ts";
import { sampleId } from "../../support/queries/sample-names.ts";

/** What is no query of rows: it has no plan. */
const withoutPlan = ["migrations/migrations.createTable", "copy/copy.analyze"];

/** What `innbox doctor` and `innbox copy` read, which is everything, on purpose. */
const wholesale = /^(?:engines\/integrity|copy\/copy)\./;

/** Queries that look at properties outside of any scope, and why. Each of them is served by an index in each partition. */
const across: Readonly<Record<string, string>> = {
  "writing/stale-summaries.stale": "The inbox asks which threads were changed without it.",
  "search/search-index.behind": "The indexer asks which properties the index lacks something of.",
  "webhooks/claims.idle": "The worker asks which endpoints anything waits for.",
  "webhooks/claims.nextDue": "A sandbox asks when anything is due next.",
  "webhooks/claims.due": "The worker asks for what is due at an endpoint, whose client may be at many properties.",
  "webhooks/queue.longestWaiting": "The worker asks for the same among events.",
  "webhooks/deliveries.someOld": "The worker removes what is old, wherever it is.",
  "webhooks/endpoints.lockWaiting": "The operator skips what waits at an endpoint, and locks it first.",
  "webhooks/endpoints.forgetDeliveries": "The operator gives up what waits at an endpoint.",
  "webhooks/deliveries.newest": "The operator looks at the newest deliveries.",
  "webhooks/deliveries.newestFailed": "The operator looks at the newest that failed.",
  "webhooks/deliveries.someFailed": "The operator sends again what failed.",
  "webhooks/deliveries.find": "The operator names a delivery by its id.",
};

/** The same for `innbox copy`, which goes through each table in the order of its key. */
const isAcross = ({ name }: Query) => name in across || name.startsWith("copy/pages.");

/** The properties of one integration, all of which it is about. */
const ofIntegration = ["webhooks/queue.markIntegration", "webhooks/queue.forgetIntegration"];

/** Sort the rows of at most 1,000 identifiers, or the endpoints that something waits for, and no more. */
const boundedSorts = ["lists/threads.pageOfIds", "lists/messages.pageOfIds", "webhooks/claims.idle"];

/** Read the migrations applied so far, which are few; or start at one end of an index, and look at one entry. */
const boundedScans = [
  "migrations/migrations.applied",
  "migrations/migrations.newest",
  "webhooks/claims.idle",
  "webhooks/claims.nextDue",
  "writing/stale-summaries.stale",
];

/** Above this, a query reads more than it was asked for: the sample has more of everything. In rows and index entries. */
const maxRead = 2500;

/** PostgreSQL compiles a query that it thinks to cost as much, which takes longer than any of ours. */
const maxCost = 100_000;

/** Takes away what may be quicker for as few rows as a sample has: is there another way, which many rows need? */
const asWithManyRows = {
  enable_seqscan: "off",
  enable_sort: "off",
  enable_bitmapscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
};

const partitions = 8;

const size = { enterprises: 2000, threads: 10_000, messages: 3000, deliveries: 6000 };

const scopes = [[0], Array.from({ length: portfolio }, (_, number) => number)].map((numbers) =>
  numbers.map((number) => sampleId("enterprise", number)),
);

suite("on PostgreSQL", () => {
  let client: pg.Client;
  let queries: readonly Query[] = [];
  /** The first column of each index. */
  let leading: ReadonlyMap<string, string> = new Map();
  /** For each enterprise of the scopes the partition that has its rows. */
  let partitionOf: ReadonlyMap<string, string> = new Map();

  before(async () => {
    const url = await postgresDatabase({ after });
    const db = openDatabase(url);
    try {
      await migrate(db, systemClock, partitions);
      await fillWithSamples(db, size);
    } finally {
      await db.close();
    }
    client = new pg.Client(url);
    await client.connect();
    await client.query("VACUUM ANALYZE");
    queries = (await everyQuery("postgres")).filter(({ name }) => !withoutPlan.includes(name) && !wholesale.test(name));
    leading = await pairs(client, "SELECT relname, pg_get_indexdef(oid, 1, true) FROM pg_class WHERE relkind = 'i'");
    partitionOf = await pairs(client, "SELECT enterprise_id, tableoid::regclass::text FROM property");
  });
  after(() => client.end());

  test("every query of the store has an index to begin with, and no need to sort", async () => {
    const problems: string[] = [];
    for (const query of queries) {
      for (const kind of planKinds) {
        const parameters = parametersFor(query, "postgres", scopes.at(-1) ?? []);
        const options = { settings: asWithManyRows, isCarriedOut: false };
        const { plan } = await explain(client, query.text, parameters, kind, options);
        const nodes = nodesOf(plan);
        if (!nodes.some(isOfTable)) continue;
        const found = nodes.map((node) => problemOf(node, query)).filter((problem) => problem !== "");
        problems.push(...found.map((problem) => `${query.name} (${kind}) ${problem}`));
      }
    }
    assert.deepEqual(unique(problems), []);
  });

  function problemOf(node: PlanNode, { name }: Query): string {
    const { "Node Type": type, "Relation Name": table = "", "Index Name": index = "", "Index Cond": condition } = node;
    if (type === "Sort" && !boundedSorts.includes(name)) return `sorts by ${node["Sort Key"]}`;
    // The rows of one moment, which are those of as many properties at most.
    if (
      type === "Incremental Sort" &&
      !node["Presorted Key"]?.some((key) => /\b(?:created|updated|waiting_since|key)\b/.test(key))
    ) {
      return `sorts by ${node["Sort Key"]}`;
    }
    if (!type.endsWith("Scan") || !isOfTable(node) || boundedScans.includes(name)) return "";
    if (!type.startsWith("Index")) return `reads all of ${table}`;
    const column = leading.get(index) ?? "";
    const isNarrow = condition !== undefined && new RegExp(`\\((?:ROW\\()?${column}\\b`).test(condition);
    return isNarrow ? "" : `reads all of ${index}`;
  }

  test("a query looks into the partitions of its scope alone, and reads no more than what was asked for", async () => {
    const problems: string[] = [];
    const wide = new Set<string>();
    for (const query of queries) {
      for (const scope of scopes) {
        const expected = partitionsOf(ofIntegration.includes(query.name) ? scopes.flat() : scope);
        for (const kind of planKinds) {
          const settings = { enable_seqscan: "off" };
          const parameters = parametersFor(query, "postgres", scope);
          const { plan, touched } = await explain(client, query.text, parameters, kind, { settings });
          const numbers = unique(touched.flatMap(({ table }) => /_(\d+)$/.exec(table)?.[1] ?? []));
          const others = numbers.filter((number) => !expected.includes(number));
          const read = touched.reduce((sum, each) => sum + each.read, 0);
          const complain = (problem: string) => problems.push(`${query.name} (${kind}, ${scope.length}) ${problem}`);
          if (others.length > 0) wide.add(query.name);
          if (others.length > 0 && !isAcross(query))
            complain(`looks into partitions ${numbers}, not ${expected} alone`);
          if (read > maxRead) complain(`reads ${read} rows`);
          if (plan["Total Cost"] > maxCost) complain(`seems to cost ${plan["Total Cost"]}`);
        }
      }
    }
    assert.deepEqual(problems, []);
    assert.deepEqual(
      Object.keys(across).filter((name) => !wide.has(name)),
      [],
      "need not be in the list",
    );
  });

  function partitionsOf(enterpriseIds: readonly string[]): string[] {
    const tables = enterpriseIds.map((id) => partitionOf.get(id) ?? "");
    return unique(tables.map((table) => table.replace("property_", "")));
  }

  test("the samples of a scope are in several partitions, and not in all", () => {
    const [one, several] = scopes.map((scope) => partitionsOf(scope).length);
    assert.equal(one, 1);
    assert.ok(several !== undefined && several > 1 && several < partitions);
  });
});

/** Whether it is about one of our tables, and not about PostgreSQL's own. */
function isOfTable({ "Relation Name": table }: PlanNode): boolean {
  return table !== undefined && !table.startsWith("pg_");
}

/** What a statement answers in two columns. */
async function pairs(client: pg.Client, text: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<[string, string]>({ text, rowMode: "array" });
  return new Map(rows);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
