import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatDateTime } from "../../../src/protocol/date-time.ts";
import { runs } from "../../support/database/engine.ts";
import { startSandbox, type TestServer } from "../../support/server/server.ts";
import { enterprises } from "../../support/server/world.ts";

const second = 1_000_000;
const start = Date.UTC(2026, 0, 31, 23, 59, 50) * 1000;

/** What the simplest possible store would know of a thread. */
interface ModelThread {
  readonly id: string;
  readonly enterpriseId: string;
  readonly createdUtc: string;
  updatedUtc: string;
}

type Step =
  | { readonly kind: "open"; readonly enterprise: number }
  | { readonly kind: "write"; readonly thread: number }
  | { readonly kind: "wait"; readonly seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("open"), enterprise: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("write"), thread: fc.nat(30) }) },
  // Hours and days too: update intervals are cut into whole ones.
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("wait"),
      seconds: fc.constantFrom(0, 1, 1, 7, 1800, 3600, 50_000, 90_000),
    }),
  },
);

/** A server and the model of what client 1 did there; the demo world's own threads are from years before. */
interface World {
  readonly server: TestServer;
  readonly threads: ModelThread[];
  take(step: Step): Promise<void>;
  now(): string;
}

async function newWorld(t: Parameters<typeof startSandbox>[0]): Promise<World> {
  let now = start;
  const server = await startSandbox(t, {}, { clock: () => now });
  const threads: ModelThread[] = [];
  return {
    server,
    threads,
    now: () => formatDateTime(now),
    take: async (step) => {
      if (step.kind === "wait") now += step.seconds * second;
      if (step.kind === "open") {
        const enterpriseId = enterprises[step.enterprise] ?? "";
        const guest = { OriginalSender: "Guest", Subject: "Question", EnterpriseId: enterpriseId };
        const { body } = await server.call("messageThreads/add", guest);
        const [thread] = body.MessageThreads;
        assert.ok(thread);
        threads.unshift({ id: thread.Id, enterpriseId, createdUtc: thread.CreatedUtc, updatedUtc: thread.UpdatedUtc });
      }
      if (step.kind === "write" && threads.length > 0) {
        const thread = threads[step.thread % threads.length];
        assert.ok(thread);
        const { body } = await server.call("messages/add", {
          Messages: [{ MessageThreadId: thread.id, Text: "Hello" }],
        });
        thread.updatedUtc = body.Messages[0]?.Message.CreatedUtc ?? "";
      }
    },
  };
}

/** Follows cursors to the end, with one more step of somebody else's between two pages. */
async function readPages(world: World, filter: object, count: number, meanwhile: readonly Step[]): Promise<string[]> {
  const ids: string[] = [];
  const steps = [...meanwhile];
  for (let cursor: string | null = null; ; ) {
    const limitation: object = { Count: count, Cursor: cursor };
    const { body } = await world.server.call("messageThreads/getAll", { ...filter, Limitation: limitation });
    if (body.Cursor === null) return ids;
    ids.push(...body.MessageThreads.map(({ Id }) => Id));
    assert.equal(new Set(ids).size, ids.length, "no page repeats an item");
    cursor = body.Cursor;
    const step = steps.shift();
    if (step) await world.take(step);
  }
}

const sinceStart = { StartUtc: formatDateTime(start), EndUtc: formatDateTime(start + 80 * 86_400 * second) };

test("paging neither skips nor repeats what existed at the start, whatever others write meanwhile", async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 30 }),
      fc.array(step, { maxLength: 12 }),
      fc.integer({ min: 1, max: 7 }),
      async (before, meanwhile, count) => {
        const world = await newWorld(t);
        for (const step of before) await world.take(step);
        const existing = world.threads.map(({ id }) => id);
        const paged = await readPages(world, { CreatedUtc: sinceStart }, count, meanwhile);
        assert.deepEqual(
          paged.filter((id) => existing.includes(id)),
          existing,
        );
        assert.equal(new Set(paged).size, paged.length);
        await world.server.app.stop();
      },
    ),
    { numRuns: runs(25) },
  );
});

test("every filter answers what a plain search of everything would, in order of creation", async (t) => {
  const offset = fc.integer({ min: -10, max: 400_000 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 40 }),
      fc.record({ created: fc.option(fc.tuple(offset, offset)), updated: fc.tuple(offset, offset) }),
      fc.subarray([0, 1, 2], { minLength: 1 }),
      fc.option(fc.integer({ min: 1, max: 20 })),
      async (steps, { created, updated }, chosen, count) => {
        const world = await newWorld(t);
        for (const step of steps) await world.take(step);
        const filter = {
          EnterpriseIds: chosen.map((index) => enterprises[index] ?? ""),
          UpdatedUtc: intervalOf(updated),
          ...(created && { CreatedUtc: intervalOf(created) }),
        };
        const expected = world.threads
          .filter(({ enterpriseId }) => filter.EnterpriseIds.includes(enterpriseId))
          .filter(({ updatedUtc }) => holds(filter.UpdatedUtc, updatedUtc))
          .filter(({ createdUtc }) => !filter.CreatedUtc || holds(filter.CreatedUtc, createdUtc))
          .map(({ id }) => id);
        const { body } = await world.server.call("messageThreads/getAll", filter);
        assert.deepEqual(
          body.MessageThreads.map(({ Id }) => Id),
          expected,
        );
        if (count) assert.deepEqual(await readPages(world, filter, count, []), expected);
        await world.server.app.stop();
      },
    ),
    { numRuns: runs(40) },
  );
});

interface Interval {
  readonly StartUtc: string;
  readonly EndUtc: string;
}

function intervalOf([a, b]: readonly [number, number]): Interval {
  const [from, to] = [Math.min(a, b), Math.max(a, b)];
  return { StartUtc: formatDateTime(start + from * second), EndUtc: formatDateTime(start + to * second) };
}

/** The contract's sentence, over the printed times. */
function holds({ StartUtc, EndUtc }: Interval, time: string): boolean {
  return StartUtc === EndUtc ? time === StartUtc : StartUtc <= time && time < EndUtc;
}

test("messages of many threads come as one list, newest first", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(9), { maxLength: 40 }), fc.integer({ min: 1, max: 9 }), async (targets, count) => {
      const world = await newWorld(t);
      for (let index = 0; index < 10; index += 1) await world.take({ kind: "open", enterprise: index % 3 });
      const sent: string[] = [];
      for (const target of targets) {
        const MessageThreadId = world.threads[target]?.id;
        const { body } = await world.server.call("messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] });
        sent.unshift(body.Messages[0]?.Message.Id ?? "");
      }
      const MessageThreadIds = world.threads.map(({ id }) => id);
      const whole = await world.server.call("messages/getAll", { MessageThreadIds });
      assert.deepEqual(
        whole.body.Messages.map(({ Id }) => Id),
        sent,
      );
      const page = await world.server.call("messages/getAll", { MessageThreadIds, Limitation: { Count: count } });
      assert.deepEqual(
        page.body.Messages.map(({ Id }) => Id),
        sent.slice(0, count),
      );
      await world.server.app.stop();
    }),
    { numRuns: runs(12) },
  );
});
