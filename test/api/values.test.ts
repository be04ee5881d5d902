import assert from "node:assert/strict";
import { test } from "node:test";
import { checkOutcome, sharedSandbox } from "../support/server/server.ts";
import { gross, johnDoe, published, publishedPage } from "../support/server/world.ts";

const sandbox = sharedSandbox();

const identifiers: [property: RegExp, operation: string, properties: object][] = [
  [/^EnterpriseIds\[1\] /, "messageThreads/getAll", { MessageThreadIds: [published], EnterpriseIds: [gross, "x"] }],
  [/^MessageThreadIds\[0\] /, "messages/getAll", { MessageThreadIds: ["x"] }],
  [/^MessageIds\[2\] /, "messages/getAll", { MessageIds: [published, published, "x"] }],
  [
    /^Messages\[1\]\.MessageThreadId /,
    "messages/add",
    { Messages: [published, "x"].map((MessageThreadId) => ({ MessageThreadId, Text: "a" })) },
  ],
  [/^Limitation\.Cursor /, "messageThreads/getAll", publishedPage({ Count: 1, Cursor: "x" })],
  [/^EnterpriseId /, "messageThreads/add", { ...johnDoe, EnterpriseId: "x" }],
  [/^EnterpriseId /, "configuration/get", { EnterpriseId: "" }],
  [/^EnterpriseIds\[0\] /, "enterprises/getAll", { EnterpriseIds: ["x"] }],
];

for (const [property, operation, asked] of identifiers) {
  test(`a malformed identifier of ${operation} is named as ${property.source}`, async () => {
    const { call } = await sandbox();
    checkOutcome(await call(operation, asked), property);
  });
}

test("identifiers are accepted in any letter case and answered in lower case", async () => {
  const { call } = await sandbox();
  const upper = published.toUpperCase();
  const inUpper = { MessageThreadIds: [upper], EnterpriseIds: ["3FA85F64-5717-4562-B3FC-2C963F66AFA6"] };
  const threads = await call("messageThreads/getAll", { ...inUpper, Limitation: { Count: 1 } });
  assert.equal(threads.body.MessageThreads[0]?.Id, published);
  assert.equal(threads.body.Cursor, published);
  const next = await call("messageThreads/getAll", { ...inUpper, Limitation: { Count: 1, Cursor: upper } });
  assert.deepEqual(next.body.MessageThreads, []);

  const added = await call("messages/add", { Messages: [{ MessageThreadId: upper, Text: "Hello" }] });
  const message = added.body.Messages[0]?.Message;
  assert.ok(message);
  assert.equal(message.MessageThreadId, published);
  assert.equal(message.Id, message.Id.toLowerCase());
  const messages = await call("messages/getAll", { ...inUpper, MessageIds: [message.Id.toUpperCase()] });
  assert.deepEqual(messages.body.Messages, [message]);

  const { body } = await call("configuration/get", { EnterpriseId: gross.toUpperCase() });
  assert.equal(body.Enterprise.Id, gross);
});

function at(StartUtc: string | null, EndUtc: string | null): object {
  return { CreatedUtc: { StartUtc, EndUtc } };
}

const otherMoments: [name: string, interval: object, answer: "found" | "not found" | RegExp][] = [
  ["a moment without a zone is one of UTC", at("2022-03-07T16:09:45", "2022-03-07T16:09:45"), "found"],
  ["a second lies before its fraction", at("2022-03-07T16:09:45.000000001Z", "2022-03-07T16:09:46Z"), "not found"],
  ["a fraction after a second includes it", at("2022-03-07T16:09:44.9Z", "2022-03-07T16:09:45.1Z"), "found"],
  ["an end at the second leaves it out", at("2022-03-07T16:09:44.9Z", "2022-03-07T16:09:45Z"), "not found"],
  ["no item equals a fraction", at("2022-03-07T16:09:45.5Z", "2022-03-07T16:09:45.50Z"), "not found"],
  ["fractions are compared", at("2022-03-07T16:09:45.51Z", "2022-03-07T16:09:45.5Z"), /^CreatedUtc\.StartUtc must not/],
  ["fractions are compared by value", at("2022-03-07T16:09:45.09Z", "2022-03-07T16:09:45.1Z"), "not found"],
  ["offsets are compared by moment", at("2022-03-07T18:00:00+02:00", "2022-03-07T17:00:00Z"), "found"],
  ["a leap day exists in its year", at("2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"), "not found"],
  ["a leap day exists in a leap century", at("2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z"), "not found"],
  ["the first year is a year", at("0001-01-01T00:00:00Z", "0001-01-02T00:00:00Z"), "not found"],
  ["the last year is a year", at("9999-12-31T23:59:58Z", "9999-12-31T23:59:59Z"), "not found"],
];

