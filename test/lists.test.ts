import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { demoTokens } from "../src/sandbox/demo-world.ts";
import { type CallOptions, startSandbox } from "./support/server.ts";

const gross = "851df8c8-90f2-4c4a-8e01-a4fc46b25178";
const net = "3fa85f64-5717-4562-b3fc-2c963f66afa6";
const third = "4d0201db-36f5-428b-8d11-4f0a65e960cc";
const nobody = "00000000-0000-4000-8000-000000000000";
const publishedThread = "8d02142f-31cf-4115-90bf-ae5200c7a1ba";
const publishedMessage = "4bfe4675-98a9-4428-9ea9-ae5300dbaa93";
const atNet = {
  tokens: { ...demoTokens, AccessToken: "4D6C7ABE0E6A4681B0AFB16900AE5D86-DF50CBC89E1D4FF5859DDF021649ED5" },
};
const client2 = {
  tokens: {
    ClientToken: "E916C341431C4D28A866AD200152DBD3-A046EB5583FFBE94DE1172237763712",
    AccessToken: "CC150C355D6A4048A220AD20015483AB-B6D09C0C84B09538077CB8FFBB907B4",
  },
};

const start = Date.UTC(2026, 4, 5, 10);

/** The moment so many seconds after the start of a test's world. */
function utc(second: number): string {
  return new Date(start + second * 1000).toISOString();
}

function between(from: number, to: number) {
  return { StartUtc: utc(from), EndUtc: utc(to) };
}

/** Everything that a test's world adds, and nothing of the published history. */
const everything = { CreatedUtc: between(0, 86_400) };

