import assert from "node:assert/strict";
import { test } from "node:test";
import { demoTokens } from "../../../src/sandbox/demo/demo-world.ts";
import { openDatabase } from "../../../src/store/store.ts";
import { inSql } from "../../support/database/in-sql.ts";
import { stored } from "../../support/database/stored.ts";
import type { Answer } from "../../support/server/answer.ts";
import type { CallOptions } from "../../support/server/server.ts";
import { engineDatabase } from "../../support/server/server.ts";
import {
  atNet,
  client2AtGross,
  client2AtNet,
  day,
  gross,
  guest,
  net,
  nobody,
  utc,
  world,
} from "../../support/server/world.ts";

/** The same request again and again, but for what is said otherwise. */
function withKey(key: string, options: CallOptions = {}): CallOptions {
  return { ...options, headers: { "Idempotency-Key": key } };
}

function isReplayed({ headers }: Answer): boolean {
  const replayed = headers.get("Idempotent-Replayed");
  assert.ok(replayed === null || replayed === "true");
  return replayed === "true";
}

test("a retry with the same Idempotency-Key answers the first thread again and adds none", async (t) => {
  const { at, call, threads } = await world(t);
  const first = await call("messageThreads/add", guest, withKey("key"));
  at(100);
  const again = await call("messageThreads/add", guest, withKey("key"));
  assert.deepEqual([first.status, isReplayed(first)], [200, false]);
  assert.deepEqual([again.status, isReplayed(again), again.text], [200, true, first.text]);
  assert.notEqual(again.headers.get("Request-Id"), first.headers.get("Request-Id"));
  assert.deepEqual(await threads(), [first.body.MessageThreads[0]?.Id]);
  const other = await call("messageThreads/add", guest, withKey("KEY"));
  assert.deepEqual([isReplayed(other), (await threads()).length], [false, 2]);
  const none = await call("messageThreads/add", guest);
  assert.deepEqual([isReplayed(none), (await threads()).length], [false, 3]);
});

test("a retry of messages answers the first ones again and changes nothing since", async (t) => {
  const { at, addThread, addTo, staff, thread, messages } = await world(t);
  const id = await addThread();
  const first = await addTo([id, id], withKey("key"));
  at(100);
  await staff("resolve", id);
  at(200);
  const again = await addTo([id, id], withKey("key"));
  assert.deepEqual([isReplayed(first), isReplayed(again), again.text], [false, true, first.text]);
  assert.equal((await messages({ MessageThreadIds: [id] })).length, 2);
  const { IsResolved, UpdatedUtc } = await thread(id);
  assert.deepEqual([IsResolved, UpdatedUtc], [true, utc(100)]);
});

const credentials = '"ClientToken":"CT","AccessToken":"AT","Client":"Test"';
const message = '{"MessageThreadId":"ID","Text":"Hello","Identifier":"1"}';
const sent = `{${credentials},"Messages":[${message}],"CultureCode":"cs"}`;
const sameBodies: [name: string, body: string][] = [
  ["the same bytes", sent],
  ["its properties in another order", `{"CultureCode":"cs","Messages":[${message}],${credentials}}`],
  [
    "inner properties in another order",
    sent.replace('"Text":"Hello","Identifier":"1"', '"Identifier":"1","Text":"Hello"'),
  ],
  ["other white space", sent.replaceAll(",", ",\n  ").replaceAll(":", " : ")],
  ["other escapes", sent.replace("Hello", "\\u0048ello")],
  ["another Client", sent.replace('"Test"', '"Test 2.0.0"')],
  ["another access token of the client", sent.replace("AT", atNet.tokens.AccessToken)],
];
const otherBodies: [name: string, body: string][] = [
  ["another text", sent.replace("Hello", "Hello!")],
  ["text in another letter case", sent.replace("Hello", "hello")],
  ["one message more", sent.replace(message, `${message},${message}`)],
  ["one property less", sent.replace(',"CultureCode":"cs"', "")],
  ["an unknown field", sent.replace('"CultureCode"', '"Unknown":1,"CultureCode"')],
];

