import assert from "node:assert/strict";
import { test } from "node:test";
import type Type from "typebox";
import { Problem } from "../../../src/core/problem.ts";
import { getAllEnterprises } from "../../../src/protocol/connector/enterprises.ts";
import { readInterval } from "../../../src/protocol/connector/interval.ts";
import { addMessageThread, getAllMessageThreads } from "../../../src/protocol/connector/message-threads.ts";
import { addMessages, getAllMessages, maxTextLength } from "../../../src/protocol/connector/messages.ts";
import { parseDateTime } from "../../../src/protocol/date-time.ts";
import { checkOf } from "../../../src/protocol/validation.ts";
import { credentials, johnDoe, published, publishedAt, publishedPage } from "../../support/server/world.ts";

/** The sentence by which a request is refused; `undefined` for one that is let in. */
function refusal(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof Problem && error.kind === "invalid") return error.message;
    throw error;
  }
}

const checkOfInput = <T extends Type.TSchema>({ input }: { readonly input: T }) => {
  const check = checkOf(input);
  return (asked: object) => refusal(() => check({ ...credentials, ...asked }));
};
const threads = checkOfInput(getAllMessageThreads);
const messages = checkOfInput(getAllMessages);
const addThread = checkOfInput(addMessageThread);
const add = checkOfInput(addMessages);
const enterprises = checkOfInput(getAllEnterprises);

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
  test(`an identifier ${name} is refused by its index`, () => {
    const MessageThreadIds = [...new Array<string>(5).fill(published), id];
    assert.match(threads({ MessageThreadIds }) ?? "", /^MessageThreadIds\[5\] must be /);
  });
}

