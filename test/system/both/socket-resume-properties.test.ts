import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { demoTokens } from "../../../src/sandbox/demo/demo-world.ts";
import { runs } from "../../support/database/engine.ts";
import { openSocket, storedEvents, type TestSocket, type Tokens } from "../../support/delivery/socket.ts";
import { engineDatabase } from "../../support/server/server.ts";
import { atNet, client2AtGross, client2AtNet, enterprises, gross, net, world } from "../../support/server/world.ts";

/** Who listens, and what each may hear. */
const audience: readonly (readonly [tokens: Tokens, enterpriseIds: readonly string[]])[] = [
  [demoTokens, enterprises],
  [atNet.tokens, [net]],
  [client2AtGross.tokens, [gross]],
  [client2AtNet.tokens, [net]],
];

/** Whose thread at which property; the last three are client 2's. */
const places = [
  ...enterprises.map((enterpriseId) => [demoTokens, enterpriseId] as const),
  [client2AtGross.tokens, gross] as const,
  [client2AtNet.tokens, net] as const,
];

const servers = fc.nat(1);
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("write"),
      server: servers,
      place: fc.nat(places.length - 1),
      // Some make more than one frame.
      count: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 3 }) }, fc.integer({ min: 90, max: 210 })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("resolve"), server: servers, place: fc.nat(places.length - 1) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("hangUp"), listener: fc.nat(audience.length - 1), isRude: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant("connect"), server: servers, listener: fc.nat(audience.length - 1) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("settle") }) },
);

type World = Awaited<ReturnType<typeof world>>;

/** A partner's program that remembers what it got and the Position of the last frame, and nothing else. */
function listener(t: TestContext, tokens: Tokens, start: string) {
  let socket: TestSocket | undefined;
  let position = start;
  const before: string[] = [];
  return {
    connect: async ({ url }: World) => {
      socket ??= await openSocket(t, url, { tokens, after: position });
    },
    hangUp: (isRude: boolean) => {
      if (!socket) return;
      before.push(...socket.ids());
      position = socket.position() ?? position;
      if (isRude) socket.client.terminate();
      else socket.client.close();
      socket = undefined;
    },
    /** Everything that it got, once there is so much. */
    all: async (count: number) => [...before, ...((await socket?.messages(count - before.length)) ?? [])],
  };
}

test("a client that hangs up at any moment and comes back with its Position, to any process, misses nothing", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: "max" }), async (steps) => {
      const database = await engineDatabase(t);
      const first = await world(t, { database });
      const running = [first, await world(t, { database })] as const;
      const threads = await Promise.all(places.map(([tokens, id]) => first.addThread(id, { tokens })));
      const listeners = await Promise.all(
        audience.map(async ([tokens]) => {
          const { body } = await first.call("events/getAll", {}, { tokens });
          return listener(t, tokens, body.Position);
        }),
      );
      /** What was there from the beginning is behind everybody's position. */
      const old = new Set((await storedEvents(first, demoTokens, enterprises)).map(({ id }) => id));

      const underWay: Promise<unknown>[] = [];
      const write = (server: number, place: number, count: number) => {
        const [tokens] = places[place] ?? [demoTokens];
        return running[server]?.addTo(new Array<string>(count).fill(threads[place] ?? ""), { tokens });
      };
      for (const one of steps) {
        if (one.kind === "write") underWay.push(Promise.resolve(write(one.server, one.place, one.count)));
        if (one.kind === "resolve")
          underWay.push(Promise.resolve(running[one.server]?.staff("resolve", threads[one.place] ?? "")));
        if (one.kind === "hangUp") listeners[one.listener]?.hangUp(one.isRude);
        if (one.kind === "connect") await listeners[one.listener]?.connect(running[one.server] ?? first);
        if (one.kind === "settle") await Promise.all(underWay);
      }
      for (const one of listeners) await one.connect(first);
      await Promise.all(underWay);
      // The last message of each, so that one too many before it would be noticed.
      for (const place of places.keys()) await write(0, place, 1);

      for (const [index, [tokens, enterpriseIds]] of audience.entries()) {
        const stored = (await storedEvents(first, tokens, enterpriseIds)).filter(
          ({ kind, id }) => kind === "MessageAdded" && !old.has(id),
        );
        const heard = (await listeners[index]?.all(stored.length)) ?? [];
        assert.equal(heard.length, stored.length);
        for (const id of enterpriseIds) {
          const ofOne = stored.filter(({ enterprise_id }) => enterprise_id === id).map((event) => event.id);
          const known = new Set(ofOne);
          assert.deepEqual(
            heard.filter((one) => known.has(one)),
            ofOne,
          );
        }
      }
      for (const { app } of running) await app.stop();
    }),
    { numRuns: runs(15) },
  );
});
