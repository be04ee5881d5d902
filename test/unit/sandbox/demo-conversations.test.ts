import assert from "node:assert/strict";
import { test } from "node:test";
import { addMessageThread } from "../../../src/protocol/connector/message-threads.ts";
import { addMessages } from "../../../src/protocol/connector/messages.ts";
import { setSavedReply } from "../../../src/protocol/staff/saved-replies.ts";
import { checkOf } from "../../../src/protocol/validation.ts";
import { type DemoConversation, demoClientNames, demoConversations } from "../../../src/sandbox/demo/conversations.ts";
import { demoStaff } from "../../../src/sandbox/demo/demo-staff.ts";
import { demoSavedReplies } from "../../../src/sandbox/demo/saved-replies.ts";

const gross = "851df8c8-90f2-4c4a-8e01-a4fc46b25178";
const net = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const third = "4d0201db-36f5-428b-8d11-4f0a65e960cc";
const enterprises = [
  { id: gross, name: "Gross" },
  { id: net, name: "Net" },
  { id: third, name: "Third" },
];

const minute = 60_000_000;
const day = 24 * 60 * minute;
const to = Date.UTC(2026, 2, 14, 18, 30) * 1000;
const from = to - 60 * day;
const staff = demoStaff();
const plan = { seed: 7, from, to, enterprises, people: staff };
const conversations = demoConversations(plan);

const credentials = { ClientToken: "C", AccessToken: "A", Client: "Test" };
const somewhere = "8d02142f-31cf-4115-90bf-ae5200c7a1ba";

test("the same plan makes the same conversations, another seed others", () => {
  assert.deepEqual(demoConversations(plan), conversations);
  assert.notDeepEqual(demoConversations({ ...plan, seed: 8 }), conversations);
});

test("every text is one that the API accepts, with nothing left to fill in", () => {
  const checkThread = checkOf(addMessageThread.input);
  const checkMessage = checkOf(addMessages.input);
  for (const { originalSender, subject, enterpriseId, steps } of conversations) {
    checkThread({ ...credentials, OriginalSender: originalSender, Subject: subject, EnterpriseId: enterpriseId });
    const texts = steps.flatMap((step) => ("text" in step ? [step.text] : []));
    checkMessage({ ...credentials, Messages: texts.map((Text) => ({ MessageThreadId: somewhere, Text })) });
    for (const text of [subject, ...texts]) assert.doesNotMatch(text, /[{}|]|undefined|^\s|\s$/);
  }
});

test("everything happens in the time of the plan, in order, and nothing at the same time as another thing", () => {
  const times = conversations.flatMap(({ opened, steps }) => [opened, ...steps.map(({ at }) => at)]);
  assert.equal(new Set(times).size, times.length);
  assert.ok(times.every((at) => Number.isSafeInteger(at) && at >= from && at <= to));
  for (const { opened, steps } of conversations) {
    assert.equal(steps[0]?.kind, "guest");
    const own = [opened, ...steps.map(({ at }) => at)];
    assert.deepEqual(
      own,
      own.toSorted((a, b) => a - b),
    );
  }
  const opened = conversations.map((conversation) => conversation.opened);
  assert.deepEqual(
    opened,
    opened.toSorted((a, b) => a - b),
  );
});

