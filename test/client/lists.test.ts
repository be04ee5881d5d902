import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { BadRequestError } from "../../client/src/errors.ts";
import { slicesOf } from "../../client/src/slices.ts";
import type { GetAllMessageThreadsRequest, MessageThread } from "../../client/src/types.ts";
import { readInterval } from "../../src/protocol/connector/interval.ts";
import { threadIntervalMonths } from "../../src/protocol/connector/message-threads.ts";
import { messageIntervalMonths } from "../../src/protocol/connector/messages.ts";
import { answer, clientOf, collected, scripted } from "../support/client/client.ts";
import { between, day, publishedThread, utc, world } from "../support/server/world.ts";

const elsewhere = { url: "http://innbox.test" };

const idsOf = (items: readonly { readonly Id: string }[]) => items.map(({ Id }) => Id);

test("iterating a list goes through all of its pages, of as many items as the caller says, newest first", async (t) => {
  const server = await world(t);
  const connector = clientOf(server);
  const threads: string[] = [];
  for (let count = 0; count < 7; count += 1) threads.unshift(await server.addThread());
  const filter = { CreatedUtc: between(0, day) };
  assert.deepEqual(idsOf(await collected(connector.messageThreads.getAll(filter))), threads);
  const list = connector.messageThreads.getAll({ ...filter, Limitation: { Count: 3 } });
  assert.deepEqual(idsOf(await collected(list)), threads);
  const pages = await collected(list.pages());
  assert.deepEqual(
    pages.map(({ MessageThreads, Cursor }) => [idsOf(MessageThreads), Cursor]),
    [0, 3, 6].map((start) => [threads.slice(start, start + 3), threads[Math.min(start + 2, 6)]]),
  );
  const rest = connector.messageThreads.getAll({ ...filter, Limitation: { Count: 2, Cursor: threads[3] ?? "" } });
  assert.deepEqual(idsOf(await collected(rest)), threads.slice(4));

  const sent = await server.addMessages(...threads);
  const messages = connector.messages.getAll({ MessageThreadIds: threads, Limitation: { Count: 2 } });
  assert.deepEqual(idsOf(await collected(messages)), sent.toReversed());
  const enterprises = connector.enterprises.getAll({ Limitation: { Count: 1 } });
  assert.equal((await collected(enterprises)).length, 3);
  const events = await collected(connector.events.getAll({ Limitation: { Count: 2 } }));
  assert.deepEqual(
    events.slice(-7).map(({ Value }) => Value.Id),
    sent,
  );
});

test("pages of a thousand are asked for, and a loop that is left asks for no more", async () => {
  const { asked, fetch } = scripted(answer(200, { MessageThreads: [{ Id: "1" }, { Id: "2" }], Cursor: "2" }));
  const threads = clientOf(elsewhere, { fetch }).messageThreads.getAll({ MessageThreadIds: ["1"] });
  let count = 0;
  for await (const _thread of threads) {
    count += 1;
    if (count === 3) break;
  }
  assert.deepEqual(
    asked.map(({ body }) => body.Limitation),
    [{ Count: 1000 }, { Count: 1000, Cursor: "2" }],
  );
});

test("a server that knows no pages is asked once, and an empty page is the last one, whatever its Cursor", async () => {
  for (const body of [
    { MessageThreads: [{ Id: "1" }] },
    { MessageThreads: [] },
    { MessageThreads: [], Cursor: "1" },
    { MessageThreads: [], Cursor: null },
    {},
  ]) {
    const { asked, fetch } = scripted(answer(200, body), answer(404));
    const list = clientOf(elsewhere, { fetch }).messageThreads.getAll({ MessageThreadIds: ["1"] });
    assert.deepEqual(await collected(list), body.MessageThreads ?? []);
    assert.equal(asked.length, 1);
  }
});

test("an interval that is longer than allowed is refused when awaited, and cut when iterated", async (t) => {
  const server = await world(t);
  const connector = clientOf(server);
  const threads: string[] = [];
  for (let month = 0; month <= 12; month += 1) {
    server.at(month * 30 * day);
    threads.unshift(await server.addThread());
  }
  const messages = await server.addMessages(...threads);
  const year = between(0, 400 * day);
  const years = { StartUtc: "2022-01-31T00:00:00Z", EndUtc: utc(400 * day) };
  await assert.rejects(connector.messageThreads.getAll({ CreatedUtc: years }), BadRequestError);

  const found = idsOf(
    await collected(connector.messageThreads.getAll({ CreatedUtc: years, Limitation: { Count: 2 } })),
  );
  assert.deepEqual(found.slice(0, 13), threads);
  assert.ok(found.includes(publishedThread));
  assert.equal(new Set(found).size, found.length);
  const updated = idsOf(await collected(connector.messageThreads.getAll({ CreatedUtc: year, UpdatedUtc: year })));
  assert.deepEqual(updated.sort(), threads.toSorted());
  const filter = { MessageThreadIds: threads, CreatedUtc: year };
  assert.deepEqual(idsOf(await collected(connector.messages.getAll(filter))), messages.toReversed());
  const linked = { StartUtc: "2021-12-01T00:00:00Z", EndUtc: "2022-12-01T00:00:00Z" };
  assert.equal((await collected(connector.enterprises.getAll({ LinkedUtc: linked, UpdatedUtc: linked }))).length, 1);
});