/** A sandbox whose clock stands still unless `at` moves it. */
async function world(t: TestContext) {
  let now = start * 1000;
  const server = await startSandbox(t, {}, { clock: () => now });
  const { call, url } = server;

  async function addThread(EnterpriseId = gross, options: CallOptions = {}): Promise<string> {
    const asked = { OriginalSender: "Guest", Subject: "Stay", EnterpriseId };
    const { status, text, body } = await call("messageThreads/add", asked, options);
    assert.equal(status, 200, text);
    return body.MessageThreads[0]?.Id ?? "";
  }

  /** Adds one message to each of the threads, in one request, and answers their ids. */
  async function addMessages(...threadIds: string[]): Promise<string[]> {
    const Messages = threadIds.map((MessageThreadId) => ({ MessageThreadId, Text: "Hello" }));
    const { status, text, body } = await call("messages/add", { Messages });
    assert.equal(status, 200, text);
    return body.Messages.map(({ Message }) => Message.Id);
  }

  async function threads(properties: object, options: CallOptions = {}): Promise<string[]> {
    const { status, text, body } = await call("messageThreads/getAll", properties, options);
    assert.equal(status, 200, text);
    return body.MessageThreads.map(({ Id }) => Id);
  }

  async function messages(properties: object): Promise<string[]> {
    const { status, text, body } = await call("messages/getAll", properties);
    assert.equal(status, 200, text);
    return body.Messages.map(({ Id }) => Id);
  }

  async function staff(action: "reply" | "resolve" | "reopen", MessageThreadId: string): Promise<void> {
    const { status } = await fetch(`${url}/sandbox/v1/messageThreads/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ MessageThreadId, Text: "Hello" }),
    });
    assert.equal(status, 200);
  }

  const at = (second: number) => {
    now = Math.round((start + second * 1000) * 1000);
  };
  return { ...server, at, addThread, addMessages, threads, messages, staff };
}

const ends: [name: string, from: number, to: number, isFound: boolean][] = [
  ["the start is part of it", 5, 6, true],
  ["the end is no part of it", 4, 5, false],
  ["what lies within is part of it", 4, 6, true],
  ["equal ends are that one second", 5, 5, true],
  ["equal ends are not the second before", 4, 4, false],
  ["equal ends are not the second after", 6, 6, false],
  ["times count in whole seconds, so half a second is no start", 5.5, 6, false],
  ["times count in whole seconds, so half a second is an end", 5, 5.5, true],
  ["times count in whole seconds, so nothing equals half a second", 5.75, 5.75, false],
];

for (const [name, from, to, isFound] of ends) {
  test(`of an interval, ${name}`, async (t) => {
    const { at, addThread, addMessages, threads, messages } = await world(t);
    at(5.75);
    const thread = await addThread();
    assert.deepEqual(await threads({ CreatedUtc: between(from, to) }), isFound ? [thread] : []);
    assert.deepEqual(await threads({ UpdatedUtc: between(from, to) }), isFound ? [thread] : []);
    const [message] = await addMessages(thread);
    const found = await messages({ MessageThreadIds: [thread], CreatedUtc: between(from, to) });
    assert.deepEqual(found, isFound ? [message] : []);
  });
}

const noIntervals: [name: string, interval: unknown, message: RegExp][] = [
  ["without a start", { EndUtc: utc(0) }, /^\w+\.StartUtc is required/],
  ["without an end", { StartUtc: utc(0) }, /^\w+\.EndUtc is required/],
  ["that starts after its end", between(1, 0), /^\w+\.StartUtc must not be after \w+\.EndUtc/],
  ["that is empty", {}, /^\w+\.StartUtc is required/],
  ["that is an array", [utc(0), utc(1)], /^\w+ must be an object/],
  ["that is a string", `${utc(0)}/${utc(1)}`, /^\w+ must be an object/],
];

const intervals: [operation: string, property: string, longest: string, others: object][] = [
  ["messageThreads/getAll", "CreatedUtc", "3 months", {}],
  ["messageThreads/getAll", "UpdatedUtc", "3 months", {}],
  ["enterprises/getAll", "LinkedUtc", "3 months", {}],
  ["enterprises/getAll", "UpdatedUtc", "3 months", {}],
  ["messages/getAll", "CreatedUtc", "1 month", { MessageThreadIds: [publishedThread] }],
];

for (const [name, interval, message] of noIntervals) {
  test(`an interval ${name} is refused`, async (t) => {
    const { call } = await world(t);
    for (const [operation, property, , others] of intervals) {
      const { status, body } = await call(operation, { ...others, [property]: interval });
      assert.equal(status, 400);
      assert.match(body.Message, message);
      assert.ok(body.Message.startsWith(property));
    }
  });
}

/** The last end that is let in: calendar months, clamped to the end of a month, and a day of grace. */
const longest: [months: string, from: string, last: string][] = [
  ["3 months", "2022-01-15T00:00:00Z", "2022-04-16T00:00:00Z"],
  ["3 months", "2022-01-15T07:08:09Z", "2022-04-16T07:08:09Z"],
  ["3 months", "2022-11-30T00:00:00Z", "2023-03-01T00:00:00Z"],
  ["3 months", "2023-11-30T00:00:00Z", "2024-03-01T00:00:00Z"],
  ["3 months", "2022-11-28T00:00:00Z", "2023-03-01T00:00:00Z"],
  ["3 months", "2022-12-31T12:00:00Z", "2023-04-01T12:00:00Z"],
  ["3 months", "2024-02-29T00:00:00Z", "2024-05-30T00:00:00Z"],
  ["3 months", "2021-10-31T23:59:59Z", "2022-02-01T23:59:59Z"],
  ["3 months", "2022-12-01T01:00:00+02:00", "2023-03-01T23:00:00Z"],
  ["1 month", "2022-04-15T00:00:00Z", "2022-05-16T00:00:00Z"],
  ["1 month", "2022-01-31T00:00:00Z", "2022-03-01T00:00:00Z"],
  ["1 month", "2024-01-31T00:00:00Z", "2024-03-01T00:00:00Z"],
  ["1 month", "2024-01-28T00:00:00Z", "2024-02-29T00:00:00Z"],
  ["1 month", "2022-12-31T00:00:00Z", "2023-02-01T00:00:00Z"],
];

for (const [months, from, last] of longest) {
  test(`an interval of at most ${months} from ${from} may end by ${last}`, async (t) => {
    const { call } = await world(t);
    for (const [operation, property, limit, others] of intervals.filter(([, , limit]) => limit === months)) {
      const until = (EndUtc: string) => call(operation, { ...others, [property]: { StartUtc: from, EndUtc } });
      assert.equal((await until(last)).status, 200);
      for (const later of [last.replace("Z", ".000001Z"), last.replace(/\d\dZ$/, (s) => next(s))]) {
        const { status, body } = await until(later);
        assert.equal(status, 400, later);
        assert.equal(body.Message, `${property} must not be longer than ${limit}.`);
      }
    }
  });
}

/** The second after `00Z`, `09Z` or `59Z`; the last of a minute becomes a fraction, which is later too. */
function next(second: string): string {
  return second === "59Z" ? "59.9Z" : `${String(Number(second.slice(0, 2)) + 1).padStart(2, "0")}Z`;
}

test("slices of 90 days are let in whenever they start", async (t) => {
  const { call } = await world(t);
  const day = 86_400_000;
  for (let from = Date.UTC(2023, 0, 1); from < Date.UTC(2024, 2, 2); from += 5 * day) {
    const CreatedUtc = { StartUtc: new Date(from).toISOString(), EndUtc: new Date(from + 90 * day).toISOString() };
    assert.equal((await call("messageThreads/getAll", { CreatedUtc })).status, 200, CreatedUtc.StartUtc);
  }
});

test("pages follow each other from the newest to the oldest, and Cursor is the last of each", async (t) => {
  const { call, at, addThread } = await world(t);
  const added: string[] = [];
  for (let second = 0; second < 7; second++) {
    at(second);
    added.unshift(await addThread([gross, net, third][second % 3]));
  }
  const pages: [Count: number, Cursor: string | undefined, page: string[]][] = [
    [3, undefined, added.slice(0, 3)],
    [3, added[2], added.slice(3, 6)],
    [3, added[5], added.slice(6)],
    [3, added[6], []],
    [7, undefined, added],
    [1000, undefined, added],
  ];
  for (const [Count, Cursor, page] of pages) {
    const asked = { ...everything, Limitation: { Count, Cursor } };
    const { body } = await call("messageThreads/getAll", asked);
    assert.deepEqual(Object.keys(body), ["MessageThreads", "Cursor"]);
    assert.deepEqual(
      body.MessageThreads.map(({ Id }) => Id),
      page,
    );
    assert.equal(body.Cursor, page.at(-1) ?? null);
  }
  const { body } = await call("messageThreads/getAll", everything);
  assert.deepEqual(Object.keys(body), ["MessageThreads"]);
});

test("pages of enterprises go from the newest to the oldest", async (t) => {
  const { call } = await world(t);
  const first = await call("enterprises/getAll", { Limitation: { Count: 2 } });
  assert.deepEqual(
    first.body.Enterprises.map(({ Name }) => Name),
    ["Third", "Net"],
  );
  assert.equal(first.body.Cursor, net);
  const second = await call("enterprises/getAll", { Limitation: { Count: 2, Cursor: first.body.Cursor } });
  assert.deepEqual(
    second.body.Enterprises.map(({ Name }) => Name),
    ["Gross"],
  );
  const none = await call("enterprises/getAll", { Limitation: { Count: 2, Cursor: gross } });
  assert.deepEqual(none.body, { Enterprises: [], Cursor: null });
  assert.deepEqual(Object.keys((await call("enterprises/getAll")).body), ["Enterprises"]);
});

test("a cursor must be one of the caller's own items of that kind", async (t) => {
  const { call, addThread } = await world(t);
  const mine = await addThread(gross);
  const theirs = await addThread(gross, client2);
  const refused: [operation: string, Cursor: string, properties: object, options?: CallOptions][] = [
    ["messageThreads/getAll", nobody, everything],
    ["messageThreads/getAll", theirs, everything],
    ["messageThreads/getAll", publishedMessage, everything],
    ["messageThreads/getAll", mine, everything, atNet],
    ["messageThreads/getAll", net, everything],
    ["messages/getAll", nobody, { MessageThreadIds: [publishedThread] }],
    ["messages/getAll", publishedThread, { MessageThreadIds: [publishedThread] }],
    ["messages/getAll", publishedMessage, { MessageThreadIds: [theirs] }, client2],
    ["enterprises/getAll", mine, {}],
    ["enterprises/getAll", gross, {}, atNet],
  ];
  for (const [operation, Cursor, properties, options] of refused) {
    const { status, body } = await call(operation, { ...properties, Limitation: { Count: 10, Cursor } }, options);
    assert.equal(status, 400, `${operation} from ${Cursor}`);
    assert.match(body.Message, /^Limitation\.Cursor is not /);
  }
});

test("a cursor that the filters leave out still marks its place", async (t) => {
  const { at, addThread, addMessages, threads, messages } = await world(t);
  const added: string[] = [];
  for (let second = 0; second < 5; second++) {
    at(second);
    added.push(await addThread(second % 2 === 0 ? gross : net));
  }
  const [zero = "", one = "", two = "", three = "", four = ""] = added;
  const from = (Cursor: string) => ({ Limitation: { Count: 10, Cursor } });
  const cases: [properties: object, found: string[]][] = [
    [{ CreatedUtc: between(0, 3), ...from(four) }, [two, one, zero]],
    [{ CreatedUtc: between(2, 5), ...from(one) }, []],
    [{ ...everything, EnterpriseIds: [net], ...from(two) }, [one]],
    [{ ...everything, EnterpriseIds: [third], ...from(two) }, []],
    [{ MessageThreadIds: [zero, three, four], ...from(two) }, [zero]],
    [{ UpdatedUtc: between(0, 2), ...from(three) }, [one, zero]],
  ];
  for (const [properties, found] of cases) assert.deepEqual(await threads(properties), found);

  const written: string[] = [];
  for (const [index, thread] of [zero, one, zero, one].entries()) {
    at(10 + index);
    written.push(...(await addMessages(thread)));
  }
  const [first = "", second = "", later = ""] = written;
  assert.deepEqual(await messages({ MessageThreadIds: [one], ...from(later) }), [second]);
  assert.deepEqual(await messages({ MessageIds: [first, later], ...from(second) }), [first]);
});

test("all filters hold together", async (t) => {
  const { at, addThread, addMessages, threads, messages } = await world(t);
  const early = await addThread(gross);
  const elsewhere = await addThread(net);
  at(100);
  const late = await addThread(gross);
  at(200);
  const [toEarly = "", toElsewhere = ""] = await addMessages(early, elsewhere);
  const cases: [properties: object, found: string[]][] = [
    [{ MessageThreadIds: [early, late], CreatedUtc: between(0, 50) }, [early]],
    [{ MessageThreadIds: [late], CreatedUtc: between(0, 50) }, []],
    [{ UpdatedUtc: between(200, 201), CreatedUtc: between(0, 50), EnterpriseIds: [gross] }, [early]],
    [{ UpdatedUtc: between(0, 150), CreatedUtc: between(0, 150) }, [late]],
    [{ UpdatedUtc: between(100, 201), MessageThreadIds: [early, late], EnterpriseIds: [gross] }, [late, early]],
    [{ MessageThreadIds: [early, elsewhere], EnterpriseIds: [net] }, [elsewhere]],
  ];
  for (const [properties, found] of cases) assert.deepEqual(await threads(properties), found);

  assert.deepEqual(await messages({ MessageIds: [toEarly, toElsewhere], MessageThreadIds: [elsewhere] }), [
    toElsewhere,
  ]);
  assert.deepEqual(await messages({ MessageIds: [toEarly, toElsewhere], EnterpriseIds: [gross] }), [toEarly]);
  assert.deepEqual(await messages({ MessageThreadIds: [early, elsewhere], EnterpriseIds: [net] }), [toElsewhere]);
  assert.deepEqual(await messages({ MessageIds: [toEarly], CreatedUtc: between(0, 200) }), []);
  assert.deepEqual(await messages({ MessageIds: [toEarly], CreatedUtc: between(0, 201) }), [toEarly]);
});

test("repeated ids answer once, in any letter case, and unknown ones not at all", async (t) => {
  const { threads, messages } = await world(t);
  const threadIds = [nobody, publishedThread, publishedThread.toUpperCase(), publishedThread, publishedMessage];
  const messageIds = [publishedMessage, publishedMessage.toUpperCase(), nobody, publishedThread];
  assert.deepEqual(await threads({ MessageThreadIds: threadIds }), [publishedThread]);
  assert.deepEqual(await messages({ MessageThreadIds: threadIds }), [publishedMessage]);
  assert.deepEqual(await messages({ MessageIds: messageIds }), [publishedMessage]);
  assert.deepEqual(await messages({ MessageIds: messageIds, MessageThreadIds: threadIds }), [publishedMessage]);
  const limited = { MessageThreadIds: threadIds, Limitation: { Count: 1 } };
  assert.deepEqual(await messages(limited), [publishedMessage]);
});

const unfiltered: [operation: string, properties: object, filters: string[]][] = [
  ["messageThreads/getAll", {}, ["MessageThreadIds", "CreatedUtc", "UpdatedUtc"]],
  ["messageThreads/getAll", { EnterpriseIds: [net] }, ["MessageThreadIds", "CreatedUtc", "UpdatedUtc"]],
  ["messageThreads/getAll", { Limitation: { Count: 1 } }, ["MessageThreadIds", "CreatedUtc", "UpdatedUtc"]],
  ["messages/getAll", {}, ["MessageThreadIds", "MessageIds"]],
  ["messages/getAll", everything, ["MessageThreadIds", "MessageIds"]],
];

for (const [operation, properties, filters] of unfiltered) {
  test(`${operation} needs one of its filters besides ${JSON.stringify(Object.keys(properties))}`, async (t) => {
    const { call } = await world(t);
    const { status, body } = await call(operation, properties);
    assert.equal(status, 400);
    for (const filter of filters) assert.match(body.Message, new RegExp(filter));
  });
}

const idLists: [property: string, operation: string, others: object, id: string][] = [
  ["MessageThreadIds", "messageThreads/getAll", {}, nobody],
  ["EnterpriseIds", "messageThreads/getAll", everything, net],
  ["MessageThreadIds", "messages/getAll", {}, nobody],
  ["MessageIds", "messages/getAll", {}, nobody],
  ["EnterpriseIds", "messages/getAll", { MessageIds: [nobody] }, net],
  ["EnterpriseIds", "enterprises/getAll", {}, net],
];

for (const [property, operation, others, id] of idLists) {
  test(`${property} of ${operation} may have 1 to 1000 ids`, async (t) => {
    const { call } = await world(t);
    for (const [count, expected] of [
      [0, 400],
      [1, 200],
      [1000, 200],
      [1001, 400],
    ] as const) {
      const { status, body } = await call(operation, { ...others, [property]: new Array(count).fill(id) });
      assert.equal(status, expected, `${count} ids`);
      if (status === 400) assert.equal(body.Message, `${property} must have 1 to 1000 items.`);
    }
    const { status, body } = await call(operation, { ...others, [property]: id });
    assert.equal(status, 400);
    assert.equal(body.Message, `${property} must be an array.`);
  });
}

test("EnterpriseIds narrow every list, and must be in the token's scope", async (t) => {
  const { call, addThread, addMessages, threads, messages } = await world(t);
  const added = [await addThread(gross), await addThread(net), await addThread(third)];
  const [, , toThird = ""] = await addMessages(...added);
  assert.deepEqual(await threads({ ...everything, EnterpriseIds: [third, third.toUpperCase()] }), added.slice(2));
  assert.deepEqual(await messages({ MessageThreadIds: added, EnterpriseIds: [third] }), [toThird]);
  const { body } = await call("enterprises/getAll", { EnterpriseIds: [gross, third] });
  assert.deepEqual(
    body.Enterprises.map(({ Name }) => Name),
    ["Third", "Gross"],
  );
  assert.deepEqual(await threads(everything, atNet), added.slice(1, 2));
  const asked: [operation: string, others: object][] = [
    ["messageThreads/getAll", everything],
    ["messages/getAll", { MessageThreadIds: added }],
    ["enterprises/getAll", {}],
  ];
  for (const [operation, others] of asked) {
    for (const outside of [gross, nobody]) {
      const refused = await call(operation, { ...others, EnterpriseIds: [net, outside] }, atNet);
      assert.equal(refused.status, 400);
      assert.match(refused.body.Message, /^EnterpriseIds\[1\] is not /);
    }
  }
});

test("UpdatedUtc finds a thread by its last message, reply, resolving or reopening", async (t) => {
  const { at, addThread, addMessages, staff, threads } = await world(t);
  const thread = await addThread();
  const changes = [
    () => addMessages(thread),
    () => staff("reply", thread),
    () => staff("resolve", thread),
    () => staff("reopen", thread),
  ];
  let last = 0;
  for (const [index, change] of changes.entries()) {
    const second = (index + 1) * 1000;
    at(second);
    await change();
    assert.deepEqual(await threads({ UpdatedUtc: between(second, second) }), [thread]);
    assert.deepEqual(await threads({ UpdatedUtc: between(last, second) }), []);
    last = second;
  }
  assert.deepEqual(await threads({ CreatedUtc: between(0, 0) }), [thread]);
});

test("UpdatedUtc finds exactly the threads of any interval, newest created first", async (t) => {
  const { at, addThread, addMessages, threads } = await world(t);
  const hour = 3600;
  const updates = Array.from({ length: 40 }, (_, index) => 100 + ((index * 29) % 40) * 49 * hour + index * 671);
  const added: { id: string; second: number }[] = [];
  for (const second of updates) added.unshift({ id: await addThread([gross, net, third][second % 3]), second });
  for (const { id, second } of [...added].sort((a, b) => a.second - b.second)) {
    at(second);
    await addMessages(id);
  }
  const seconds = updates.toSorted((a, b) => a - b);
  const [first = 0, second = 0] = seconds;
  const last = seconds.at(-1) ?? 0;
  const asked: [from: number, to: number][] = [
    [0, 89 * 24 * hour],
    [first, last],
    [first, last + 1],
    [first + 1, second],
    [14 * hour, 38 * hour],
    [14 * hour, 39 * hour],
    [13 * hour, 38 * hour + 1],
    [14 * hour + 1, 14 * hour + 10 * 24 * hour - 1],
    [30 * 24 * hour + 5, 30 * 24 * hour + 7 * hour],
    [last, last],
    [last + 1, last + 10],
  ];
  for (const [from, to] of asked) {
    const isWithin = (second: number) => second === from || (second >= from && second < to);
    const found = added.filter((thread) => isWithin(thread.second)).map(({ id }) => id);
    const UpdatedUtc = between(from, to);
    assert.deepEqual(await threads({ UpdatedUtc }), found, `${from} to ${to}`);
    const Cursor = found[1];
    const page = await threads({ UpdatedUtc, Limitation: { Count: 5, Cursor } });
    assert.deepEqual(page, Cursor ? found.slice(2, 7) : found.slice(0, 5));
  }
});

test("within a second the newest comes first at one enterprise", async (t) => {
  const { addThread, addMessages, threads, messages } = await world(t);
  const added: string[] = [];
  for (let index = 0; index < 10; index++) added.unshift(await addThread());
  assert.deepEqual(await threads(everything), added);
  const [thread = ""] = added;
  const first = await addMessages(thread, thread, thread);
  const second = await addMessages(thread, thread);
  assert.deepEqual(await messages({ MessageThreadIds: [thread] }), [...first, ...second].reverse());
});

test("within a second the newest thread comes first across the enterprises of a portfolio", async (t) => {
  const { addThread, threads } = await world(t);
  const added: string[] = [];
  for (const enterpriseId of [gross, gross, gross, net, third, net, gross])
    added.unshift(await addThread(enterpriseId));
  assert.deepEqual(await threads(everything), added);
});

test("within a second the newest message comes first across the enterprises of a portfolio", async (t) => {
  const { addThread, addMessages, messages } = await world(t);
  const [inGross, inNet] = [await addThread(gross), await addThread(net)];
  const one = await addMessages(inGross, inGross, inNet, inGross);
  const two = await addMessages(inNet, inGross);
  assert.deepEqual(await messages({ MessageThreadIds: [inGross, inNet] }), [...one, ...two].reverse());
});

for (const count of [999, 1000, 1001, 2000, 2500]) {
  test(`without Limitation all of ${count} messages are listed in order`, async (t) => {
    const { call, addThread, addMessages, messages } = await world(t);
    const thread = await addThread();
    const added: string[] = [];
    while (added.length < count) {
      added.push(...(await addMessages(...new Array<string>(Math.min(1000, count - added.length)).fill(thread))));
    }
    const MessageThreadIds = [thread];
    assert.deepEqual(await messages({ MessageThreadIds }), added.toReversed());
    const { body } = await call("messages/getAll", { MessageThreadIds, ...everything });
    assert.deepEqual(Object.keys(body), ["Messages"]);
    assert.equal(body.Messages.length, count);
  });
}

test("without Limitation more than a thousand threads of a portfolio are listed, each once", async (t) => {
  const { addThread, threads } = await world(t);
  const added: string[] = [];
  while (added.length < 1080) {
    added.push(
      ...(await Promise.all(Array.from({ length: 60 }, (_, index) => addThread([gross, net, third][index % 3])))),
    );
  }
  for (const filter of [everything, { UpdatedUtc: between(0, 1) }]) {
    const listed = await threads(filter);
    assert.equal(listed.length, added.length);
    assert.deepEqual(new Set(listed), new Set(added));
  }
});

test("paging skips and repeats nothing while others write", async (t) => {
  const { call, at, addThread, addMessages, staff } = await world(t);
  const added: string[] = [];
  for (let index = 0; index < 12; index++) added.unshift(await addThread([gross, net][index % 2]));
  const listed = await call("messageThreads/getAll", everything);
  const expected = listed.body.MessageThreads.map(({ Id }) => Id);
  const seen: string[] = [];
  let Cursor: string | null = null;
  for (let page = 0; page < 4; page++) {
    const { body } = await call("messageThreads/getAll", { ...everything, Limitation: { Count: 3, Cursor } });
    seen.push(...body.MessageThreads.map(({ Id }) => Id));
    Cursor = body.Cursor;
    at(page);
    await addThread(net);
    await addMessages(...added);
    await staff("resolve", added[page] ?? "");
  }
  assert.deepEqual(seen, expected);
});
