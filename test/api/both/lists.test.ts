import assert from "node:assert/strict";
import { test } from "node:test";
import type { CallOptions } from "../../support/server/server.ts";
import {
  atNet,
  between,
  client2AtGross,
  enterprises,
  everything,
  gross,
  net,
  nobody,
  publishedMessage,
  publishedThread,
  third,
  world,
} from "../../support/server/world.ts";

test("pages follow each other from the newest to the oldest, and Cursor is the last of each", async (t) => {
  const { call, at, addThread } = await world(t);
  const added: string[] = [];
  for (let second = 0; second < 7; second++) {
    at(second);
    added.unshift(await addThread(enterprises[second % 3]));
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
  const theirs = await addThread(gross, client2AtGross);
  const refused: [operation: string, Cursor: string, properties: object, options?: CallOptions][] = [
    ["messageThreads/getAll", nobody, everything],
    ["messageThreads/getAll", theirs, everything],
    ["messageThreads/getAll", publishedMessage, everything],
    ["messageThreads/getAll", mine, everything, atNet],
    ["messageThreads/getAll", net, everything],
    ["messages/getAll", nobody, { MessageThreadIds: [publishedThread] }],
    ["messages/getAll", publishedThread, { MessageThreadIds: [publishedThread] }],
    ["messages/getAll", publishedMessage, { MessageThreadIds: [theirs] }, client2AtGross],
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

test("a list of a thousand ids is answered, and one more is refused", async (t) => {
  const { call } = await world(t);
  const idsOf = (length: number) => ({ MessageThreadIds: new Array<string>(length).fill(nobody) });
  for (const operation of ["messageThreads/getAll", "messages/getAll"]) {
    assert.equal((await call(operation, idsOf(1000))).status, 200);
    const { status, body } = await call(operation, idsOf(1001));
    assert.equal(status, 400);
    assert.equal(body.Message, "MessageThreadIds must have 1 to 1000 items.");
  }
});

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

test("without Limitation all messages are listed in order, however many there are", async (t) => {
  const { call, addThread, addMessages, messages } = await world(t);
  const thread = await addThread();
  const MessageThreadIds = [thread];
  const added: string[] = [];
  for (const count of [999, 1000, 1001, 2000, 2500]) {
    added.push(...(await addMessages(...new Array<string>(count - added.length).fill(thread))));
    assert.equal(added.length, count);
    assert.deepEqual(await messages({ MessageThreadIds }), added.toReversed());
  }
  const { body } = await call("messages/getAll", { MessageThreadIds, ...everything });
  assert.deepEqual(Object.keys(body), ["Messages"]);
  assert.equal(body.Messages.length, added.length);
});

test("without Limitation more than a thousand threads of a portfolio are listed, each once", async (t) => {
  const { addThread, threads } = await world(t);
  const added: string[] = [];
  while (added.length < 1080) {
    added.push(...(await Promise.all(Array.from({ length: 60 }, (_, index) => addThread(enterprises[index % 3])))));
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
