import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { demoTokens } from "../../../src/sandbox/demo/demo-world.ts";
import { runs } from "../../support/database/engine.ts";
import { storedEvents } from "../../support/delivery/socket.ts";
import { checkOutcome, startSandbox } from "../../support/server/server.ts";
import {
  atNet,
  client2AtGross,
  client2AtNet,
  enterprises,
  gross,
  net,
  publishedMessage,
  publishedThread,
  third,
  utc,
  world,
} from "../../support/server/world.ts";

test("the feed begins with the oldest event and says what happened, where and when", async (t) => {
  const { call, at, addThread, addMessages, staff } = await world(t);
  const thread = await addThread(third);
  at(1);
  const [sent] = await addMessages(thread);
  at(2);
  const replied = await staff("reply", thread);
  at(3);
  await staff("resolve", thread);
  at(4);
  await staff("reopen", thread);
  const added = (Id: string | undefined, second: number) => ({
    Discriminator: "MessageAdded",
    Value: { Id, MessageThreadId: thread },
    EnterpriseId: third,
    CreatedUtc: utc(second),
  });
  const updated = (second: number) => ({ ...added(thread, second), Discriminator: "MessageThreadUpdated" });
  const { Events } = (await call("events/getAll")).body;
  const [first, , ...ours] = Events;
  assert.deepEqual(first, {
    Discriminator: "MessageAdded",
    Value: { Id: publishedMessage, MessageThreadId: publishedThread },
    EnterpriseId: net,
    CreatedUtc: "2022-03-09T13:19:46Z",
  });
  assert.deepEqual(ours, [added(sent, 1), added(replied, 2), updated(3), updated(4)]);
});

test("a thread that a guest's message reopens is told of before the message", async (t) => {
  const { call, addThread, addMessages, staff } = await world(t);
  const thread = await addThread();
  await staff("resolve", thread);
  const { Position } = (await call("events/getAll")).body;
  const [id] = await addMessages(thread);
  const { Events } = (await call("events/getAll", { After: Position })).body;
  assert.deepEqual(
    Events.map(({ Discriminator, Value }) => [Discriminator, Value.Id]),
    [
      ["MessageThreadUpdated", thread],
      ["MessageAdded", id],
    ],
  );
});

test("a page has a thousand events unless the request says otherwise, and the next one goes on behind it", async (t) => {
  const { call, addThread, addMessages } = await world(t);
  const thread = await addThread();
  const { Position: start } = (await call("events/getAll")).body;
  const sent = await addMessages(...new Array<string>(1000).fill(thread));
  sent.push(...(await addMessages(thread, thread)));
  const page = async (After: string, Limitation?: object | null) => {
    const { body } = await call("events/getAll", { After, Limitation });
    return { ids: body.Events.map(({ Value }) => Value.Id), Position: body.Position };
  };
  for (const limitation of [undefined, null, { Count: 1000 }]) {
    const first = await page(start, limitation);
    assert.deepEqual(first.ids, sent.slice(0, 1000));
    assert.deepEqual((await page(first.Position, limitation)).ids, sent.slice(1000));
  }
  const one = await page(start, { Count: 1 });
  assert.deepEqual(one.ids, sent.slice(0, 1));
  assert.deepEqual((await page(one.Position, { Count: 2 })).ids, sent.slice(1, 3));
});

test("a page that asks for anything but 1 to 1000 events is refused", async (t) => {
  const { call } = await startSandbox(t);
  const range = /^Limitation\.Count must be an integer from 1 to 1000\.$/;
  for (const Count of [0, -1, 1001, 1.5, "10", null]) {
    checkOutcome(await call("events/getAll", { Limitation: { Count } }), range);
  }
  checkOutcome(await call("events/getAll", { Limitation: {} }), /^Limitation\.Count is required\.$/);
});

test("an empty page has the Position that it was asked for, or no body at all when the caller prefers that", async (t) => {
  const { call, addThread, addMessages } = await world(t);
  const { Position } = (await call("events/getAll")).body;
  // A thread that was only opened is no event.
  const thread = await addThread();
  const { body } = await call("events/getAll", { After: Position });
  assert.deepEqual(body, { Events: [], Position });
  const minimal = { headers: { Prefer: "return=minimal" } };
  assert.equal((await call("events/getAll", { After: Position }, minimal)).status, 204);
  const sent = await addMessages(thread);
  const answer = await call("events/getAll", { After: Position }, minimal);
  assert.equal(answer.status, 200);
  assert.deepEqual(
    answer.body.Events.map(({ Value }) => Value.Id),
    sent,
  );
  assert.notEqual(answer.body.Position, Position);
  const ofOtherClient = await call("events/getAll", {}, client2AtGross);
  assert.deepEqual(ofOtherClient.body.Events, []);
  assert.equal((await call("events/getAll", {}, { ...client2AtGross, ...minimal })).status, 204);
});