/** Each is the moment when the published thread was opened. */
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
  test(`the date-time ${text} is understood`, () => {
    assert.deepEqual(parseDateTime(text), { second: Date.parse(publishedAt) / 1000, fraction: "" });
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
  test(`${JSON.stringify(value)} is no date-time`, () => {
    for (const property of ["CreatedUtc", "UpdatedUtc"]) {
      const asked = { [property]: { StartUtc: value, EndUtc: publishedAt } };
      assert.match(threads(asked) ?? "", new RegExp(`^${property}\\.StartUtc must be `));
    }
    const asked = { MessageThreadIds: [published], CreatedUtc: { StartUtc: publishedAt, EndUtc: value } };
    assert.match(messages(asked) ?? "", /^CreatedUtc\.EndUtc must be /);
    if (typeof value === "string") assert.equal(parseDateTime(value), undefined);
  });
}

/** The last end that is let in: calendar months, clamped to the end of a month, and a day of grace. */
const longest: [months: number, from: string, last: string][] = [
  [3, "2022-01-15T00:00:00Z", "2022-04-16T00:00:00Z"],
  [3, "2022-01-15T07:08:09Z", "2022-04-16T07:08:09Z"],
  [3, "2022-11-30T00:00:00Z", "2023-03-01T00:00:00Z"],
  [3, "2023-11-30T00:00:00Z", "2024-03-01T00:00:00Z"],
  [3, "2022-11-28T00:00:00Z", "2023-03-01T00:00:00Z"],
  [3, "2022-12-31T12:00:00Z", "2023-04-01T12:00:00Z"],
  [3, "2024-02-29T00:00:00Z", "2024-05-30T00:00:00Z"],
  [3, "2021-10-31T23:59:59Z", "2022-02-01T23:59:59Z"],
  [3, "2022-12-01T01:00:00+02:00", "2023-03-01T23:00:00Z"],
  [1, "2022-04-15T00:00:00Z", "2022-05-16T00:00:00Z"],
  [1, "2022-01-31T00:00:00Z", "2022-03-01T00:00:00Z"],
  [1, "2024-01-31T00:00:00Z", "2024-03-01T00:00:00Z"],
  [1, "2024-01-28T00:00:00Z", "2024-02-29T00:00:00Z"],
  [1, "2022-12-31T00:00:00Z", "2023-02-01T00:00:00Z"],
];

for (const [months, StartUtc, last] of longest) {
  test(`an interval of at most ${months} months from ${StartUtc} may end by ${last}`, () => {
    const refused = (EndUtc: string) => refusal(() => readInterval("CreatedUtc", { StartUtc, EndUtc }, months));
    assert.equal(refused(last), undefined);
    for (const later of [last.replace("Z", ".000001Z"), last.replace(/\d\dZ$/, (second) => next(second))]) {
      const longest = months === 1 ? "1 month" : `${months} months`;
      assert.equal(refused(later), `CreatedUtc must not be longer than ${longest}.`, later);
    }
  });
}

/** The second after `00Z`, `09Z` or `59Z`; the last of a minute becomes a fraction, which is later too. */
function next(second: string): string {
  return second === "59Z" ? "59.9Z" : `${String(Number(second.slice(0, 2)) + 1).padStart(2, "0")}Z`;
}

test("slices of 90 days are let in whenever they start", () => {
  const day = 86_400_000;
  for (let from = Date.UTC(2023, 0, 1); from < Date.UTC(2024, 2, 2); from += day) {
    const CreatedUtc = { StartUtc: new Date(from).toISOString(), EndUtc: new Date(from + 90 * day).toISOString() };
    assert.equal(
      refusal(() => readInterval("CreatedUtc", CreatedUtc, 3)),
      undefined,
      CreatedUtc.StartUtc,
    );
  }
});

/** One property of each kind of text, its longest length, and why a value of it is refused. */
const texts: [property: string, longest: number, refused: (value: string) => string | undefined][] = [
  ["OriginalSender", 512, (value) => addThread({ ...johnDoe, OriginalSender: value })],
  ["Subject", 1024, (value) => addThread({ ...johnDoe, Subject: value })],
  ["Messages[0].Text", maxTextLength, (value) => add(messageOf({ Text: value }))],
  ["Messages[0].Identifier", 255, (value) => add(messageOf({ Text: "Hello", Identifier: value }))],
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

for (const [property, longest, refused] of texts) {
  for (const [name, unit] of Object.entries(units)) {
    test(`${property} may have ${longest} code points of ${name} and not one more`, () => {
      assert.equal(refused(ofLength(longest, unit)), undefined);
      const sentence = `${property} must not be longer than ${longest} characters.`;
      assert.equal(refused(ofLength(longest + 1, unit)), sentence);
    });
  }
  for (const value of ["\ud83d", "\ude00", "a\ude00\ud83db", "a\u0000b", "\0"]) {
    test(`${property} must not hold ${JSON.stringify(value)}`, () => {
      assert.equal(refused(value), `${property} must not contain U+0000 or a lone surrogate.`);
    });
  }
  for (const value of ["", " ", "\r\n\t\u00a0\u2003\u3000\u2028"]) {
    const isOptional = property.endsWith("Identifier");
    test(`${property} ${isOptional ? "may" : "must not"} be blank: ${JSON.stringify(value)}`, () => {
      assert.equal(refused(value), isOptional ? undefined : `${property} must not be empty.`);
    });
  }
}

const idLists: [property: string, operation: string, refused: (ids: unknown) => string | undefined][] = [
  ["MessageThreadIds", "messageThreads/getAll", (ids) => threads({ MessageThreadIds: ids })],
  ["EnterpriseIds", "messageThreads/getAll", (ids) => threads({ EnterpriseIds: ids })],
  ["MessageThreadIds", "messages/getAll", (ids) => messages({ MessageThreadIds: ids })],
  ["MessageIds", "messages/getAll", (ids) => messages({ MessageIds: ids })],
  ["EnterpriseIds", "messages/getAll", (ids) => messages({ EnterpriseIds: ids })],
  ["EnterpriseIds", "enterprises/getAll", (ids) => enterprises({ EnterpriseIds: ids })],
];

for (const [property, operation, refused] of idLists) {
  test(`${property} of ${operation} may have 1 to 1000 ids`, () => {
    const idsOf = (length: number) => new Array<string>(length).fill(published);
    for (const length of [1, 1000]) assert.equal(refused(idsOf(length)), undefined);
    for (const length of [0, 1001]) assert.equal(refused(idsOf(length)), `${property} must have 1 to 1000 items.`);
    assert.equal(refused(published), `${property} must be an array.`);
  });
}

const counts: [count: unknown, isFine: boolean][] = [
  ...[1, 2, 999, 1000].map((count): [unknown, boolean] => [count, true]),
  ...[0, -1, 1001, 10.5, 1e308, "10", "", null, true, [10], {}, undefined].map((count): [unknown, boolean] => [
    count,
    false,
  ]),
];

for (const [Count, isFine] of counts) {
  test(`a Count of ${JSON.stringify(Count)} is ${isFine ? "fine" : "refused"}`, () => {
    const sentence = threads(publishedPage({ Count }));
    if (isFine) assert.equal(sentence, undefined);
    else assert.match(sentence ?? "", /^Limitation\.Count /);
  });
}
