import assert from "node:assert/strict";
import { test } from "node:test";
import { nilIdentifier } from "../../../src/core/identifiers.ts";
import { decide } from "../../../src/messaging/decide.ts";
import {
  assigns,
  client,
  colleague,
  conversations,
  guestWrites,
  hotel,
  newId,
  notes,
  opening,
  propertyWrites,
  replies,
  resolves,
  stay,
} from "../../support/messaging/conversations.ts";

/** A thread that was opened at the time 1000. */
function opened() {
  const all = conversations();
  all.carryOut(opening, 1000);
  return all;
}

const kinds = ({ log }: ReturnType<typeof conversations>) => log.map(({ kind }) => kind);

test("a thread is opened unresolved, assigned to nobody, with the first entry of its property's log", () => {
  const { log, thread } = opened();
  const expected = { enterpriseId: hotel, sequence: 1, created: 1000, kind: "ThreadAdded", clientId: client };
  const none = { messageId: null, userId: null, assigneeId: null };
  assert.deepEqual(log, [{ ...expected, messageThreadId: stay, ...none }]);
  const { isResolved, assigneeId, created, updated, lastPosition, lastWords } = thread();
  assert.deepEqual(
    { isResolved, assigneeId, created, updated, lastPosition, lastWords },
    { isResolved: false, assigneeId: nilIdentifier, created: 1000, updated: 1000, lastPosition: 1, lastWords: null },
  );
});

test("a guest's message reopens a resolved thread, and the log says so before the message", () => {
  const all = opened();
  all.carryOut(resolves(true));
  all.carryOut(guestWrites("One", "Two"));
  assert.deepEqual(kinds(all), ["ThreadAdded", "ThreadResolved", "ThreadReopened", "MessageAdded", "MessageAdded"]);
  assert.equal(all.thread().isResolved, false);
});

test("a message of the property leaves a resolved thread resolved", () => {
  for (const command of [propertyWrites("Goodbye"), replies()]) {
    const all = opened();
    all.carryOut(resolves(true));
    all.carryOut(command);
    assert.deepEqual(kinds(all), ["ThreadAdded", "ThreadResolved", "MessageAdded"]);
    assert.equal(all.thread().isResolved, true);
  }
});

test("a reply that resolves adds the message first", () => {
  const all = opened();
  const { documents } = all.carryOut(replies({ resolves: true }));
  assert.deepEqual(kinds(all), ["ThreadAdded", "MessageAdded", "ThreadResolved"]);
  assert.deepEqual([all.thread().isResolved, documents.length], [true, 1]);
  assert.deepEqual(
    all.log.map(({ userId }) => userId),
    [null, colleague, colleague],
  );
});

test("a reply is refused when there is a message that its writer has not seen, a guest's or a colleague's", () => {
  for (const unseen of [guestWrites("Wait"), propertyWrites("Done"), replies()]) {
    const all = opened();
    all.carryOut(unseen);
    const before = all.thread();
    assert.throws(() => all.carryOut(replies({ seen: 1 })), { kind: "conflict" });
    assert.deepEqual([all.thread(), all.log.length], [before, 2]);
    all.carryOut(replies({ seen: 2 }));
    assert.equal(all.log.length, 3);
  }
});

test("notes, assignments and being resolved stop no reply that has not seen them", () => {
  for (const other of [notes(), assigns("other"), resolves(true)]) {
    const all = opened();
    all.carryOut(other);
    all.carryOut(replies({ seen: 1 }));
    assert.equal(kinds(all).at(-1), "MessageAdded");
  }
});

test("a reply or a note with an id that is there already changes nothing, also when it has not seen the last message", () => {
  for (const again of [(id: string) => replies({ id, seen: 1 }), notes]) {
    const all = opened();
    const id = newId();
    all.carryOut(again(id));
    all.carryOut(guestWrites("Thanks"));
    const { documents, ...nothing } = all.carryOut(again(id));
    assert.deepEqual([documents, nothing], [[], { entries: [], threads: [], messages: [], notes: [] }]);
  }
});

test("a note and an assignment leave the thread as clients see it, and no client learns of them", () => {
  const all = opened();
  all.carryOut(guestWrites("Hello"));
  const before = all.thread();
  all.carryOut(notes(), 5000);
  assert.deepEqual(all.thread(), before);
  all.carryOut(assigns("other"), 6000);
  assert.deepEqual(all.thread(), { ...before, assigneeId: "other" });
  assert.deepEqual(
    all.log.map(({ clientId }) => clientId),
    [client, client, nilIdentifier, nilIdentifier],
  );
});

test("to assign, resolve or reopen what already is so changes nothing", () => {
  const all = opened();
  for (const command of [assigns(nilIdentifier), resolves(false)]) {
    const { entries, threads } = all.carryOut(command);
    assert.deepEqual([entries, threads], [[], []]);
  }
  all.carryOut(resolves(true, colleague));
  const { entries, documents } = all.carryOut(resolves(true));
  assert.deepEqual([entries, JSON.parse(documents[0] ?? "").IsResolved], [[], true]);
});

test("entries of a log have numbers without gaps, and times that increase even when the clock goes back", () => {
  const all = opened();
  all.carryOut(guestWrites("One", "Two"), 1000);
  all.carryOut(resolves(true), 7);
  all.carryOut(guestWrites("Three"), 2000);
  assert.deepEqual(
    all.log.map(({ sequence, created }) => [sequence, created]),
    [
      [1, 1000],
      [2, 1001],
      [3, 1002],
      [4, 1003],
      [5, 2000],
      [6, 2001],
    ],
  );
});

test("messages that go to several properties happen one after the other, each in its property's log", () => {
  const all = opened();
  const other = { ...opening, enterpriseId: "other hotel", id: "other stay" } as const;
  all.carryOut(other, 500);
  const messages = [stay, other.id, stay].map((messageThreadId) => ({ id: newId(), messageThreadId, text: "Hello" }));
  const { entries, threads, documents } = all.carryOut({ kind: "addMessages", sender: "Application", messages }, 800);
  assert.deepEqual(
    entries.map(({ enterpriseId, sequence, created }) => [enterpriseId, sequence, created]),
    [
      [hotel, 2, 1001],
      ["other hotel", 2, 1002],
      [hotel, 3, 1003],
    ],
  );
  assert.deepEqual([threads.length, documents.length], [2, 3]);
  assert.deepEqual([all.thread().lastPosition, all.thread(other.id).lastPosition], [3, 2]);
});

test("a decision without the threads or the log that it needs is a fault of the program", () => {
  const nothing = { threads: [], logEnds: new Map(), earliest: 0, isWritten: false };
  for (const command of [opening, guestWrites("Hello"), notes()]) {
    assert.throws(() => decide(command, nothing), /^Error: A decision needs /);
  }
});