test("a client hears of no other client's threads, nor of properties that its token doesn't cover", async (t) => {
  const server = await world(t);
  const { call, addThread, addTo, staff } = server;
  for (const id of enterprises) await server.addMessages(await addThread(id));
  for (const options of [client2AtGross, client2AtNet]) {
    const thread = await addThread(undefined, options);
    await addTo([thread], options);
    await staff("resolve", thread);
  }
  for (const [tokens, covered, count] of [
    [demoTokens, enterprises, 5],
    [atNet.tokens, [net], 3],
    [client2AtGross.tokens, [gross], 2],
    [client2AtNet.tokens, [net], 2],
  ] as const) {
    const { Events } = (await call("events/getAll", {}, { tokens })).body;
    assert.equal(Events.length, count);
    const stored = await storedEvents(server, tokens, covered);
    assert.deepEqual(
      Events.map(({ EnterpriseId, Value }) => [EnterpriseId, Value.Id]),
      stored.map(({ enterprise_id, id }) => [enterprise_id, id]),
    );
  }
});

test("a Position that this server never gave out is refused", async (t) => {
  const { call } = await startSandbox(t);
  const whole = (await call("events/getAll")).body;
  const { Position } = whole;
  const beyondAllClocks = Buffer.from(`${"01".repeat(17)}7fffffffffffffff`, "hex").toString("base64url");
  const made = [
    "",
    "0",
    "x",
    "é",
    `${Position} `,
    Position.slice(1),
    `${Position}=`,
    `${Position}AAAA`,
    beyondAllClocks,
  ];
  for (const After of made) {
    checkOutcome(await call("events/getAll", { After }), /^After is not a position that this server has given out\.$/);
  }
  checkOutcome(await call("events/getAll", { After: 1 }), /^After must be a string\.$/);
  checkOutcome(await call("events/getAll", { After: "A".repeat(1_000_001) }), /^After must not be longer than 1000000/);
  for (const After of [null, undefined, "AQ"]) {
    assert.deepEqual((await call("events/getAll", { After })).body, whole);
  }
});

type Step = readonly [kind: "message" | "two" | "staff" | "resolve" | "theirs", enterprise: number];

const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom("message", "message", "two", "staff", "resolve", "theirs"),
  fc.nat(2),
);

test("pages hold the stored log, once and in order, whatever others write meanwhile", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 20 }),
      fc.array(step, { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 }),
      async (before, meanwhile, counts) => {
        const server = await world(t);
        const { call, addThread, addMessages, addTo, staff } = server;
        const threads = await Promise.all(enterprises.map((id) => addThread(id)));
        const theirs = await addThread(undefined, client2AtGross);
        const take = async ([kind, enterprise]: Step) => {
          const thread = threads[enterprise] ?? "";
          if (kind === "message") await addMessages(thread);
          if (kind === "two") await addMessages(thread, threads[0] ?? "");
          if (kind === "staff") await staff("reply", thread);
          if (kind === "resolve") await staff("resolve", thread);
          if (kind === "theirs") await addTo([theirs], client2AtGross);
        };
        for (const one of before) await take(one);
        const steps = [...meanwhile];
        const read: (readonly [string, string])[] = [];
        let After: string | undefined;
        for (let page = 0; ; page += 1) {
          assert.ok(page < 200, "the feed has an end");
          const { body } = await call("events/getAll", { After, Limitation: { Count: counts[page % counts.length] } });
          read.push(...body.Events.map(({ EnterpriseId, Value }) => [EnterpriseId, Value.Id] as const));
          const next = steps.shift();
          if (next) await take(next);
          else if (body.Events.length === 0) break;
          After = body.Position;
        }
        const stored = await storedEvents(server, demoTokens, enterprises);
        assert.deepEqual(
          read,
          stored.map(({ enterprise_id, id }) => [enterprise_id, id]),
        );
        await server.app.stop();
      },
    ),
    { numRuns: runs(30) },
  );
});