test("about a dozen guests wait at all properties, some conversations are open, most are resolved", () => {
  for (const seed of [1, 2, 3, 7]) {
    const all = demoConversations({ ...plan, seed });
    assert.equal(all.length, 300);
    const waiting = all.filter((some) => stateOf(some).isAwaiting);
    assert.equal(waiting.length, 12);
    assert.deepEqual(new Set(waiting.map(({ enterpriseId }) => enterpriseId)), new Set([gross, net, third]));
    const waits = waiting.map((some) => (to - stateOf(some).lastWord) / minute).sort((a, b) => a - b);
    assert.ok((waits[0] ?? 0) >= 1.9 && (waits[0] ?? 0) < 5);
    assert.ok((waits[11] ?? 0) > 150 && (waits[11] ?? 0) <= 181);
    assert.equal(all.filter((some) => !stateOf(some).isResolved).length, 35);
    const isIn = ({ kind }: { kind: string }, wanted: string) => kind === wanted;
    assert.ok(all.filter(({ steps }) => steps.some((step) => isIn(step, "assign"))).length > 60);
    assert.ok(all.filter(({ steps }) => steps.some((step) => isIn(step, "note"))).length > 40);
    assert.ok(all.some(({ steps }) => steps.some((step) => isIn(step, "reopen"))));
    assert.ok(all.filter((some) => stateOf(some).isReopenedByGuest).length > 10);
  }
});

test("guests write in thirteen languages, most of them in the evening, and each has a name of their own", () => {
  const languages = Map.groupBy(conversations, ({ languageCode }) => languageCode);
  assert.deepEqual([...languages.keys()].sort(), "ar cs de en es fr hu it ja nl pl pt uk".split(" "));
  for (const some of languages.values()) assert.ok(some.length >= 5);
  assert.equal(new Set(conversations.map(({ originalSender }) => originalSender)).size, 300);
  const hours = conversations.map(({ opened }) => new Date(opened / 1000).getUTCHours());
  const between = (first: number, last: number) => hours.filter((hour) => hour >= first && hour <= last).length;
  assert.ok(between(16, 20) > 3 * between(1, 5));
});

test("only who works at a property does anything there", () => {
  assert.equal(staff.length, 6);
  assert.equal(new Set(staff.map(({ id }) => id)).size, 6);
  assert.equal(staff.filter(({ role }) => role === "Owner").length, 1);
  for (const { enterpriseId, client, steps } of conversations) {
    assert.ok(demoClientNames[client]);
    const own = staff.filter(({ enterpriseIds }) => enterpriseIds.includes(enterpriseId)).map(({ id }) => id);
    for (const step of steps) {
      if ("by" in step) assert.ok(own.includes(step.by));
      if ("to" in step) assert.ok(own.includes(step.to));
    }
  }
  for (const { id } of enterprises) {
    const [first, second, ...others] = staff.filter(({ enterpriseIds }) => enterpriseIds[0] === id);
    assert.ok(first && second && others.length === 0);
    assert.ok([first, second].some(({ role }) => role === "Manager"));
  }
});

test("each property has its saved replies in three languages", () => {
  const check = checkOf(setSavedReply.input);
  for (const { enterpriseId, shortcut, languageCode, text } of demoSavedReplies()) {
    check({ EnterpriseId: enterpriseId, Shortcut: shortcut, LanguageCode: languageCode, Text: text });
    assert.deepEqual(text.replace(/\{(?:guest|property|me)\}/g, "").match(/[{}]/), null);
  }
  const keys = demoSavedReplies().map((reply) => [reply.enterpriseId, reply.shortcut, reply.languageCode].join(" "));
  assert.equal(keys.length, 3 * 6 * 3);
  assert.equal(new Set(keys).size, keys.length);
});

/** How a conversation stands by the rules of the server: a guest's message opens it again. */
function stateOf({ steps }: DemoConversation) {
  let isResolved = false;
  let isReopenedByGuest = false;
  for (const { kind } of steps) {
    assert.ok(kind !== "resolve" || !isResolved, "nothing is resolved twice");
    assert.ok(kind !== "reopen" || isResolved, "nothing is reopened that is open");
    if (kind === "guest" && isResolved) isReopenedByGuest = true;
    if (kind === "guest" || kind === "reopen") isResolved = false;
    if (kind === "resolve") isResolved = true;
  }
  const last = steps.findLast(({ kind }) => kind === "guest" || kind === "reply");
  return { isResolved, isReopenedByGuest, lastWord: last?.at ?? 0, isAwaiting: !isResolved && last?.kind === "guest" };
}
