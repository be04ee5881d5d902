import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../../../src/core/problem.ts";
import { beginningOf, type ExcerptPart, excerptOf } from "../../../src/staff/search/excerpt.ts";
import { parseSearch } from "../../../src/staff/search/query.ts";
import { folded, wordsOf } from "../../../src/store/search/words.ts";

const march = Date.UTC(2026, 2, 1) * 1000;
const always = { from: 0, to: Number.MAX_SAFE_INTEGER };

test("what is typed is words, words in a row, and filters", () => {
  assert.deepEqual(parseSearch('late is:open from:Penelope before:2026-03-01 "quiet room" subj'), {
    terms: [
      { field: "any", words: ["late"], isUnfinished: false },
      { field: "sender", words: ["penelope"], isUnfinished: false },
      { field: "any", words: ["quiet", "room"], isUnfinished: false },
      { field: "any", words: ["subj"], isUnfinished: true },
    ],
    states: ["open"],
    from: 0,
    to: march,
  });
  assert.deepEqual(parseSearch('subject:"late arr'), {
    terms: [{ field: "subject", words: ["late", "arr"], isUnfinished: true }],
    states: [],
    ...always,
  });
});

test("what has a colon and is no filter is words", () => {
  for (const [typed, words] of [
    ["23:40 ", ["23", "40"]],
    ["https://innbox.example/a ", ["https", "innbox", "example", "a"]],
    ["Re: ", ["re"]],
    ['"is:late"', ["is", "late"]],
  ] as const) {
    assert.deepEqual(parseSearch(typed).terms, [{ field: "any", words, isUnfinished: false }], typed);
  }
});

test("a filter that is still being typed is left out", () => {
  for (const typed of ["is:", "FROM:", "before: ", "after: is:", 'from:""', "  "]) {
    assert.deepEqual(parseSearch(typed), { terms: [], states: [], ...always }, typed);
  }
});

test("a filter that is not known, and a day that is none, are refused by name", () => {
  for (const [typed, reason] of [
    ["room:12", /"room:"/],
    ["is:late", /"is:"/],
    ["before:tomorrow", /"before:"/],
    ["after:2026-02-30", /"after:"/],
    ["after:2026-2-3", /"after:"/],
  ] as const) {
    assert.throws(
      () => parseSearch(typed),
      (error) => error instanceof Problem && error.kind === "invalid" && reason.test(error.message),
      typed,
    );
  }
});

test("a word is its letters and digits, without accents and case", () => {
  for (const [word, expected] of [
    ["MÜLLER", "muller"],
    ["Straße", "strasse"],
    ["Łódź", "lodz"],
    ["Søren", "soren"],
    ["İstanbul", "istanbul"],
    ["ﬁne", "fine"],
    ["e\u0301te\u0301", "ete"],
    ["ΟΔΟΣ", "οδοσ"],
    ["لُغَة", "لغة"],
    ["\u202Elate\u202C", "late"],
    ["a".repeat(100), "a".repeat(40)],
    ["😀", ""],
  ] as const) {
    assert.equal(folded(word), expected, word);
  }
});

test("words stand where they were written", () => {
  for (const text of ["Ich komme um 23:40, ja?", "東京 tower 京", "a\u202Eb c\u00ADd", "👋 hi", "ห้องพัก"]) {
    for (const { text: word, start, end } of wordsOf(text)) {
      assert.equal(folded(text.slice(start, end)), word, text);
    }
  }
});

const shown = (parts: readonly ExcerptPart[] | undefined) =>
  parts?.map(({ Text, IsMatch }) => (IsMatch ? `[${Text}]` : Text)).join("");

test("an excerpt has the words around the first match, on one line", () => {
  assert.equal(
    shown(excerptOf("We land\n\nat 23:40, très LATÉ.", new Set(["late"]))),
    "We land at 23:40, très [LATÉ].",
  );
  assert.equal(excerptOf("nothing", new Set(["late"])), undefined);
  assert.equal(shown(excerptOf("東京から京都に", new Set(["京都", "都に"]))), "東京から[京都に]");

  const long = `${"before ".repeat(50)}late ${"after ".repeat(50)}`;
  const text = shown(excerptOf(long, new Set(["late"]))) ?? "";
  assert.match(text, /^…before (?:before )*\[late\] after(?: after)*…$/);
  assert.ok(text.length < 180, text);
});

test("a text without the words is cut between its own, and never within a letter", () => {
  assert.equal(shown(beginningOf("short")), "short");
  assert.match(shown(beginningOf("word ".repeat(100))) ?? "", /word…$/);
  const signs = shown(beginningOf(`x${"😀".repeat(300)}`)) ?? "";
  assert.ok(signs.isWellFormed() && signs.length <= 161);
  assert.ok((shown(excerptOf(`late ${"😀".repeat(300)}`, new Set(["late"]))) ?? "").isWellFormed());
});
