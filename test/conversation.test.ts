import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { Flags } from "../src/config.ts";
import { demoTokens } from "../src/sandbox/demo-world.ts";
import { type Answer, type CallOptions, startSandbox, temporaryFolder } from "./support/server.ts";

const gross = "851df8c8-90f2-4c4a-8e01-a4fc46b25178";
const net = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const third = "4d0201db-36f5-428b-8d11-4f0a65e960cc";
const nobody = "00000000-0000-4000-8000-000000000000";
const guest = { OriginalSender: "Guest", Subject: "Stay" };
const atNet = {
  tokens: { ...demoTokens, AccessToken: "4D6C7ABE0E6A4681B0AFB16900AE5D86-DF50CBC89E1D4FF5859DDF021649ED5" },
};
const client2 = "E916C341431C4D28A866AD200152DBD3-A046EB5583FFBE94DE1172237763712";
const client2AtGross = {
  tokens: { ClientToken: client2, AccessToken: "CC150C355D6A4048A220AD20015483AB-B6D09C0C84B09538077CB8FFBB907B4" },
};
const client2AtNet = {
  tokens: { ClientToken: client2, AccessToken: "1AEFA58C55E74D65BDC7AD2001564C12-66633E0B736F523379B9E5966165A55" },
};

const start = Date.UTC(2026, 4, 5, 10);
const day = 86_400;

function utc(second: number): string {
  return new Date(start + second * 1000).toISOString().replace(".000", "");
}

