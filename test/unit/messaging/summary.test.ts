import assert from "node:assert/strict";
import { test } from "node:test";
import type { Command } from "../../../src/messaging/commands.ts";
import { firstWords, standingOf } from "../../../src/messaging/summary.ts";
import {
  conversations,
  guestWrites,
  notes,
  opening,
  propertyWrites,
  replies,
  resolves,
} from "../../support/messaging/conversations.ts";

/** Opens a thread at the time 1000 and does one thing after the other, at 2000, 3000 and so on. */
function after(...commands: readonly Command[]) {
  const { carryOut, thread } = conversations();
  for (const [index, command] of [opening, ...commands].entries()) carryOut(command, (index + 1) * 1000);
  return thread();
}

const guest = () => guestWrites("Hello?");
const resolve = () => resolves(true);
const reopen = () => resolves(false);

for (const [name, commands, waitingSince] of [
  ["opened a thread has waited since then", [], 1000],
  ["has never been answered has waited since the thread was opened", [guest(), guest()], 1000],
  ["was answered waits no more", [guest(), replies()], null],
  ["was answered without a colleague's name waits no more", [guest(), propertyWrites("Yes")], null],
  ["wrote several times since the last answer has waited since the first time", [replies(), guest(), guest()], 3000],
  ["got nothing but a note goes on waiting", [replies(), guest(), notes()], 3000],
  ["is in a resolved thread does not wait", [guest(), resolve()], null],
  ["reopens a thread waits since that message", [guest(), resolve(), guest()], 4001],
  ["is reopened without an answer waits since then", [guest(), resolve(), reopen()], 4000],
  ["is reopened after an answer does not wait", [guest(), replies(), resolve(), reopen()], null],
] as const) {
  test(`a guest who ${name}`, () => assert.equal(after(...commands).waitingSince, waitingSince));
}

test("a thread counts as resolved, as awaiting a reply, or as open", () => {
  assert.equal(standingOf(after(guest())), "awaiting");
  assert.equal(standingOf(after(guest(), replies())), "open");
  assert.equal(standingOf(after(guest(), resolve())), "resolved");
});

test("lists show 140 characters of the last message on one line", () => {
  assert.equal(after(guest(), guestWrites("  Late\n arrival ")).lastWords, "Late arrival");
  assert.equal(firstWords("🛎".repeat(140)), "🛎".repeat(140));
  assert.equal(firstWords("🛎".repeat(141)), `${"🛎".repeat(140)}…`);
  assert.equal(firstWords(" ".repeat(2000)), "");
});