for (const [name, interval, answer] of otherMoments) {
  test(`date-times: ${name}`, async () => {
    const { call } = await sandbox();
    const listed = await call("messageThreads/getAll", interval);
    checkOutcome(listed, answer instanceof RegExp ? answer : 200);
    const ids = listed.status === 200 ? listed.body.MessageThreads.map(({ Id }) => Id) : [];
    assert.deepEqual(ids, answer === "found" ? [published] : []);
  });
}

const strings: [name: string, text: string][] = [
  ["emoji", "\u{1f600}\u{1f468}\u200d\u{1f469}\u200d\u{1f467} \u{1f1e8}\u{1f1ff} \u{1f44d}\u{1f3fd}"],
  ["combining marks, composed and not", "e\u0301 \u00e9 a\u0323\u0307 \u1e69 Z\u0351\u036b\u0343"],
  ["right-to-left text and its marks", "\u0634\u0643\u0631\u0627 \u200f\u05e9\u05dc\u05d5\u05dd\u202e abc\u202c"],
  ["Chinese beyond the first plane", "\u60a8\u597d \u{20bb7}\u{2a6d6}"],
  ["line breaks of every kind", "a\nb\r\nc\rd\u2028e\u2029f\u0085g\vh\fi"],
  ["control characters", "\u0001\u0007\b\t\u001b[31m\u001f\u007f\u0080\u009f"],
  ["white space around it", " \t\u00a0 a \u3000\n"],
  ["noncharacters and the byte order mark", "\ufeffa\ufffe\uffff\u{10ffff}\ufffd"],
  ["what looks like code", `'; DROP TABLE message; -- <script>alert("\\u0000")</script> \\" {"Id":"x"} %s \${a}`],
];

test("text is kept exactly, of whatever signs it is", async () => {
  const { call } = await sandbox();
  const texts = strings.map(([, text]) => text);
  const whole = texts.join(" ");
  const added = await call("messageThreads/add", { OriginalSender: whole, Subject: whole });
  const thread = added.body.MessageThreads[0];
  assert.ok(thread);
  assert.deepEqual([thread.OriginalSender, thread.Subject], [whole, whole]);
  const Messages = texts.map((text) => ({ MessageThreadId: thread.Id, Text: text, Identifier: text }));
  const written = await call("messages/add", { Messages });
  for (const [index, [name, text]] of strings.entries()) {
    const { Identifier, Message } = written.body.Messages[index] ?? {};
    assert.deepEqual([Identifier, Message?.Text], [text, text], name);
  }
  const messages = await call("messages/getAll", { MessageThreadIds: [thread.Id], Limitation: { Count: 100 } });
  assert.deepEqual(messages.body.Messages.map(({ Text }) => Text).reverse(), texts);
  assert.equal(messages.body.Cursor, written.body.Messages[0]?.Message.Id);
  const threads = await call("messageThreads/getAll", { MessageThreadIds: [thread.Id] });
  assert.equal(threads.body.MessageThreads[0]?.OriginalSender, whole);
  assert.equal(threads.body.MessageThreads[0]?.Subject, whole);
});

test("the longest text, of signs beyond the first plane, is added and one more is not", async () => {
  const { call } = await sandbox();
  const messageOf = (length: number) => ({
    Messages: [{ MessageThreadId: published, Text: "\u{1f600}".repeat(length) }],
  });
  checkOutcome(await call("messages/add", messageOf(65_536)), 200);
  checkOutcome(await call("messages/add", messageOf(65_537)), /^Messages\[0\]\.Text must not be longer than 65536 /);
});
