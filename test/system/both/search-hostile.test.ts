import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Problem } from "../../../src/core/problem.ts";
import { parseSearch } from "../../../src/staff/search/query.ts";
import type { Reader, Value } from "../../../src/store/db.ts";
import { search } from "../../../src/store/search/search.ts";
import { similarWords } from "../../../src/store/search/vocabulary.ts";
import { isOnPostgres, runs } from "../../support/database/engine.ts";
import { inSql } from "../../support/database/in-sql.ts";
import { enterprises, nobody } from "../../support/server/world.ts";
import { searchedWorld, searchIn } from "../../support/text/search.ts";

/** What means something to one of the languages that a search goes through on its way. */
const pieces = fc.constantFrom(
  ..."'\"`\\;:()[]{}*^$&|!<>~@#%+-=,.?/·_",
  ..." \t\n\0\u00A0\u200B\u202E\u2066\uFEFF\uD800\uDC00",
  ...["AND", "OR", "NOT", "NEAR(", "--", "/*", "*/", "<->", ":*", ":A", "text:", "rowid", "NULL", "$1", "?1", "$$"],
  ...["is:", "is:open", "is:mine", "from:", "subject:", "before:", "after:2026-01-01", "before:2026-13-01", "x:y"],
  ...["late", "towels", "é", "ß", "İ", "ﷺ", "東京", "ห้อง", "😀", "👨‍👩‍👧", "לילה", "مرحبا", "ǅ", "½", "ａｂ", "\u0301"],
);
const hostile = fc.oneof(
  fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary", maxLength: 500 }),
  fc.string({ unit: "grapheme", maxLength: 100 }),
);

test("whatever is typed is answered, or refused in words", async (t) => {
  const { store, open, indexer } = await searchedWorld(t);
  await open("Ada 'OR' 1=1", 'Late "arrival" :A', ["towels <-> AND (東京) ห้อง İstanbul", "'; DROP TABLE message; --"]);
  await indexer.settled();
  let answered = 0;
  await fc.assert(
    fc.asyncProperty(hostile, async (typed) => {
      try {
        const { isComplete, hits } = await searchIn(store, typed.slice(0, 500));
        assert.ok(isComplete);
        assert.ok(hits.every(({ enterpriseId }) => enterprises.includes(enterpriseId)));
        answered += 1;
      } catch (error) {
        assert.ok(error instanceof Problem && error.kind === "invalid", String(error));
      }
    }),
    { numRuns: runs(300) },
  );
  assert.ok(answered > runs(100), `${answered} were answered`);
  assert.equal((await searchIn(store, "drop table message ")).ids.length, 1);
});

test("whatever a guest writes can be found by its words", async (t) => {
  const { store, open, indexer } = await searchedWorld(t);
  await fc.assert(
    fc.asyncProperty(hostile, fc.integer({ min: 0 }), async (text, number) => {
      const word = `mark${number}`;
      const id = await open("Guest", "Stay", [`${text} ${word}`.toWellFormed().replaceAll("\0", "")]);
      await indexer.settled();
      assert.ok((await searchIn(store, `${word} `)).ids.includes(id));
    }),
    { numRuns: runs(40) },
  );
});

test("the longest messages are indexed, as far as anybody looks", async (t) => {
  const { open, found } = await searchedWorld(t);
  const texts = ["x".repeat(65_536), "a ".repeat(32_768), "東".repeat(65_536), `${"ab".repeat(32_700)} tail`];
  const counted = Array.from({ length: 11_000 }, (_, index) => index.toString(36).padStart(5, "0")).join(" ");
  const id = await open("Guest", "Stay", [...texts, counted]);
  for (const typed of [`${"x".repeat(40)} `, "a a a", "東東東", "tail ", "00000 ", "007vp ", '"00001 00002"']) {
    assert.deepEqual(await found(typed), [id], typed);
  }
});

test("words that are far longer as they are searched keep nothing else from being found", async (t) => {
  const { open, found } = await searchedWorld(t);
  // One letter of two that comes apart into eighteen.
  const word = (index: number) => `${String.fromCodePoint(0xac00 + (index % 11_172))}\u{fdfa}\u{fdfa}`;
  const endless = Array.from({ length: 16_384 }, (_, index) => word(index)).join(" ");
  const first = await open("Guest", "Stay", [endless]);
  const second = await open("Guest", "Stay", ["towels"]);
  assert.deepEqual(await found("towels "), [second]);
  assert.deepEqual(await found(`${word(1)} `), [first]);
});

test("ten thousand messages of one thread hide no other", async (t) => {
  const { store, open, found } = await searchedWorld(t);
  const other = await open("Ada", "Stay", ["towels"]);
  const flooded = await open("Bob", "Stay", []);
  const scope = { clientId: null, enterpriseIds: enterprises };
  for (let part = 0; part < 10; part += 1) {
    const messages = Array.from({ length: 1000 }, (_, index) => ({
      id: `00000000-0000-4000-8000-${String(part * 1000 + index).padStart(12, "0")}`,
      messageThreadId: flooded,
      text: `towels ${index}`,
    }));
    await store.write({ scope, command: { kind: "addMessages", sender: "Application", messages } });
  }
  assert.deepEqual(await found("towels "), [flooded, other]);
});

test("a search ends when its time is up, and says so", async (t) => {
  const { store, open, indexer } = await searchedWorld(t);
  await open("Ada", "Stay", ["towels"]);
  await indexer.settled();
  const scope = { clientId: null, enterpriseIds: enterprises };
  const outcome = await search(store.db, scope, nobody, parseSearch("towels"), 10, 0);
  assert.equal(outcome.isComplete, false);
  assert.ok((await searchIn(store, "towels")).isComplete);
});

/** Takes a second or more of a processor. */
const slowStatement = isOnPostgres
  ? "SELECT count(*) AS count FROM generate_series(1, 100000000)"
  : `WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 5000000)
     SELECT count(*) AS count FROM number`;

/** Days, in milliseconds. */
const noLimit = 1_000_000_000;

test("slow searches end when their time is up, hold up no other reads, and the next search is answered", async (t) => {
  const { store } = await searchedWorld(t);
  const ask = (reader: Reader, statement: string, ...parameters: readonly Value[]) =>
    reader.all(...inSql(statement, ...parameters)).then(
      () => "answered",
      (error) => (error instanceof Problem ? error.kind : String(error)),
    );
  const slow = Array.from({ length: 6 }, () => ask(store.db.searchReader(100), slowStatement));
  assert.equal(await ask(store.db, "SELECT 1 AS one"), "answered");
  assert.deepEqual(await Promise.all(slow), new Array(6).fill("timeout"));
  assert.equal(await ask(store.db.searchReader(noLimit), "SELECT 1 AS one"), "answered");
  assert.match(await ask(store.db.searchReader(noLimit), "SELECT nothing"), /nothing/);
});

if (isOnPostgres)
  test("a database without similar words is searched all the same", async (t) => {
    const { store, open, found } = await searchedWorld(t);
    const id = await open("Ada", "Stay", ["breakfast"]);
    assert.deepEqual(await found("brekfast "), [id]);
    await store.db.transaction((transaction) => transaction.script("DROP EXTENSION pg_trgm CASCADE"));
    assert.deepEqual(await found("brekfast "), []);
    assert.deepEqual(await found("breakf"), [id]);
    await assert.rejects(store.db.all(similarWords, { enterpriseIds: [], word: "breakfast", limit: 1 }));
  });
