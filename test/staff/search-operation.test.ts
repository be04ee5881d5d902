import assert from "node:assert/strict";
import { test } from "node:test";
import { searchAll } from "../../src/api/staff/search.ts";
import type { StaffContext } from "../../src/api/staff/staff-operation.ts";
import type { SearchResult } from "../../src/protocol/staff/search.ts";
import { checkOf } from "../../src/protocol/validation.ts";
import { mustHave, type StaffCaller, type StaffProperty } from "../../src/staff/sign-in/caller.ts";
import type { StaffRole } from "../../src/staff/sign-in/rights.ts";
import { findDamage } from "../../src/store/engines/integrity.ts";
import type { Store } from "../../src/store/store.ts";
import { gross, net, nobody } from "../support/server/world.ts";
import { searchedWorld } from "../support/text/search.ts";

function callerAt(...properties: readonly (readonly [id: string, role: StaffRole])[]): StaffCaller {
  const hotel = {
    name: "Hotel",
    time_zone_identifier: "UTC",
    default_language_code: "en-US",
    reply_target_minutes: 15,
  };
  return {
    sessionId: nobody,
    userId: nobody,
    name: "Rita",
    isOwner: false,
    joined: 0,
    properties: properties.map(([id, role]): StaffProperty => ({ ...hotel, id, role })),
  };
}

const checkAnswer = checkOf(searchAll.description.output);

/** Calls the operation as the routes do, and holds its answer against its description. */
async function ask(store: Store, caller: StaffCaller, input: object) {
  const deadline = { signal: new AbortController().signal, end: Number.POSITIVE_INFINITY, mayBeStored: false };
  const visitor = {
    address: "127.0.0.1",
    userAgent: "",
    sessionSecret: undefined,
    devices: [],
    origin: "http://localhost",
    isWithoutTls: false,
    hasSecureCookies: true,
  };
  const { body } = await searchAll.run({ searchTime: 60_000 } as StaffContext, {
    input,
    caller,
    scope: mustHave(caller, "read"),
    visitor,
    db: store.until(deadline),
  });
  checkAnswer(JSON.parse(JSON.stringify(body)));
  return body as { readonly Results: readonly SearchResult[]; readonly IsComplete: boolean };
}

const shown = ({ Excerpt }: SearchResult) =>
  Excerpt.map(({ Text, IsMatch }) => (IsMatch ? `[${Text}]` : Text)).join("");

test("a result has the thread, what matches in it, and the words around", async (t) => {
  const { store, open, note, indexer } = await searchedWorld(t);
  const id = await open("Penélope Cruz", "Späte Ankunft", ["We arrive LATE,\nafter 23:40", "Thank you!"]);
  await indexer.settled();
  const caller = callerAt([net, "Agent"]);
  const first = async (Query: string) =>
    (await ask(store, caller, { Query, Count: 5 })).Results[0] ?? assert.fail(Query);

  const byText = await first("late");
  assert.equal(byText.Thread.Id, id);
  assert.equal(byText.Thread.OriginalSender, "Penélope Cruz");
  assert.equal(byText.Item?.Text, "We arrive LATE,\nafter 23:40");
  assert.equal(byText.Item?.Kind, "MessageAdded");
  assert.equal(shown(byText), "We arrive [LATE], after 23:40");

  const bySender = await first("penelope");
  assert.deepEqual([bySender.Item, shown(bySender)], [null, "[Penélope] Cruz"]);
  const bySubject = await first("ankunft");
  assert.deepEqual([bySubject.Item, shown(bySubject)], [null, "Späte [Ankunft]"]);
  const byFilter = await first("is:open");
  assert.deepEqual([byFilter.Item, byFilter.Excerpt.length], [null, 1]);

  await note(id, "The key is in the safe.");
  await indexer.settled();
  const byNote = await first("safe");
  assert.deepEqual(
    [byNote.Item?.Kind, byNote.Item?.UserId, shown(byNote)],
    ["NoteAdded", nobody, "The key is in the [safe]."],
  );
});

test("one searches where one works, and nowhere else", async (t) => {
  const { store, open, indexer } = await searchedWorld(t);
  const atGross = await open("Ada", "Stay", ["towels"], gross);
  const atNet = await open("Bob", "Stay", ["towels"], net);
  await indexer.settled();
  const both = callerAt([gross, "Agent"], [net, "Manager"]);
  const idsOf = async (caller: StaffCaller, EnterpriseIds?: readonly string[]) => {
    const { Results } = await ask(store, caller, { Query: "towels ", Count: 10, EnterpriseIds });
    return Results.map(({ Thread }) => Thread.Id);
  };
  assert.deepEqual(await idsOf(both), [atNet, atGross]);
  assert.deepEqual(await idsOf(both, [gross]), [atGross]);
  assert.deepEqual(await idsOf(callerAt([gross, "Agent"])), [atGross]);
  await assert.rejects(idsOf(callerAt([gross, "Agent"]), [net]), { kind: "forbidden" });
  await assert.rejects(idsOf(callerAt()), { kind: "forbidden" });
});

test("what is no search is refused, by name", async (t) => {
  const { store } = await searchedWorld(t);
  const caller = callerAt([net, "Agent"]);
  for (const [input, reason] of [
    [{ Query: "room:12", Count: 5 }, /"room:"/],
    [{ Query: "before:yesterday", Count: 5 }, /"before:"/],
    [{ Query: "x".repeat(501), Count: 5 }, /Query/],
    [{ Query: "towels", Count: 51 }, /Count/],
    [{ Count: 5 }, /Query/],
  ] as const) {
    await assert.rejects(ask(store, caller, input), { kind: "invalid", message: reason });
  }
});

test("a database with an index is sound", async (t) => {
  const { store, open, indexer } = await searchedWorld(t);
  await open("Ada", "Stay", ["towels"]);
  await indexer.settled();
  assert.equal(await findDamage(store.db), undefined);
});
