import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openSocket, type TestSocket } from "../../support/delivery/socket.ts";
import { checkStored, failuresOf, type LogRow, type Node, startNodes } from "../../support/postgres/nodes.ts";
import type { CallOptions } from "../../support/server/server.ts";
import { atNet, between, enterprises, net } from "../../support/server/world.ts";

/** What a writer does next, each through the node that it is connected to. */
interface Step {
  readonly kind: "open" | "write" | "writeToTwo" | "reply" | "resolve" | "reopen" | "wait";
  readonly enterprise: number;
  readonly thread: number;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.constantFrom<Step["kind"]>(
    ...(["open", "open", "open", "write", "write", "writeToTwo", "reply", "resolve", "reopen", "wait"] as const),
  ),
  enterprise: fc.nat(2),
  thread: fc.nat(30),
});

const steps = (length: number) => fc.array(step, { minLength: 3, maxLength: length, size: "max" });

const plan = fc.record({
  /** By how many seconds the second node's clock is ahead. */
  ahead: fc.constantFrom(0, 0, 0.4, 3, -7),
  before: steps(20),
  /** Each goes on by itself: two at each node, one of whom sees no property but Net. */
  writers: fc.tuple(steps(10), steps(10), steps(10), steps(10)),
  count: fc.integer({ min: 1, max: 7 }),
});

/** One hour of the two nodes' time, and what happened in it. */
interface Round {
  readonly nodes: readonly [Node, Node];
  readonly threads: { readonly id: string; readonly isAtNet: boolean }[];
  readonly messages: string[];
  /** Moves both clocks on. */
  wait(): void;
}

async function take(round: Round, node: Node, options: CallOptions, { kind, enterprise, thread }: Step): Promise<void> {
  const isPortfolio = options.tokens === undefined;
  if (kind === "wait") return round.wait();
  if (kind === "open") {
    const enterpriseId = isPortfolio ? enterprises[enterprise] : net;
    const id = await node.addThread(enterpriseId, options);
    round.threads.push({ id, isAtNet: enterpriseId === net });
    return;
  }
  const mine = round.threads.filter(({ isAtNet }) => isPortfolio || isAtNet).map(({ id }) => id);
  const [one, two] = [mine[thread % mine.length], mine[(thread * 7 + 1) % mine.length]];
  if (!one || !two) return;
  if (kind === "write" || kind === "writeToTwo") {
    const { status, text, body } = await node.addTo(kind === "write" ? [one] : [one, two], options);
    assert.equal(status, 200, text);
    round.messages.push(...body.Messages.map(({ Message }) => Message.Id));
  } else {
    const id = await node.staff(kind, one);
    if (kind === "reply") round.messages.push(id);
  }
}

type List = "messageThreads" | "messages";

/** Pages through a list, each page from the other node, as behind a load balancer. */
async function readPages(round: Round, list: List, filter: object, Count: number, options: CallOptions) {
  const ids: string[] = [];
  const times: string[] = [];
  for (let Cursor: string | null = null, page = 0; ; page += 1) {
    const node = round.nodes[page % 2 === 0 ? 0 : 1];
    const properties: object = { ...filter, Limitation: { Count, Cursor } };
    const { status, text, body } = await node.call(`${list}/getAll`, properties, options);
    assert.equal(status, 200, text);
    const items = list === "messages" ? body.Messages : body.MessageThreads;
    if (items.length === 0) break;
    ids.push(...items.map(({ Id }) => Id));
    times.push(...items.map(({ CreatedUtc }) => CreatedUtc));
    Cursor = body.Cursor;
  }
  assert.equal(new Set(ids).size, ids.length, "no page repeats an item");
  assert.deepEqual(times, times.toSorted().reverse(), "the newest come first");
  return ids;
}

/** Reads a feed until it is told that the writers have ended, and then to its end. */
async function readFeed(node: Node, After: string, isOver: () => boolean): Promise<string[]> {
  const seen: string[] = [];
  for (let position = After; ; ) {
    const wasOver = isOver();
    const { body } = await node.call("events/getAll", { After: position, Limitation: { Count: 5 } });
    seen.push(...body.Events.map(({ EnterpriseId, Value }) => `${EnterpriseId} ${Value.Id}`));
    position = body.Position;
    if (wasOver && body.Events.length === 0) return seen;
  }
}

/** In the order of each property's log. */
function byProperty(events: readonly string[]): object {
  const lists = Object.groupBy(events, (event) => event.slice(0, 36));
  return Object.fromEntries(Object.entries(lists).toSorted());
}

function eventOf({ enterprise_id, message_id, message_thread_id }: LogRow): string {
  return `${enterprise_id} ${message_id ?? message_thread_id}`;
}