for (const [name, body] of [...sameBodies, ...otherBodies]) {
  const isSame = sameBodies.some(([same]) => same === name);
  test(`an Idempotency-Key with ${name} ${isSame ? "is a retry" : "is refused, and nothing is added"}`, async (t) => {
    const { send, addThread, messages } = await world(t);
    const id = await addThread(net);
    const filledIn = (text: string) =>
      text.replaceAll("ID", id).replace("CT", demoTokens.ClientToken).replace("AT", demoTokens.AccessToken);
    const first = await send("messages/add", filledIn(sent), { "Idempotency-Key": "key" });
    assert.equal(first.status, 200);
    const again = await send("messages/add", filledIn(body), { "Idempotency-Key": "key" });
    assert.deepEqual([again.status, isReplayed(again)], isSame ? [200, true] : [400, false]);
    if (isSame) assert.equal(again.text, first.text);
    else assert.match(again.body.Message, /^Idempotency-Key /);
    assert.equal((await messages({ MessageThreadIds: [id] })).length, 1);
  });
}

test("each operation, each client and each enterprise has keys of its own", async (t) => {
  const { call, addTo } = await world(t);
  const added = await Promise.all([
    call("messageThreads/add", guest, withKey("key")),
    call("messageThreads/add", { ...guest, EnterpriseId: net }, withKey("key")),
    call("messageThreads/add", guest, withKey("key", client2AtGross)),
    call("messageThreads/add", guest, withKey("key", client2AtNet)),
  ]);
  const ids = added.map(({ body }) => body.MessageThreads[0]?.Id ?? "");
  const [first = "", second = ""] = ids;
  const answers = [...added, await addTo([first], withKey("key")), await addTo([second], withKey("key"))];
  for (const answer of answers) assert.deepEqual([answer.status, isReplayed(answer)], [200, false]);
  assert.equal(new Set(ids).size, 4);
  assert.equal(isReplayed(await addTo([second], withKey("key"))), true);
});

test("an answer that was an error is not remembered", async (t) => {
  const { at, call, addThread, addTo } = await world(t);
  assert.equal((await call("messageThreads/add", { ...guest, Subject: "" }, withKey("key"))).status, 400);
  const added = await call("messageThreads/add", guest, withKey("key"));
  assert.deepEqual([added.status, isReplayed(added)], [200, false]);
  assert.equal((await addTo([await addThread(), nobody], withKey("other"))).status, 400);
  at(1);
  const written = await addTo([await addThread()], withKey("other"));
  assert.deepEqual([written.status, isReplayed(written)], [200, false]);
  const refused = await call("messageThreads/add", { ...guest, Subject: "Other" }, withKey("key"));
  assert.equal(refused.status, 400);
  assert.equal(isReplayed(await call("messageThreads/add", guest, withKey("key"))), true);
});

for (const [name, key, status] of [
  ["no characters", "", 400],
  ["white space alone", "  \t ", 400],
  ["1 character", "k", 200],
  ["255 characters", "k".repeat(255), 200],
  ["256 characters", "k".repeat(256), 400],
] as const) {
  test(`an Idempotency-Key of ${name} is ${status === 200 ? "fine" : "refused"}`, async (t) => {
    const { call, threads } = await world(t);
    const { body, ...answer } = await call("messageThreads/add", guest, withKey(key));
    assert.equal(answer.status, status);
    if (status === 400) assert.match(body.Message, /^Idempotency-Key must have 1 to 255 characters/);
    assert.equal((await threads()).length, status === 200 ? 1 : 0);
  });
}

test("reading takes no notice of an Idempotency-Key", async (t) => {
  const { call } = await world(t);
  for (const EnterpriseId of [gross, net]) {
    const answer = await call("configuration/get", { EnterpriseId }, withKey("key"));
    assert.deepEqual([answer.status, isReplayed(answer)], [200, false]);
  }
  assert.equal((await call("configuration/get", {}, withKey(""))).status, 200);
});

