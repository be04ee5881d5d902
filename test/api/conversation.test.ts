import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallOptions } from "../support/server/server.ts";
import {
  atNet,
  client2AtGross,
  client2AtNet,
  everything,
  gross,
  guest,
  net,
  nobody,
  third,
  utc,
  world,
} from "../support/server/world.ts";

const strangers: [name: string, owner: CallOptions, enterprise: string | undefined, stranger: CallOptions][] = [
  ["another client at the same enterprise", {}, gross, client2AtGross],
  ["another client at another enterprise", {}, gross, client2AtNet],
  ["the same client at another enterprise", {}, gross, atNet],
  ["a portfolio of another client", client2AtGross, undefined, {}],
];

for (const [name, owner, EnterpriseId, stranger] of strangers) {
  test(`a thread does not exist for ${name}`, async (t) => {
    const { call, addThread, addTo, threads, messages } = await world(t);
    const id = await addThread(EnterpriseId, owner);
    const written = await addTo([id], owner);
    const [message] = written.body.Messages.map(({ Message }) => Message.Id);
    assert.ok(message);

    const asked = { MessageThreadIds: [id] };
    assert.deepEqual((await call("messageThreads/getAll", asked, stranger)).body, { MessageThreads: [] });
    assert.deepEqual(await threads(everything, stranger), []);
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
  const byPortfolio = await addThread(net);
  const byNet = await addThread(undefined, atNet);
  assert.deepEqual(await threads(everything, atNet), [byNet, byPortfolio]);
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
      assert.deepEqual(await threads(everything, options), []);
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
  const [one, two] = [await addThread(gross), await addThread(net)];
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
  const [one, two] = [await addThread(), await addThread(net)];
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