test("a thread that is updated while a long UpdatedUtc is iterated is neither missed nor told of twice", async (t) => {
  const server = await world(t);
  const threads: string[] = [];
  for (let month = 0; month < 8; month += 1) {
    server.at(month * 30 * day);
    threads.push(await server.addThread());
  }
  const UpdatedUtc = between(0, 365 * day);
  const list = clientOf(server).messageThreads.getAll({ UpdatedUtc, Limitation: { Count: 1 } });
  const found: MessageThread[] = [];
  for await (const thread of list) {
    found.push(thread);
    // The one that was just told of, and one that is not, in a slice that newest first would come to last.
    if (found.length === 3) await server.addMessages(thread.Id, threads[0] ?? "");
  }
  assert.deepEqual(idsOf(found).sort(), threads.toSorted());
});

test("the feed is iterated from a position on, oldest first, up to its end", async (t) => {
  const server = await world(t);
  const connector = clientOf(server);
  const thread = await server.addThread();
  await server.addMessages(thread);
  const { Position, Events } = await connector.events.getAll({ After: "now" });
  assert.deepEqual(Events, []);
  const sent = await server.addMessages(thread, thread, thread);
  const pages = await collected(connector.events.getAll({ After: Position, Limitation: { Count: 2 } }).pages());
  assert.deepEqual(
    pages.map((page) => page.Events.map(({ Value }) => Value.Id)),
    [sent.slice(0, 2), sent.slice(2)],
  );
  assert.deepEqual(await collected(connector.events.getAll({ After: pages.at(-1)?.Position ?? "" })), []);
});

/** A date-time as a client may write it, and when it is. */
const moments = fc
  .record({
    second: fc.integer({ min: Date.UTC(2019, 11, 1) / 1000, max: Date.UTC(2026, 5, 1) / 1000 }),
    form: fc.constantFrom("Z", "z", "", ".5Z", ".000Z", "+02:00", "-11:30"),
  })
  .map(({ second, form }) => {
    const [, sign = "", hours = "0", minutes = "0"] = /([+-])(\d\d):(\d\d)/.exec(form) ?? [];
    const offset = Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) * 60;
    return { text: new Date((second + offset) * 1000).toISOString().slice(0, 19) + form, second };
  });

test("slices are as long as the server allows at most, and share all seconds of the interval without a rest", () => {
  for (const months of [threadIntervalMonths, messageIntervalMonths]) {
    fc.assert(
      fc.property(moments, moments, (one, other) => {
        const [start, end] = one.second < other.second ? [one, other] : [other, one];
        fc.pre(start.second + 1 < end.second);
        const whole = { StartUtc: start.text, EndUtc: end.text };
        const slices = slicesOf(whole, months);
        // The server's own reading of each, which refuses one that is too long.
        const ranges = slices.map((slice) => readInterval("CreatedUtc", slice, months)).reverse();
        const expected = readInterval("CreatedUtc", whole, 12 * 100);
        assert.equal(ranges[0]?.from, expected.from);
        assert.equal(ranges.at(-1)?.to, expected.to);
        for (const [index, { to }] of ranges.slice(0, -1).entries()) assert.equal(ranges[index + 1]?.from, to);
        for (const { StartUtc, EndUtc } of slices) assert.notEqual(StartUtc, EndUtc);
      }),
      { numRuns: 500 },
    );
  }
});

test("an interval that is a little longer than allowed is cut, whichever way it is written", () => {
  const cut = "2026-04-01T00:00:00Z";
  for (const [StartUtc, EndUtc] of [
    ["2026-01-01T00:00:00Z", "2026-04-01T00:00:00.5Z"],
    ["2026-01-01T00:00:00", "2026-04-01T00:00:01"],
    ["2026-01-01t00:00:00z", "2026-03-31T23:00:01-01:00"],
    ["2026-01-01T00:00:00.25Z", "2026-04-01T01:00:01+01:00"],
  ] as const) {
    const slices = [
      { StartUtc: cut, EndUtc },
      { StartUtc, EndUtc: cut },
    ];
    assert.deepEqual(slicesOf({ StartUtc, EndUtc }, 3), slices);
  }
});

test("what needs no cut or can't be read is sent as it is", async () => {
  const { asked, fetch } = scripted(answer(200, { MessageThreads: [] }));
  const { messageThreads } = clientOf(elsewhere, { fetch });
  const second = "2026-05-05T10:00:00Z";
  for (const CreatedUtc of [
    { StartUtc: second, EndUtc: second },
    { StartUtc: "2025-11-30T00:00:00Z", EndUtc: "2026-02-28T00:00:00Z" },
    { StartUtc: "2020-02-30T00:00:00Z", EndUtc: second },
    { StartUtc: "2020-01-01", EndUtc: second },
    { StartUtc: second, EndUtc: "2020-01-01T00:00:00Z" },
    { StartUtc: "2020-01-01T00:00:00Z", EndUtc: "whenever" },
    null,
  ]) {
    const request: GetAllMessageThreadsRequest = { CreatedUtc };
    await collected(messageThreads.getAll(request));
    assert.deepEqual(
      asked.splice(0).map(({ body }) => body.CreatedUtc),
      [CreatedUtc],
    );
  }
});