test("an Idempotency-Key does not stand in for the tokens", async (t) => {
  const { call } = await world(t);
  await call("messageThreads/add", guest, withKey("key"));
  const tokens = { ...demoTokens, AccessToken: "unknown" };
  assert.equal((await call("messageThreads/add", guest, withKey("key", { tokens }))).status, 401);
});

test("an Idempotency-Key is forgotten 24 hours after its first use, however often it is used", async (t) => {
  const { at, call, threads } = await world(t);
  const add = (Subject: string) => call("messageThreads/add", { ...guest, Subject }, withKey("key"));
  const first = await add("First");
  for (const second of [day / 2, day - 1]) {
    at(second);
    assert.equal((await add("First")).text, first.text);
    assert.equal((await add("Second")).status, 400);
  }
  at(day + 1);
  const second = await add("Second");
  assert.deepEqual([second.status, isReplayed(second)], [200, false]);
  at(2 * day);
  assert.equal((await add("Second")).text, second.text);
  assert.equal((await add("First")).status, 400);
  assert.equal((await threads()).length, 2);
});

test("an Idempotency-Key survives a restart", async (t) => {
  const database = await engineDatabase(t);
  let first = "";
  await t.test("before", async (t) => {
    const { call } = await world(t, { database });
    first = (await call("messageThreads/add", guest, withKey("key"))).text;
  });
  await t.test("after", async (t) => {
    const { call, threads } = await world(t, { database });
    const again = await call("messageThreads/add", guest, withKey("key"));
    assert.deepEqual([isReplayed(again), again.text], [true, first]);
    assert.equal((await call("messageThreads/add", { ...guest, Subject: "Other" }, withKey("key"))).status, 400);
    assert.equal((await threads()).length, 1);
  });
});

test("answers are kept whole, so that servers of two versions on one database repeat each other's", async (t) => {
  const database = await engineDatabase(t);
  const { call, addThread } = await world(t, { database });
  const id = await addThread();
  const addition = {
    Messages: [
      { MessageThreadId: id, Text: "One", Identifier: '"1"' },
      { MessageThreadId: id, Text: "Two" },
    ],
  };
  const opened = await call("messageThreads/add", guest, withKey("key"));
  const added = await call("messages/add", addition, withKey("key"));
  const kept = await stored<{ answer: string }>(database, "SELECT answer FROM idempotency_key ORDER BY operation");
  assert.deepEqual(
    kept.map(({ answer }) => answer),
    [opened.text, added.text],
  );

  const db = openDatabase(database);
  t.after(() => db.close());
  await db.transaction((transaction) => transaction.run(...inSql("UPDATE idempotency_key SET answer = ' ' || answer")));
  const openedAgain = await call("messageThreads/add", guest, withKey("key"));
  assert.deepEqual([isReplayed(openedAgain), openedAgain.text], [true, ` ${opened.text}`]);
  const addedAgain = await call("messages/add", addition, withKey("key"));
  assert.deepEqual([isReplayed(addedAgain), addedAgain.text], [true, ` ${added.text}`]);
});

test("of many requests with one Idempotency-Key at once, one adds and all answer the same", async (t) => {
  const { call, addThread, addTo, threads, messages } = await world(t);
  const id = await addThread();
  const many = <T>(ask: () => Promise<T>) => Promise.all(Array.from({ length: 20 }, ask));
  const added = await many(() => call("messageThreads/add", guest, withKey("key")));
  const written = await many(() => addTo([id], withKey("key")));
  for (const answers of [added, written]) {
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
    assert.equal(answers.filter((answer) => !isReplayed(answer)).length, 1);
  }
  assert.equal((await threads()).length, 2);
  assert.equal((await messages({ MessageThreadIds: [id] })).length, 1);
});
