import assert from "node:assert/strict";
import { test } from "node:test";
import type { Db } from "../../../src/store/db.ts";
import { indexSome } from "../../../src/store/search/search-index.ts";
import { isOnPostgres } from "../../support/database/engine.ts";
import { inSql } from "../../support/database/in-sql.ts";
import { eventually } from "../../support/postgres/nodes.ts";
import { enterprises, gross, net } from "../../support/server/world.ts";
import { anotherStore, conversations, searchedWorld, searchIn } from "../../support/text/search.ts";

/** All that the index says, in words: what is numbered may be numbered otherwise when it is made anew. */
async function contents(db: Db): Promise<unknown> {
  const statements = isOnPostgres
    ? [
        "SELECT enterprise_id, sequence, created, words FROM search_document ORDER BY enterprise_id, sequence",
        "SELECT enterprise_id, word, uses FROM search_word ORDER BY enterprise_id, word",
        "SELECT enterprise_id, oldest, newest FROM search_progress ORDER BY enterprise_id",
      ]
    : [
        `SELECT enterprise_id, document.sequence, id FROM search_document AS document
         JOIN search_progress ON number = property ORDER BY enterprise_id, document.sequence`,
        "SELECT enterprise_id, word, uses FROM search_word JOIN search_progress ON number = property ORDER BY 1, 2",
        "SELECT enterprise_id, oldest, newest FROM search_progress ORDER BY enterprise_id",
      ];
  return Promise.all(statements.map((statement) => db.all(...inSql(statement))));
}

const forgetAll = isOnPostgres
  ? "TRUNCATE search_document, search_word, search_progress"
  : `INSERT INTO search_index (search_index) VALUES ('delete-all');
     DELETE FROM search_document; DELETE FROM search_word; DELETE FROM search_progress`;

async function indexAll(db: Db, limit: number): Promise<void> {
  for (const id of enterprises) while (await indexSome(db, id, limit));
}

test("a message is found without anybody asking for it to be indexed", async (t) => {
  const { open, store, indexer } = await searchedWorld(t);
  await indexer.settled();
  for (const word of ["submarine", "helicopter"]) {
    const id = await open("Ada", "Arrival", [`We come by ${word}.`]);
    const found = await eventually("The message", async () => {
      const { ids } = await searchIn(store, word);
      return ids.length > 0 ? ids : undefined;
    });
    assert.deepEqual(found, [id]);
  }
});

test("what was written before there was an index is found, the newest first", async (t) => {
  const { store, open, at } = await conversations(t);
  const ids: string[] = [];
  for (let second = 1; second <= 5; second += 1) {
    at(second);
    ids.push(await open("Guest", "Stay", ["Hello"]));
  }
  await indexSome(store.db, net, 3);
  const partly = await searchIn(store, "guest hello", [net]);
  assert.equal(partly.isComplete, false, "older ones are still missing");
  assert.deepEqual(partly.ids, ids.toReversed().slice(0, 2));
  await indexAll(store.db, 3);
  const all = await searchIn(store, "guest hello", [net]);
  assert.equal(all.isComplete, true);
  assert.deepEqual(all.ids, ids.toReversed());
});

test("an index made anew is the one that grew with the log", async (t) => {
  const { open, indexer, store, resolve, note, at } = await searchedWorld(t);
  for (let second = 0; second < 6; second += 1) {
    at(second);
    const id = await open(
      `Guest ${second}`,
      "Späte Ankunft",
      ["towels, towels", "Łódź 東京"],
      [gross, net][second % 2],
    );
    await note(id, `Key ${second}`);
    if (second % 3 === 0) await resolve(id);
    await indexer.settled();
  }
  const { db } = store;
  await indexer.stop();
  const grown = await contents(db);
  for (const limit of [1, 4, 1000]) {
    await db.transaction((transaction) => transaction.script(forgetAll));
    await indexAll(db, limit);
    assert.deepEqual(await contents(db), grown, `by ${limit} entries`);
  }
});

test("several processes index together, each entry once, and find what any of them wrote", async (t) => {
  const { open, store, database, indexer } = await searchedWorld(t);
  const { db } = store;
  const others = [1, 2].map(() => anotherStore(t, database).index());
  const ids = await Promise.all(
    Array.from({ length: 20 }, (_, index) => open("Ada", "Stay", [`towels ${index}`], enterprises[index % 2])),
  );
  await Promise.all([indexer, ...others].map((each) => each.settled()));
  const found = await searchIn(anotherStore(t, database), "towels ");
  assert.deepEqual(found.ids.toSorted(), ids.toSorted());
  const [documents] = await db.all(...inSql<{ count: number }>("SELECT count(*) AS count FROM search_document"));
  const [entries] = await db.all(
    ...inSql<{ count: number }>(
      "SELECT count(*) AS count FROM property_log WHERE kind IN ('ThreadAdded', 'MessageAdded', 'NoteAdded')",
    ),
  );
  assert.equal(documents?.count, entries?.count);
});

test("the index is there after a restart, and goes on from where it was", async (t) => {
  const { open, indexer, store: first, database } = await searchedWorld(t);
  const before = await open("Ada", "Stay", ["submarine"]);
  await indexer.settled();
  await indexer.stop();
  const after = await open("Bob", "Stay", ["submarine too"]);
  const grown = await contents(first.db);
  await first.close();

  const store = anotherStore(t, database);
  assert.deepEqual(await contents(store.db), grown);
  const again = store.index();
  await again.settled();
  await again.stop();
  const { ids, isComplete } = await searchIn(store, "submarine ");
  assert.deepEqual([ids, isComplete], [[after, before], true]);
});
