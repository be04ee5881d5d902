import assert from "node:assert/strict";
import { test } from "node:test";
import { between, enterprises, publishedThread, utc, world } from "../../support/world.ts";

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
