import assert from "node:assert/strict";
import { test } from "node:test";
import { checkOutcome, sharedSandbox } from "../support/server.ts";
import { gross, johnDoe, published, publishedAt, publishedPage } from "../support/world.ts";

const sandbox = sharedSandbox();

const malformed: [name: string, id: unknown][] = [
  ["without hyphens", published.replaceAll("-", "")],
  ["in braces", `{${published}}`],
  ["with a prefix", `urn:uuid:${published}`],
  ["too short", published.slice(1)],
  ["too long", `${published}0`],
  ["with a letter that is no digit", `g${published.slice(1)}`],
  ["with hyphens elsewhere", "7f9325f6e-f44-4911-89a8-ae51010a5aa4"],
  ["with white space", ` ${published}`],
  ["with a line break at its end", `${published}\n`],
  ["in full-width digits", published.replace("7", "\uff17")],
  ["that is empty", ""],
  ["that is null", null],
  ["that is a number", 7],
  ["that is an array", [published]],
];

for (const [name, id] of malformed) {
  test(`an identifier ${name} is refused by its index`, async () => {
    const { call } = await sandbox();
    const MessageThreadIds = [...new Array<string>(5).fill(published), id];
    checkOutcome(await call("messageThreads/getAll", { MessageThreadIds }), /^MessageThreadIds\[5\] must be /);
  });
}

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

/** Each is the moment of the published thread, so that an interval of it alone finds just that thread. */
const sameMoment = [
  "2022-03-07T16:09:45Z",
  "2022-03-07t16:09:45z",
  "2022-03-07T16:09:45",
  "2022-03-07T16:09:45.0Z",
  "2022-03-07T16:09:45.000",
  "2022-03-07T16:09:45.0000000Z",
  "2022-03-07T16:09:45+00:00",
  "2022-03-07T16:09:45-00:00",
  "2022-03-07T17:09:45+01:00",
  "2022-03-07T21:54:45.00+05:45",
  "2022-03-07T12:39:45-03:30",
  "2022-03-08T06:09:45+14:00",
  "2022-03-06T16:10:45-23:59",
];

for (const text of sameMoment) {
  test(`the date-time ${text} is understood`, async () => {
    const { call } = await sandbox();
    const { status, body } = await call("messageThreads/getAll", at(text, text));
    assert.equal(status, 200);
    assert.deepEqual(
      body.MessageThreads.map(({ Id, CreatedUtc }) => [Id, CreatedUtc]),
      [[published, publishedAt]],
    );
  });
}

