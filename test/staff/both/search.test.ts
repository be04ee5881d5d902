import assert from "node:assert/strict";
import { test } from "node:test";
import { isOnPostgres } from "../../support/database/engine.ts";
import { gross, net, nobody } from "../../support/server/world.ts";
import { searchedWorld } from "../../support/text/search.ts";

test("words are found in messages, senders and subjects, whatever their accents and case", async (t) => {
  const { open, found } = await searchedWorld(t);
  const late = await open("Penélope Müller", "Späte Ankunft", ["Ich komme ungefähr um 23:40 an."]);
  const parking = await open("Łukasz Żółć", "Parking", ["Is there a place for a CAR?", "Thank you"]);
  for (const [typed, expected] of [
    ["penelope ", [late]],
    ["MULLER ", [late]],
    ["spate ", [late]],
    ["ungefahr ", [late]],
    ["23:40 ", [late]],
    ["lukasz ", [parking]],
    ["zolc ", [parking]],
    ["car ", [parking]],
    ["car parking lukasz ", [parking]],
    ["car ankunft ", []],
    ["submarine ", []],
  ] as const) {
    assert.deepEqual(await found(typed), expected, typed);
  }
});

test("the last word may be unfinished, unless a space follows", async (t) => {
  const { open, found } = await searchedWorld(t);
  const arrival = await open("Ada", "Late arrival", ["We arrive late"]);
  const checkout = await open("Bob", "Check-out", ["May we leave later?"]);
  assert.deepEqual(await found("lat"), [checkout, arrival]);
  assert.deepEqual(await found("late"), [checkout, arrival]);
  assert.deepEqual(await found("late "), [arrival]);
  assert.deepEqual(await found("w "), []);
  assert.deepEqual(await found("w late"), []);
  assert.deepEqual(await found("from:ad"), [arrival]);
  assert.deepEqual(await found('"arrive la'), [arrival]);
  assert.deepEqual(await found('"arrive la"'), []);
});

test("words in quotes must follow each other", async (t) => {
  const { open, found } = await searchedWorld(t);
  const both = await open("Ada", "Stay", ["a quiet room with a view"]);
  const apart = await open("Bob", "Room", ["The room was not quiet."]);
  assert.deepEqual(await found("quiet room "), [apart, both]);
  assert.deepEqual(await found('"quiet room"'), [both]);
  assert.deepEqual(await found('"room quiet"'), []);
  assert.deepEqual(await found('"Stay quiet"'), [], "a subject and a message are no row of words");
});

test("where no spaces are between words, any part is found", async (t) => {
  const { open, found } = await searchedWorld(t);
  const kyoto = await open("田中", "宿泊", ["東京から京都に行きます。"]);
  const bangkok = await open("สมชาย", "ห้องพัก", ["ต้องการห้องพักสองคืน"]);
  for (const typed of ["東京", "京都に", "東", "す", "から京", "田中", "宿泊 京都"]) {
    assert.deepEqual(await found(typed), [kyoto], typed);
  }
  assert.deepEqual(await found("京東"), []);
  for (const typed of ["ห้อง", "สองคืน", "สมชาย"]) assert.deepEqual(await found(typed), [bangkok], typed);
});

test("results are one for each thread, the newest first", async (t) => {
  const { open, found, say, at } = await searchedWorld(t);
  const first = await open("Ada", "Stay", ["towels", "more towels"]);
  at(10);
  const second = await open("Bob", "Stay", ["towels"]);
  assert.deepEqual(await found("towels "), [second, first]);
  at(20);
  await say(first, "some text");
  assert.deepEqual(await found("ada text "), [first]);
  assert.deepEqual(await found("ada "), [first]);
  assert.deepEqual(await found("stay "), [first, second]);
});

test("filters narrow what is found, and need no words", async (t) => {
  const { open, found, resolve, at } = await searchedWorld(t);
  const resolved = await open("Penelope Cruz", "Late arrival", ["towels please"]);
  await resolve(resolved);
  at(2 * 86_400);
  const unresolved = await open("Paul", "Towels", ["I met Penelope"]);
  for (const [typed, expected] of [
    ["towels is:open", [unresolved]],
    ["towels is:resolved", [resolved]],
    ["towels is:open is:resolved", []],
    ["towels is:unassigned", [unresolved]],
    ["towels is:mine", []],
    ["penelope ", [unresolved, resolved]],
    ["from:penelope ", [resolved]],
    ["from:cruz towels ", [resolved]],
    ['from:"penelope cruz"', [resolved]],
    ["subject:towels ", [unresolved]],
    ["FROM:Penelope SUBJECT:late", [resolved]],
    ["towels before:2026-05-06 ", [resolved]],
    ["towels after:2026-05-06 ", [unresolved]],
    ["towels after:2026-05-05 before:2026-05-08", [unresolved, resolved]],
    ["is:resolved after:2026-05-05", [resolved]],
    ["is:unassigned after:2026-05-06", [unresolved]],
    ["after:2026-05-06 before:2026-05-08", [unresolved]],
    ["before:2020-01-01 towels", []],
    ["is: towels", [unresolved, resolved]],
    ["from:", []],
    ["😀 !!", []],
  ] as const) {
    const all = await found(typed);
    assert.deepEqual(
      all.filter((id) => [unresolved, resolved].includes(id)),
      expected,
      typed,
    );
  }
});

test("people find nothing of a property that is not theirs", async (t) => {
  const { open, found } = await searchedWorld(t);
  const atGross = await open("Ada", "Shared word", ["towels"], gross);
  const atNet = await open("Bob", "Shared word", ["towels"], net);
  for (const typed of [
    "towels ",
    "towe",
    "from:ada ",
    "from:bob ",
    '"shared word"',
    "towels is:open",
    "after:2026-05-01",
  ]) {
    for (const [scope, other] of [
      [gross, atNet],
      [net, atGross],
    ] as const) {
      assert.ok(!(await found(typed, [scope])).includes(other), `${typed} at ${scope}`);
    }
  }
  assert.deepEqual(await found("towels ", [gross]), [atGross]);
  assert.deepEqual(await found("towels ", [net]), [atNet]);
  assert.deepEqual(await found("towels ", []), []);
});

test("notes are found, and what is assigned to oneself", async (t) => {
  const { open, found, note, assign, resolve } = await searchedWorld(t);
  const mine = await open("Ada", "Stay", ["towels"]);
  const other = await open("Bob", "Stay", ["towels"]);
  await note(mine, "The key is in the safe.");
  await assign(mine, nobody);
  await assign(other, net);
  for (const [typed, expected] of [
    ["safe ", [mine]],
    ["towels is:mine", [mine]],
    ["is:mine", [mine]],
    ["towels is:unassigned", []],
    ["is:awaiting towels", [other, mine]],
    ["is:awaiting is:mine", [mine]],
  ] as const) {
    assert.deepEqual(await found(typed), expected, typed);
  }
  await resolve(mine);
  assert.deepEqual(await found("towels is:mine"), []);
  assert.deepEqual(await found("towels is:resolved"), [mine]);
});

if (isOnPostgres)
  test("a word that is in no message is taken for one that is much the same", async (t) => {
    const { open, found } = await searchedWorld(t);
    const id = await open("Penelope", "Stay", ["breakfast"]);
    assert.deepEqual(await found("brekfast "), [id]);
    assert.deepEqual(await found("from:penelpe "), [id]);
    assert.deepEqual(await found('"brekfast stay"'), []);
  });