interface Filter {
  readonly list: List;
  readonly properties: object;
  readonly options: CallOptions;
}

test("two nodes with writers on both: pages, logs, feeds and sockets are those of one server", async (t) => {
  const { database, nodes, at } = await startNodes(t);
  const sockets = await Promise.all(nodes.map(({ url }) => openSocket(t, url)));
  let hour = 0;

  await fc.assert(
    fc.asyncProperty(plan, async ({ ahead, before, writers, count }) => {
      hour += 3600;
      let now = hour;
      const wait = () => {
        now += 0.3;
        at(now, ahead);
      };
      wait();
      const round: Round = { nodes, threads: [], messages: [], wait };
      const start = (await nodes[0].call("events/getAll", { After: "now" })).body.Position;
      const already = sockets.map((socket) => socket.ids().length);

      const byPortfolio: CallOptions = {};
      for (const [index, one] of before.entries()) await take(round, nodes[index % 2 === 0 ? 0 : 1], byPortfolio, one);

      const interval = between(hour - 10, hour + 1800);
      const MessageThreadIds = round.threads.map(({ id }) => id);
      const filters: Filter[] = [
        { list: "messageThreads", properties: { CreatedUtc: interval }, options: byPortfolio },
        { list: "messageThreads", properties: { UpdatedUtc: interval }, options: byPortfolio },
        { list: "messageThreads", properties: { CreatedUtc: interval, UpdatedUtc: interval }, options: atNet },
        ...(MessageThreadIds.length > 0
          ? [{ list: "messages", properties: { MessageThreadIds }, options: byPortfolio } as const]
          : []),
      ];
      const existing = await Promise.all(
        filters.map(async ({ list, properties, options }) => {
          const { body } = await nodes[1].call(`${list}/getAll`, properties, options);
          return (list === "messages" ? body.Messages : body.MessageThreads).map(({ Id }) => Id);
        }),
      );
      assert.deepEqual(existing[0]?.toSorted(), MessageThreadIds.toSorted(), "what is acknowledged is there");
      assert.deepEqual(existing[1], existing[0]);
      assert.deepEqual(existing[3]?.toSorted() ?? [], round.messages.toSorted());

      let isOver = false;
      const writing = writers.map(async (all, index) => {
        const options = index < 2 ? byPortfolio : atNet;
        for (const one of all) await take(round, nodes[index % 2 === 0 ? 0 : 1], options, one);
      });
      const feeds = Promise.all(nodes.map((node) => readFeed(node, start, () => isOver)));
      const paging = filters.map(({ list, properties, options }) => readPages(round, list, properties, count, options));
      const [paged] = await Promise.all([Promise.all(paging), ...writing]).finally(() => {
        isOver = true;
      });

      assert.deepEqual(nodes.flatMap(failuresOf), []);
      for (const [index, ids] of paged.entries()) {
        const known = new Set(existing[index]);
        assert.deepEqual(
          ids.filter((id) => known.has(id)),
          existing[index],
          "nothing is skipped, and in the same order",
        );
      }
      const log = await checkStored(database);
      const written = log.filter(({ created }) => created > startOf(hour));
      assert.deepEqual(
        written
          .flatMap(({ kind, message_thread_id }) => (kind === "ThreadAdded" ? [message_thread_id] : []))
          .toSorted(),
        round.threads.map(({ id }) => id).toSorted(),
        "each acknowledged thread is there once, and no other",
      );
      const announced = written.filter(({ kind }) => kind !== "ThreadAdded");
      for (const feed of await feeds) {
        assert.deepEqual(byProperty(feed), byProperty(announced.map(eventOf)), "a feed misses and repeats nothing");
      }
      const messages = announced.filter(({ kind }) => kind === "MessageAdded");
      assert.deepEqual(messages.map(({ message_id }) => message_id).toSorted(), round.messages.toSorted());
      await Promise.all(sockets.map((socket, index) => checkHeard(socket, already[index] ?? 0, messages)));
    }),
    { numRuns: 6 },
  );
});

/** The beginning of an hour as the log has it, less what a clock may be behind. */
function startOf(hour: number): number {
  return Date.parse(between(hour - 60, hour).StartUtc) * 1000;
}

/** A socket hears of every message once, in the order of its property. */
async function checkHeard(socket: TestSocket, already: number, messages: readonly LogRow[]): Promise<void> {
  const heard = (await socket.messages(already + messages.length)).slice(already);
  const properties = new Map(messages.map((row) => [row.message_id, row.enterprise_id]));
  assert.deepEqual(
    byProperty(heard.map((id) => `${properties.get(id)} ${id}`)),
    byProperty(messages.map(eventOf)),
    "a socket misses and repeats nothing",
  );
}