const otherMoments: [name: string, interval: object, answer: "found" | "not found" | RegExp][] = [
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

const noDateTimes: unknown[] = [
  ...["2022-03-07", "2022-03", "2022", "16:09:45Z", "20220307T160945Z", "2022-03-07T16:09Z", "2022-03-07T16Z"],
  ...["2022-03-07 16:09:45Z", "2022-066T16:09:45Z", "2022-W10-1T16:09:45Z", "07/03/2022 16:09:45", "1646669385", ""],
  ...["2022-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2022-04-31T00:00:00Z"],
  ...["2022-00-01T00:00:00Z", "2022-13-01T00:00:00Z", "2022-01-00T00:00:00Z", "2022-01-32T00:00:00Z"],
  ...["2022-03-07T24:00:00Z", "2022-03-07T25:00:00Z", "2022-03-07T16:60:00Z", "2022-03-07T16:09:60Z"],
  ...["2022-03-07T16:09:45.Z", "2022-03-07T16:09:45ZZ", "2022-03-07T16:09:45 Z", "2022-03-07T16:09:45X"],
  ...["2022-03-07T16:09:45+01", "2022-03-07T16:09:45+0100", "2022-03-07T16:09:45+24:00", "2022-03-07T16:09:45+01:60"],
  ...[
    "2022-03-07T16:09:45Z+01:00",
    "2022-03-07T16:09:45\u221201:00",
    "2022-03-07T16:09:45Z\n",
    " 2022-03-07T16:09:45Z",
  ],
  ...["+002022-03-07T16:09:45Z", "-2022-03-07T16:09:45Z", "22-03-07T16:09:45Z", "\u0662022-03-07T16:09:45Z", "now"],
  ...[1646669385, null, {}, true],
];

for (const value of noDateTimes) {
  test(`${JSON.stringify(value)} is no date-time`, async () => {
    const { call } = await sandbox();
    const interval = { StartUtc: value, EndUtc: publishedAt };
    for (const property of ["CreatedUtc", "UpdatedUtc"]) {
      const answer = await call("messageThreads/getAll", { [property]: interval });
      checkOutcome(answer, new RegExp(`^${property}\\.StartUtc must be `));
    }
    const asEnd = { CreatedUtc: { StartUtc: publishedAt, EndUtc: value } };
    checkOutcome(
      await call("messages/getAll", { MessageThreadIds: [published], ...asEnd }),
      /^CreatedUtc\.EndUtc must be /,
    );
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

for (const [name, text] of strings) {
  test(`text is kept exactly: ${name}`, async () => {
    const { call } = await sandbox();
    const added = await call("messageThreads/add", { OriginalSender: text, Subject: text });
    const thread = added.body.MessageThreads[0];
    assert.ok(thread);
    assert.deepEqual([thread.OriginalSender, thread.Subject], [text, text]);
    const written = await call("messages/add", {
      Messages: [{ MessageThreadId: thread.Id, Text: text, Identifier: text }],
    });
    assert.equal(written.body.Messages[0]?.Identifier, text);
    assert.equal(written.body.Messages[0]?.Message.Text, text);

    const messages = await call("messages/getAll", { MessageThreadIds: [thread.Id], Limitation: { Count: 1 } });
    assert.deepEqual(
      messages.body.Messages.map(({ Text }) => Text),
      [text],
    );
    assert.equal(messages.body.Cursor, written.body.Messages[0]?.Message.Id);
    const threads = await call("messageThreads/getAll", { MessageThreadIds: [thread.Id] });
    assert.equal(threads.body.MessageThreads[0]?.OriginalSender, text);
    assert.equal(threads.body.MessageThreads[0]?.Subject, text);
  });
}

/** One property of each kind of text, its longest length, and a request with it. */
const texts: [property: string, longest: number, operation: string, asked: (value: string) => object][] = [
  ["OriginalSender", 512, "messageThreads/add", (value) => ({ ...johnDoe, OriginalSender: value })],
  ["Subject", 1024, "messageThreads/add", (value) => ({ ...johnDoe, Subject: value })],
  ["Messages[0].Text", 65_536, "messages/add", (value) => messageOf({ Text: value })],
  ["Messages[0].Identifier", 255, "messages/add", (value) => messageOf({ Text: "Hello", Identifier: value })],
];

function messageOf(message: object): object {
  return { Messages: [{ MessageThreadId: published, ...message }] };
}

/** Text of as many code points, over and over those of `unit`. */
function ofLength(length: number, unit: string): string {
  const points = [...unit];
  return Array.from({ length }, (_, index) => points[index % points.length]).join("");
}

const units = {
  letters: "a",
  emoji: "\u{1f600}",
  "combining marks": "e\u0301\u0323",
  "joined emoji": "\u{1f468}\u200d",
};

for (const [property, longest, operation, asked] of texts) {
  for (const [name, unit] of Object.entries(units)) {
    test(`${property} may have ${longest} code points of ${name} and not one more`, async () => {
      const { call } = await sandbox();
      checkOutcome(await call(operation, asked(ofLength(longest, unit))), 200);
      const { status, body } = await call(operation, asked(ofLength(longest + 1, unit)));
      assert.equal(status, 400);
      assert.equal(body.Message, `${property} must not be longer than ${longest} characters.`);
    });
  }
  for (const value of ["\ud83d", "\ude00", "a\ude00\ud83db", "a\u0000b", "\0"]) {
    test(`${property} must not hold ${JSON.stringify(value)}`, async () => {
      const { call } = await sandbox();
      const { status, body } = await call(operation, asked(value));
      assert.equal(status, 400);
      assert.equal(body.Message, `${property} must not contain U+0000 or a lone surrogate.`);
    });
  }
  for (const value of ["", " ", "\r\n\t\u00a0\u2003\u3000\u2028"]) {
    const isOptional = property.endsWith("Identifier");
    test(`${property} ${isOptional ? "may" : "must not"} be blank: ${JSON.stringify(value)}`, async () => {
      const { call } = await sandbox();
      const answer = await call(operation, asked(value));
      checkOutcome(answer, isOptional ? 200 : /^\S+ must not be empty/);
      if (isOptional) assert.equal(answer.body.Messages[0]?.Identifier, value);
    });
  }
}

const counts: [count: unknown, status: number][] = [
  ...[1, 2, 999, 1000].map((count): [unknown, number] => [count, 200]),
  ...[0, -1, 1001, 10.5, 1e308, "10", "", null, true, [10], {}, undefined].map((count): [unknown, number] => [
    count,
    400,
  ]),
];

for (const [count, status] of counts) {
  test(`a Count of ${JSON.stringify(count)} is ${status === 200 ? "fine" : "refused"}`, async () => {
    const { call } = await sandbox();
    checkOutcome(
      await call("messageThreads/getAll", publishedPage({ Count: count })),
      status === 200 ? 200 : /^Limitation\.Count /,
    );
  });
}