/** A sandbox whose clock stands still unless `at` moves it. */
async function world(t: TestContext, flags: Flags = {}) {
  let now = start * 1000;
  const server = await startSandbox(t, flags, { clock: () => now });
  const { call, url } = server;

  async function addThread(properties: object = {}, options: CallOptions = {}): Promise<string> {
    const { status, text, body } = await call("messageThreads/add", { ...guest, ...properties }, options);
    assert.equal(status, 200, text);
    return body.MessageThreads[0]?.Id ?? "";
  }

  /** Sends one message to each of the threads, in one request. */
  function addTo(threadIds: readonly string[], options: CallOptions = {}): Promise<Answer> {
    const Messages = threadIds.map((MessageThreadId, index) => ({ MessageThreadId, Text: `Text ${index}` }));
    return call("messages/add", { Messages }, options);
  }

  async function thread(id: string) {
    const { body } = await call("messageThreads/getAll", { MessageThreadIds: [id] });
    const [found] = body.MessageThreads;
    assert.ok(found);
    return found;
  }

  async function messages(properties: object, options: CallOptions = {}): Promise<string[]> {
    const { status, text, body } = await call("messages/getAll", properties, options);
    assert.equal(status, 200, text);
    return body.Messages.map(({ Id }) => Id);
  }

  async function threads(options: CallOptions = {}): Promise<string[]> {
    const CreatedUtc = { StartUtc: utc(0), EndUtc: utc(80 * day) };
    const { body } = await call("messageThreads/getAll", { CreatedUtc }, options);
    return body.MessageThreads.map(({ Id }) => Id);
  }

  async function staff(action: "reply" | "resolve" | "reopen", MessageThreadId: string): Promise<string> {
    const answer = await fetch(`${url}/sandbox/v1/messageThreads/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ MessageThreadId, Text: "A reply" }),
    });
    assert.equal(answer.status, 200);
    return ((await answer.json()) as { Id: string }).Id;
  }

  const at = (second: number) => {
    now = (start + second * 1000) * 1000;
  };
  return { ...server, at, addThread, addTo, thread, threads, messages, staff };
}

const strangers: [name: string, owner: CallOptions, enterprise: string | undefined, stranger: CallOptions][] = [
  ["another client at the same enterprise", {}, gross, client2AtGross],
  ["another client at another enterprise", {}, gross, client2AtNet],
  ["the same client at another enterprise", {}, gross, atNet],
  ["a portfolio of another client", client2AtGross, undefined, {}],
];

for (const [name, owner, EnterpriseId, stranger] of strangers) {
  test(`a thread does not exist for ${name}`, async (t) => {
    const { call, addThread, addTo, threads, messages } = await world(t);
    const id = await addThread(EnterpriseId ? { EnterpriseId } : {}, owner);
    const written = await addTo([id], owner);
    const [message] = written.body.Messages.map(({ Message }) => Message.Id);
    assert.ok(message);

    const asked = { MessageThreadIds: [id] };
    assert.deepEqual((await call("messageThreads/getAll", asked, stranger)).body, { MessageThreads: [] });
    assert.deepEqual(await threads(stranger), []);
    assert.deepEqual(await messages(asked, stranger), []);
    assert.deepEqual(await messages({ MessageIds: [message] }, stranger), []);
    const [refused, unknown] = [await addTo([id], stranger), await addTo([nobody], stranger)];
    assert.deepEqual([refused.status, refused.body.Message], [400, unknown.body.Message]);
    for (const [operation, Cursor] of [
      ["messageThreads/getAll", id],
      ["messages/getAll", message],
    ] as const) {
      const answers = [Cursor, nobody].map((Cursor) =>
        call(operation, { ...asked, Limitation: { Count: 1, Cursor } }, stranger),
      );
      const [known, unknown] = await Promise.all(answers);
      assert.deepEqual([known?.status, known?.body.Message], [400, unknown?.body.Message]);
    }
    assert.deepEqual(await messages(asked, owner), [message]);
  });
}

test("every token of a client sees what the client created at the enterprises it covers", async (t) => {
  const { addThread, addTo, threads, messages } = await world(t);
  const byPortfolio = await addThread({ EnterpriseId: net });
  const byNet = await addThread({}, atNet);
  assert.deepEqual(await threads(atNet), [byNet, byPortfolio]);
  assert.deepEqual(await threads(), [byNet, byPortfolio]);
  const { status, body } = await addTo([byNet]);
  assert.equal(status, 200);
  const ids = body.Messages.map(({ Message }) => Message.Id);
  assert.deepEqual(await messages({ MessageIds: ids }, atNet), ids);
});

const places: [name: string, options: CallOptions, EnterpriseId: string | undefined, placed: string | undefined][] = [
  ["the primary enterprise of a portfolio", {}, undefined, gross],
  ["another enterprise of a portfolio", {}, third, third],
  ["an enterprise in capital letters", {}, net.toUpperCase(), net],
  ["the only enterprise of a token", atNet, undefined, net],
  ["the only enterprise of a token, named", atNet, net, net],
  ["an enterprise of the client outside the token's scope", atNet, gross, undefined],
  ["an enterprise outside the client's scope", client2AtGross, net, undefined],
  ["an unknown enterprise", {}, nobody, undefined],
];

for (const [name, options, EnterpriseId, placed] of places) {
  test(`a new thread ${placed ? "goes to" : "is refused for"} ${name}`, async (t) => {
    const { call, threads } = await world(t);
    const { status, body } = await call("messageThreads/add", { ...guest, EnterpriseId }, options);
    if (!placed) {
      assert.equal(status, 400);
      assert.match(body.Message, /^EnterpriseId is not /);
      assert.deepEqual(await threads(options), []);
      return;
    }
    const [thread] = body.MessageThreads;
    assert.ok(thread);
    const times = { CreatedUtc: utc(0), UpdatedUtc: utc(0) };
    assert.deepEqual(body, { MessageThreads: [{ Id: thread.Id, ...guest, ...times, IsResolved: false }] });
    const asked = { MessageThreadIds: [thread.Id], EnterpriseIds: [placed] };
    assert.deepEqual((await call("messageThreads/getAll", asked)).body.MessageThreads, [thread]);
  });
}

const badItems: [name: string, spoilt: object, message: string][] = [
  ["an unknown thread", { MessageThreadId: nobody }, ".MessageThreadId is not "],
  ["a malformed thread", { MessageThreadId: "x" }, ".MessageThreadId must be "],
  ["no thread", { MessageThreadId: undefined }, ".MessageThreadId is required"],
  ["blank text", { Text: " \n" }, ".Text must not be empty"],
  ["no text", { Text: undefined }, ".Text is required"],
  ["text that is a number", { Text: 5 }, ".Text must be a string"],
  ["an identifier that is a number", { Identifier: 5 }, ".Identifier must be a string"],
];

for (const [name, spoilt, message] of badItems) {
  test(`messages are added all or none: one with ${name} is named and nothing is stored`, async (t) => {
    const { at, call, addThread, thread, messages } = await world(t);
    const id = await addThread();
    at(5);
    const good = { MessageThreadId: id, Text: "Hello" };
    const { status, body } = await call("messages/add", { Messages: [good, good, { ...good, ...spoilt }, good] });
    assert.equal(status, 400);
    assert.ok(body.Message.startsWith(`Messages[2]${message}`), body.Message);
    assert.deepEqual(await messages({ MessageThreadIds: [id] }), []);
    assert.equal((await thread(id)).UpdatedUtc, utc(0));
  });
}

test("messages of one request must be 1 to 1000", async (t) => {
  const { call, addThread, messages } = await world(t);
  const id = await addThread();
  for (const [count, expected] of [
    [0, 400],
    [1000, 200],
    [1001, 400],
  ] as const) {
    const Messages = new Array(count).fill({ MessageThreadId: id, Text: "Hello" });
    assert.equal((await call("messages/add", { Messages })).status, expected);
  }
  assert.equal((await messages({ MessageThreadIds: [id] })).length, 1000);
});

test("messages are answered in the order sent, each with its Identifier or null", async (t) => {
  const { call, addThread } = await world(t);
  const [one, two] = [await addThread({ EnterpriseId: gross }), await addThread({ EnterpriseId: net })];
  const sent = [
    { MessageThreadId: two, Text: "First", Identifier: "Message 1" },
    { MessageThreadId: one, Text: "Second" },
    { MessageThreadId: two, Text: "Third", Identifier: null },
    { MessageThreadId: one, Text: "First", Identifier: "Message 1" },
    { MessageThreadId: one, Text: "Fifth", Identifier: "" },
  ];
  const { body } = await call("messages/add", { Messages: sent });
  const expected = sent.map(({ MessageThreadId, Text, Identifier = null }, index) => {
    const Id = body.Messages[index]?.Message.Id;
    const Sender = { Discriminator: "Application", Value: null };
    return { Identifier, Message: { Id, MessageThreadId, Text, Sender, CreatedUtc: utc(0) } };
  });
  assert.deepEqual(body, { Messages: expected });
  assert.equal(new Set(body.Messages.map(({ Message }) => Message.Id)).size, sent.length);
  const listed = await call("messages/getAll", { MessageThreadIds: [two] });
  assert.deepEqual(listed.body.Messages, [expected[2]?.Message, expected[0]?.Message]);
});

test("a message of the application moves UpdatedUtc and opens a resolved thread again", async (t) => {
  const { at, addThread, addTo, staff, thread } = await world(t);
  const [id, other] = [await addThread(), await addThread()];
  at(10);
  await addTo([id]);
  assert.deepEqual([(await thread(id)).UpdatedUtc, (await thread(id)).CreatedUtc], [utc(10), utc(0)]);
  at(20);
  await staff("resolve", id);
  at(30);
  await addTo([id]);
  const { UpdatedUtc, IsResolved } = await thread(id);
  assert.deepEqual([UpdatedUtc, IsResolved], [utc(30), false]);
  assert.equal((await thread(other)).UpdatedUtc, utc(0));
});

test("a reply of the staff moves UpdatedUtc and leaves the thread open or resolved", async (t) => {
  const { at, call, addThread, staff, thread } = await world(t);
  const id = await addThread();
  at(10);
  const reply = await staff("reply", id);
  assert.deepEqual([(await thread(id)).UpdatedUtc, (await thread(id)).IsResolved], [utc(10), false]);
  at(20);
  await staff("resolve", id);
  at(30);
  await staff("reply", id);
  assert.deepEqual([(await thread(id)).UpdatedUtc, (await thread(id)).IsResolved], [utc(30), true]);
  const { body } = await call("messages/getAll", { MessageIds: [reply] });
  const Sender = { Discriminator: "Enterprise", Value: null };
  assert.deepEqual(body.Messages, [{ Id: reply, MessageThreadId: id, Text: "A reply", Sender, CreatedUtc: utc(10) }]);
});

test("resolving and reopening move UpdatedUtc", async (t) => {
  const { at, addThread, staff, thread } = await world(t);
  const id = await addThread();
  for (const [second, action, isResolved] of [
    [10, "resolve", true],
    [20, "reopen", false],
  ] as const) {
    at(second);
    await staff(action, id);
    const { UpdatedUtc, CreatedUtc, IsResolved } = await thread(id);
    assert.deepEqual([CreatedUtc, UpdatedUtc, IsResolved], [utc(0), utc(second), isResolved]);
  }
});

test("a message can be fetched by its id alone, and by its thread as well", async (t) => {
  const { addThread, addTo, messages } = await world(t);
  const [one, two] = [await addThread(), await addThread({ EnterpriseId: net })];
  const { body } = await addTo([one, two]);
  const [inOne = "", inTwo = ""] = body.Messages.map(({ Message }) => Message.Id);
  assert.deepEqual(await messages({ MessageIds: [inTwo] }), [inTwo]);
  assert.deepEqual(await messages({ MessageIds: [inOne, inTwo, nobody] }), [inTwo, inOne]);
  assert.deepEqual(await messages({ MessageIds: [inOne, inTwo], MessageThreadIds: [one] }), [inOne]);
  assert.deepEqual(await messages({ MessageIds: [inTwo], MessageThreadIds: [one] }), []);
  assert.deepEqual(await messages({ MessageIds: [inOne] }, atNet), []);
});

test("the configuration is that of the primary enterprise or of one in scope", async (t) => {
  const { call } = await world(t);
  const portfolio = await call("configuration/get");
  assert.deepEqual(portfolio.body, {
    NowUtc: utc(0),
    Enterprise: {
      Id: gross,
      Name: "Gross",
      TimeZoneIdentifier: "Europe/Budapest",
      DefaultLanguageCode: "en-US",
      CreatedUtc: "2015-07-07T13:33:17Z",
      UpdatedUtc: "2015-07-07T13:33:17Z",
      IsPortfolio: true,
    },
  });
  const cases: [options: CallOptions, EnterpriseId: string | undefined, name: string, isPortfolio: boolean][] = [
    [{}, third, "Third", false],
    [atNet, undefined, "Net", false],
    [atNet, net, "Net", false],
    [client2AtGross, undefined, "Gross", false],
  ];
  for (const [options, EnterpriseId, name, isPortfolio] of cases) {
    const { body } = await call("configuration/get", { EnterpriseId }, options);
    assert.deepEqual([body.Enterprise.Name, body.Enterprise.IsPortfolio], [name, isPortfolio]);
  }
  for (const EnterpriseId of [gross, nobody]) {
    const { status, body } = await call("configuration/get", { EnterpriseId }, atNet);
    assert.equal(status, 400);
    assert.match(body.Message, /^EnterpriseId is not /);
  }
});

test("the enterprises are those of the token's scope, under the same filters as other lists", async (t) => {
  const { call } = await world(t);
  const names = async (properties: object, options: CallOptions = {}) => {
    const { status, text, body } = await call("enterprises/getAll", properties, options);
    assert.equal(status, 200, text);
    return body.Enterprises.map(({ Name }) => Name);
  };
  const linked = { StartUtc: "2022-02-15T10:00:00Z", EndUtc: "2022-02-15T10:00:00Z" };
  const earlier = { StartUtc: "2022-01-01T00:00:00Z", EndUtc: "2022-02-15T10:00:00Z" };
  assert.deepEqual(await names({}), ["Third", "Net", "Gross"]);
  assert.deepEqual(await names({}, atNet), ["Net"]);
  assert.deepEqual(await names({ LinkedUtc: linked }), ["Third", "Net", "Gross"]);
  assert.deepEqual(await names({ LinkedUtc: earlier }), []);
  assert.deepEqual(await names({ UpdatedUtc: earlier }), ["Third"]);
  assert.deepEqual(await names({ UpdatedUtc: earlier, EnterpriseIds: [net] }), []);
  assert.deepEqual(await names({ ExternalIdentifiers: ["Enterprise2023"] }), []);
});

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
  ["a property nobody knows", sent.replace('"CultureCode"', '"Unknown":1,"CultureCode"')],
];

for (const [name, body] of [...sameBodies, ...otherBodies]) {
  const isSame = sameBodies.some(([same]) => same === name);
  test(`an Idempotency-Key with ${name} ${isSame ? "is a retry" : "is refused, and nothing is added"}`, async (t) => {
    const { send, addThread, messages } = await world(t);
    const id = await addThread({ EnterpriseId: net });
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
  const database = `sqlite:${join(temporaryFolder(t), "innbox.db")}`;
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
