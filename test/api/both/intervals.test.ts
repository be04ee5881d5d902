import assert from "node:assert/strict";
import { test } from "node:test";
import { between, enterprises, publishedThread, utc, world } from "../../support/server/world.ts";

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

test("an interval has its start and not its end, and times count in whole seconds", async (t) => {
  const { at, addThread, addMessages, threads, messages } = await world(t);
  at(5.75);
  const thread = await addThread();
  for (const [name, from, to, isFound] of ends) {
    assert.deepEqual(await threads({ CreatedUtc: between(from, to) }), isFound ? [thread] : [], name);
    assert.deepEqual(await threads({ UpdatedUtc: between(from, to) }), isFound ? [thread] : [], name);
  }
  const [message] = await addMessages(thread);
  for (const [name, from, to, isFound] of ends) {
    const found = await messages({ MessageThreadIds: [thread], CreatedUtc: between(from, to) });
    assert.deepEqual(found, isFound ? [message] : [], name);
  }
});

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

test("what is no interval is refused by its name", async (t) => {
  const { call } = await world(t);
  for (const [name, interval, message] of noIntervals) {
    for (const [operation, property, , others] of intervals) {
      const { status, body } = await call(operation, { ...others, [property]: interval });
      assert.equal(status, 400, name);
      assert.match(body.Message, message);
      assert.ok(body.Message.startsWith(property));
    }
  }
});

test("the longest interval is that of the operation, and is named", async (t) => {
  const { call } = await world(t);
  for (const [operation, property, longest, others] of intervals) {
    const until = (EndUtc: string) =>
      call(operation, { ...others, [property]: { StartUtc: "2022-01-15T00:00:00Z", EndUtc } });
    const last = longest === "1 month" ? "2022-02-16T00:00:00" : "2022-04-16T00:00:00";
    assert.equal((await until(`${last}Z`)).status, 200);
    const { status, body } = await until(`${last}.000001Z`);
    assert.equal(status, 400, operation);
    assert.equal(body.Message, `${property} must not be longer than ${longest}.`);
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
  for (const second of updates) added.unshift({ id: await addThread(enterprises[second % 3]), second });
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
