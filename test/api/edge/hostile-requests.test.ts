import assert from "node:assert/strict";
import { test } from "node:test";
import { sharedSandbox, startSandbox } from "../../support/server/server.ts";
import { withoutHarm } from "../../support/server/without-harm.ts";
import { credentials, published } from "../../support/server/world.ts";

const usual = sharedSandbox();

const tokens = JSON.stringify(credentials).slice(1, -1);

const deepArray = "[".repeat(100_000) + "]".repeat(100_000);
const deepObject = `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`;
const add = `${tokens},"OriginalSender":"Guest"`;
const threads = `${tokens},"MessageThreadIds":["${published}"]`;

/** Bodies without anything that could be stored, each sent with and without an Idempotency-Key. */
const bodies: [name: string, operation: string, body: string, message: RegExp | 200][] = [
  ["a deep array", "messageThreads/add", deepArray, /^The body must be a JSON object/],
  ["a deep object", "messageThreads/add", deepObject, /^ClientToken is required/],
  [
    "a million open brackets",
    "messageThreads/add",
    "[".repeat(1_000_000),
    /^The body must not have more than 250000 values/,
  ],
  [
    "a million open braces",
    "messageThreads/add",
    '{"a":'.repeat(1_000_000),
    /^The body must not have more than 250000 values/,
  ],
  ["a deep token", "messageThreads/add", `{${tokens},"AccessToken":${deepArray}}`, /^AccessToken must be a string/],
  ["a deep subject", "messageThreads/add", `{${add},"Subject":${deepArray}}`, /^Subject must be|nested too deeply/],
  ["a deep message", "messages/add", `{${tokens},"Messages":[${deepObject}]}`, /^Messages\[0\]|nested too deeply/],
  ["deep messages", "messages/add", `{${tokens},"Messages":${deepArray}}`, /^Messages\[0\] must|nested too deeply/],
  ["a deep page", "messageThreads/getAll", `{${threads},"Limitation":${deepObject}}`, /^Limitation.Count is required/],
  ["a deep interval", "messageThreads/getAll", `{${threads},"CreatedUtc":${deepObject}}`, /^CreatedUtc.StartUtc is/],
  [
    "a deep identifier",
    "messageThreads/getAll",
    `{${tokens},"MessageThreadIds":${deepArray}}`,
    /^MessageThreadIds\[0\] /,
  ],
  ["a deep unknown property", "configuration/get", `{${tokens},"Unknown":${deepObject}}`, 200],
  ["a name of a million letters", "configuration/get", `{${tokens},"${"a".repeat(1_000_000)}":1}`, 200],
  ["a hundred thousand names", "configuration/get", `{${tokens}${names(100_000)}}`, 200],
  ["one name a hundred thousand times", "configuration/get", `{${tokens}${',"a":1'.repeat(100_000)}}`, 200],
  ["a duplicate token that is wrong", "messageThreads/add", `{${add},"AccessToken":"x"}`, /^The client token or/],
  ["a duplicate that is right", "configuration/get", `{"ClientToken":5,"Client":null,${tokens}}`, 200],
  [
    "a duplicate that is wrong",
    "messageThreads/add",
    `{${add},"Subject":"a","Subject":""}`,
    /^Subject must not be empty/,
  ],
  ["tokens in __proto__", "configuration/get", `{"__proto__":{${tokens}}}`, /^ClientToken is required/],
  ["filters in __proto__", "messageThreads/getAll", `{${tokens},"__proto__":{${threads}}}`, /^At least one of/],
  ["a subject in __proto__", "messageThreads/add", `{${add},"__proto__":{"Subject":"a"}}`, /^Subject is required/],
  ["a null __proto__", "configuration/get", `{${tokens},"__proto__":null}`, 200],
  ["a constructor's prototype", "configuration/get", `{${tokens},"constructor":{"prototype":{"polluted":1}}}`, 200],
  ["names of methods", "configuration/get", `{${tokens},"toString":1,"toJSON":1,"hasOwnProperty":1,"then":1}`, 200],
  ["a page of __proto__", "messageThreads/getAll", page('{"__proto__":{"Count":1}}'), /^Limitation.Count is required/],
  ["a count beyond every number", "messageThreads/getAll", page('{"Count":1e400}'), /^Limitation.Count must be/],
  ["a count below every number", "messageThreads/getAll", page('{"Count":-1e400}'), /^Limitation.Count must be/],
  ["a very large count", "messageThreads/getAll", page('{"Count":1e308}'), /^Limitation.Count must be/],
  ["a count of 2^64", "messageThreads/getAll", page('{"Count":18446744073709551616}'), /^Limitation.Count must be/],
  ["a very small count", "messageThreads/getAll", page('{"Count":1e-400}'), /^Limitation.Count must be/],
  [
    "a number of many digits",
    "messageThreads/getAll",
    page(`{"Count":${"9".repeat(100_000)}}`),
    /^Limitation.Count must/,
  ],
  ["an unknown number of many digits", "configuration/get", `{${tokens},"Unknown":${"9".repeat(100_000)}}`, 200],
  ["an infinite language", "configuration/get", `{${tokens},"LanguageCode":1e400}`, /^LanguageCode must be a string/],
  ["an infinite body", "configuration/get", "1e400", /^The body must be a JSON object/],
];

function page(limitation: string): string {
  return `{${threads},"Limitation":${limitation}}`;
}

function names(count: number): string {
  return Array.from({ length: count }, (_, index) => `,"name${index}":${index}`).join("");
}

for (const [name, operation, body, message] of bodies) {
  test(`a body with ${name} does no harm`, async () => {
    await withoutHarm(usual, async ({ send }) => {
      for (const headers of [{}, { "Idempotency-Key": name }]) {
        const answer = await send(operation, body, headers);
        if (message === 200) assert.equal(answer.status, 200, answer.text);
        else assert.match(answer.body.Message, message);
      }
      assert.equal("polluted" in {}, false);
    });
  });
}

test("a body nested too deeply to be compared is stored without an Idempotency-Key and refused with one", async (t) => {
  const { send } = await startSandbox(t);
  const body = `{${add},"Subject":"Stay","Unknown":${deepObject}}`;
  assert.equal((await send("messageThreads/add", body)).status, 200);
  const refused = await send("messageThreads/add", body, { "Idempotency-Key": "key" });
  assert.deepEqual([refused.status, /nested too deeply/.test(refused.body.Message)], [400, true]);
});

test("a retry is compared by __proto__ as by any other property", async (t) => {
  const { send } = await startSandbox(t);
  const headers = { "Idempotency-Key": "key" };
  const body = (proto: string) => `{${add},"Subject":"Stay","__proto__":${proto}}`;
  assert.equal((await send("messageThreads/add", body('{"a":1}'), headers)).status, 200);
  const again = await send("messageThreads/add", body('{"a":1}'), headers);
  assert.equal(again.headers.get("Idempotent-Replayed"), "true");
  assert.equal((await send("messageThreads/add", body('{"a":2}'), headers)).status, 400);
});

const tooMuch: [name: string, operation: string, body: string][] = [
  ["malformed identifiers", "messageThreads/getAll", `{${tokens},"MessageThreadIds":["x"${',"x"'.repeat(2_000_000)}]}`],
  ["empty messages", "messages/add", `{${tokens},"Messages":[{}${",{}".repeat(2_000_000)}]}`],
];

for (const [name, operation, body] of tooMuch) {
  test(`two million ${name} are refused`, async () => {
    await withoutHarm(usual, async ({ send }) => assert.equal((await send(operation, body)).status, 400));
  });
}
