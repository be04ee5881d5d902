import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import pg from "pg";
import type { Row } from "../../../src/store/db.ts";
import type { AnyAsked } from "../../../src/store/query.ts";
import { lookInPostgres, lookInSqlite, matchesIn, type Sought } from "../../../src/store/search/matches.ts";
import { propertyWord, type SearchedState, tsqueryText } from "../../../src/store/search/terms.ts";
import { similarWords } from "../../../src/store/search/vocabulary.ts";
import { isOnPostgres } from "../../support/database/engine.ts";
import { explain, nodesOf } from "../../support/queries/query-plans.ts";
import { databaseFile } from "../../support/server/server.ts";
import { gross, net, nobody } from "../../support/server/world.ts";
import { searchedWorld } from "../../support/text/search.ts";

const someStates: readonly (readonly SearchedState[])[] = [
  [],
  ["open"],
  ["resolved"],
  ["awaiting", "mine"],
  ["unassigned"],
];
const terms = [{ field: "any" as const, rows: [["late"], ["later"]] }];

if (!isOnPostgres)
  test("SQLite walks the index of words from its end, and looks up the rest", async (t) => {
    const { database } = await searchedWorld(t);
    const file = new DatabaseSync(databaseFile(database));
    t.after(() => file.close());
    for (const states of someStates) {
      const plan = file.prepare(`EXPLAIN QUERY PLAN ${matchesIn(states).sqlite.text}`).all();
      const [walk, ...others] = plan.map(({ detail }) => String(detail));
      // MATCH, both ends of a range of rowids, and no need to sort.
      assert.match(walk ?? "", /^SCAN search_index VIRTUAL TABLE INDEX \d+:M\d+[<>]*/);
      for (const step of others)
        assert.match(step, /^(?:SEARCH|SCAN json_each|LIST SUBQUERY|REUSE|USING|CREATE BLOOM)/, step);
      assert.doesNotMatch(others.join("\n"), /TEMP B-TREE/);
    }
  });

if (isOnPostgres)
  test("PostgreSQL reads the index of words, in the partitions of the scope alone", async (t) => {
    const { database } = await searchedWorld(t);
    const now = Date.UTC(2026, 4, 5, 10) * 1000;
    const client = new pg.Client(database);
    await client.connect();
    t.after(() => client.end());
    // Where there is little, it may read all that a property has; here is what was said in 140 days, every ten minutes.
    for (const id of [net, gross]) {
      await client.query(
        `INSERT INTO search_document (enterprise_id, sequence, created, words)
      SELECT $1::uuid, 1000 + n, $2::bigint - n * 600000000::bigint,
        concat_ws(' ', 'late', $3::text, '·h' || ($2::bigint - n * 600000000::bigint) / 3600000000)::tsvector
      FROM generate_series(1, 20000) AS n`,
        [id, now, propertyWord(id)],
      );
    }
    await client.query(
      "INSERT INTO search_word (enterprise_id, word, uses) SELECT $1, md5(n::text), n FROM generate_series(1, 20000) AS n",
      [net],
    );
    await client.query("VACUUM ANALYZE");
    const settings = { enable_seqscan: "off", enable_hashjoin: "off", enable_mergejoin: "off" };
    const partition = async (id: string) => {
      const text = "SELECT tableoid::regclass::text AS name FROM search_document WHERE enterprise_id = $1 LIMIT 1";
      const { rows } = await client.query<{ name: string }>(text, [id]);
      return rows[0]?.name.replace("search_document_", "") ?? "";
    };
    for (const states of someStates) {
      for (const ids of [[net], [net, gross]]) {
        const words = tsqueryText(terms, ids, now - 3_600_000_000, now + 3_600_000_000);
        const stretch = { from: now - 3_600_000_000, to: now + 3_600_000_000 };
        const asked: Row = { terms: words, ...stretch, enterpriseIds: `{${ids.join(",")}}`, userId: nobody, limit: 20 };
        const { text, names } = matchesIn(states).postgres;
        const values = names.map((name) => asked[name] ?? null);
        const { plan } = await explain(client, text, values, "custom", { settings });
        const nodes = nodesOf(plan);
        const searched = nodes.flatMap(
          ({ "Relation Name": table = "" }) => /^search_document_(\d+)$/.exec(table)?.[1] ?? [],
        );
        assert.deepEqual(unique(searched), unique(await Promise.all(ids.map(partition))));
        const indexes = nodes.flatMap(({ "Node Type": type, "Index Name": name = "" }) =>
          /^Bitmap Index/.test(type) ? [name] : [],
        );
        assert.ok(
          indexes.some((name) => name.endsWith("_words_idx")),
          JSON.stringify(plan),
        );
        for (const node of nodes) assert.notEqual(node["Node Type"], "Seq Scan");
      }
    }
    const similar = similarWords.postgres.text;
    const { plan } = await explain(client, similar, ["brekfast", `{${net}}`, 8], "custom", { settings });
    const names = nodesOf(plan).flatMap((node) => node["Index Name"] ?? []);
    assert.ok(
      names.some((name) => /^search_word_\d+_word_idx$/.test(name)),
      names.join(),
    );
  });

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}

test("no look names a property that is not searched", () => {
  const asked: unknown[] = [];
  const reader = {
    all: async (...[, ...parameters]: AnyAsked) => {
      asked.push(parameters);
      return [];
    },
  };
  const sought: Sought = { properties: [{ id: net, number: 7 }], terms, states: [], userId: nobody };
  const stretch = { from: 0, to: 1000, limit: 10 };
  const look = { ...stretch, enterpriseIds: [net], userId: nobody };
  void lookInSqlite(reader, sought, stretch);
  void lookInPostgres(reader, sought, stretch);
  assert.deepEqual(asked, [
    [{ ...look, terms: '{property} : ("·7") AND {sender subject text} : ("late" OR "later")' }],
    [{ ...look, terms: "(('late') | ('later')) & ('·3f66afa6') & ('·h0')" }],
  ]);
});
