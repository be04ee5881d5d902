import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { test } from "node:test";
import type { ClientOptions } from "../../client/src/client.ts";
import {
  BadRequestError,
  ConnectionError,
  ConnectorError,
  ServerError,
  TooManyRequestsError,
  UnavailableError,
} from "../../client/src/errors.ts";
import { answer, broken, clientOf, collected, type Step, scripted } from "../support/client/client.ts";
import { type Break, breakingProxy, seededBreaks } from "../support/client/client-proxy.ts";
import { holdTime, inVain } from "../support/run/held-time.ts";
import { guest, world } from "../support/server/world.ts";

const elsewhere = { url: "http://innbox.test" };

function scriptedClient(steps: readonly Step[], options: Partial<ClientOptions> = {}) {
  const { asked, fetch } = scripted(...steps);
  return { asked, connector: clientOf(elsewhere, { fetch, ...options }) };
}

/** How often a call is sent that is answered so first, and well the second time. */
async function sentTimes(first: Step, call: "read" | "add", options: Partial<ClientOptions> = {}): Promise<number> {
  const { asked, connector } = scriptedClient([first, answer(200)], options);
  const sent = call === "read" ? connector.configuration.get() : connector.messageThreads.add(guest);
  await sent.catch((error: unknown) => assert.ok(error instanceof ConnectorError));
  return asked.length;
}

test("a read is repeated after whatever may pass, and after nothing else", async (t) => {
  const time = holdTime(t);
  for (const status of [408, 429, 500, 502, 503, 504]) assert.equal(await sentTimes(answer(status), "read"), 2);
  for (const status of [400, 401, 403, 404, 413, 501]) assert.equal(await sentTimes(answer(status), "read"), 1);
  assert.equal(await sentTimes(broken(), "read"), 2);
  const cutOff = () => new Response('{"NowUtc":');
  assert.equal(await sentTimes(cutOff, "read"), 2);
  assert.equal(await sentTimes(() => inVain(time), "read"), 2);
});

test("an add is repeated only when nothing can have come of it, since the server may not know keys", async (t) => {
  const time = holdTime(t);
  for (const status of [400, 408, 500, 502, 503, 504]) assert.equal(await sentTimes(answer(status), "add"), 1);
  assert.equal(await sentTimes(broken(), "add"), 1);
  assert.equal(await sentTimes(() => inVain(time), "add"), 1);
  assert.equal(await sentTimes(answer(429), "add"), 2);
  assert.equal(await sentTimes(broken({ code: "ECONNREFUSED", syscall: "connect" }), "add"), 2);
  assert.equal(await sentTimes(broken({ code: "ENOTFOUND", syscall: "getaddrinfo" }), "add"), 2);
  const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED", syscall: "connect" });
  assert.equal(await sentTimes(broken({ code: "ECONNREFUSED", errors: [refused, refused] }), "add"), 2);
  assert.equal(await sentTimes(broken({ code: "UND_ERR_CONNECT_TIMEOUT" }), "add"), 2);
});

test("with idempotency keys an add is repeated like a read, under one key for each call", async () => {
  const idempotencyKeys = true;
  for (const status of [408, 429, 500, 502, 503, 504]) {
    assert.equal(await sentTimes(answer(status), "add", { idempotencyKeys }), 2);
  }
  assert.equal(await sentTimes(answer(400), "add", { idempotencyKeys }), 1);

  const { asked, connector } = scriptedClient([broken(), answer(500), answer(200)], { idempotencyKeys });
  await connector.messageThreads.add(guest);
  await connector.messageThreads.add(guest);
  await connector.configuration.get();
  const [first, second, third, other, read] = asked.map(({ headers }) => headers.get("Idempotency-Key"));
  assert.match(first ?? "", /^[0-9a-f-]{36}$/);
  assert.deepEqual([second, third, read], [first, first, null]);
  assert.notEqual(other, first);
  assert.deepEqual(asked[1]?.body, asked[0]?.body);
});

test("a key for one call is sent and relied on; without any, none is sent", async () => {
  const { asked, connector } = scriptedClient([broken(), answer(200)]);
  await connector.messages.add({ Messages: [] }, { idempotencyKey: "booking-4711" });
  await connector.messages.add({ Messages: [] });
  const keys = asked.map(({ headers }) => headers.get("Idempotency-Key"));
  assert.deepEqual(keys, ["booking-4711", "booking-4711", null]);
});

test("pauses double from half a second to 8 s, and up to half of each is left to chance", async () => {
  for (const [chance, share] of [
    [0, 1],
    [1, 0.5],
  ] as const) {
    const { connector } = scriptedClient([answer(500)], { retries: 7, random: () => chance });
    await assert.rejects(connector.configuration.get(), ServerError);
    assert.deepEqual(
      connector.waits,
      [500, 1000, 2000, 4000, 8000, 8000, 8000].map((wait) => wait * share),
    );
  }
});

test("Retry-After counts before the client's own pause, in seconds and as a date", async () => {
  const now = Date.UTC(2026, 4, 5, 10);
  const date = new Date(now + 12_000).toUTCString();
  const past = new Date(now - 12_000).toUTCString();
  const steps = ["7", date, past, "soon"].map((value) => answer(429, {}, { "Retry-After": value }));
  const { connector } = scriptedClient([...steps, answer(200)], { retries: 4, now: () => now });
  await connector.configuration.get();
  assert.deepEqual(connector.waits, [7000, 12_000, 0, 4000]);
});

test("a Retry-After that is longer than the caller wants to wait ends the call and is told", async () => {
  const { asked, connector } = scriptedClient([answer(503, {}, { "Retry-After": "61" }), answer(200)]);
  await assert.rejects(connector.configuration.get(), (error) => {
    assert.ok(error instanceof UnavailableError);
    assert.equal(error.retryAfter, 61);
    return true;
  });
  assert.equal(asked.length, 1);
});

test("calls are repeated twice, unless the client or the call says otherwise", async () => {
  const { asked, connector } = scriptedClient([answer(429)]);
  await assert.rejects(connector.messageThreads.add(guest), TooManyRequestsError);
  assert.equal(asked.length, 3);
  await assert.rejects(connector.configuration.get({}, { retries: 0 }), TooManyRequestsError);
  assert.equal(asked.length, 4);
});

test("the real limit of a real server is waited out", async (t) => {
  const server = await world(t, { "rate-limit": "2/30s" });
  const waits: number[] = [];
  const sleep = async (milliseconds: number) => {
    waits.push(milliseconds);
    server.at(milliseconds / 1000);
  };
  const connector = clientOf(server, { sleep });
  for (let count = 0; count < 3; count += 1) await connector.messageThreads.add(guest);
  assert.deepEqual(waits, [30_000]);
  assert.equal((await server.threads()).length, 3);
});

test("a server that can't be reached is tried again, also with an add, as Node tells of it", async (t) => {
  const server = await world(t);
  const unused = createServer().listen(0, "127.0.0.1");
  await once(unused, "listening");
  const { port } = unused.address() as AddressInfo;
  unused.close();
  await once(unused, "close");
  const connector = clientOf(
    { url: `http://127.0.0.1:${port}` },
    {
      middleware: [
        (request, next) => {
          const url = request.attempt === 3 ? request.url.replace(/^http:\/\/[^/]+/, server.url) : request.url;
          return next({ ...request, url });
        },
      ],
    },
  );
  await connector.messageThreads.add(guest);
  assert.equal((await server.threads()).length, 1);
});

test("however a connection breaks, an add without keys is sent once, and the caller is told", async (t) => {
  const server = await world(t);
  for (const [end, stored] of [
    ["before", 0],
    ["after", 1],
    ["within", 1],
  ] satisfies [Break, number][]) {
    const thread = await server.addThread();
    const proxy = await breakingProxy(t, server.url, () => end);
    const sent = clientOf(proxy).messages.add({ Messages: [{ MessageThreadId: thread, Text: "Hello" }] });
    await assert.rejects(sent, ConnectionError);
    assert.equal(proxy.counts[end], 1);
    assert.equal((await server.messages({ MessageThreadIds: [thread] })).length, stored, end);
  }
});

test("a key with another body is the caller's mistake, which is not repeated", async (t) => {
  const server = await world(t);
  const connector = clientOf(server, { idempotencyKeys: true });
  const options = { idempotencyKey: "key" };
  const first = await connector.messageThreads.add(guest, options);
  assert.deepEqual(await connector.messageThreads.add(guest, options), first);
  const other = connector.messageThreads.add({ ...guest, Subject: "Another" }, options);
  await assert.rejects(other, BadRequestError);
  assert.deepEqual([connector.waits, (await server.threads()).length], [[], 1]);
});

test("over connections of which a fifth breaks, 500 messages are added and each of them once", async (t) => {
  const server = await world(t);
  const proxy = await breakingProxy(t, server.url, seededBreaks(20_260_505, 0.2));
  const connector = clientOf(proxy, { idempotencyKeys: true, retries: 12 });
  const threads: string[] = [];
  for (let index = 0; index < 5; index += 1) {
    const { MessageThreads } = await connector.messageThreads.add({ ...guest, Subject: `Stay ${index}` });
    threads.push(MessageThreads[0]?.Id ?? "");
  }
  const bodies = Array.from({ length: 100 }, (_, body) =>
    threads.map((MessageThreadId, index) => ({ MessageThreadId, Text: `Message ${body}.${index}` })),
  );
  const expected = bodies.flat().map(({ Text }) => Text);
  const answered: string[] = [];
  const sendAll = async () => {
    for (let Messages = bodies.pop(); Messages; Messages = bodies.pop()) {
      const added = await connector.messages.add({ Messages });
      answered.push(...added.Messages.map(({ Message }) => Message.Id));
    }
  };
  await Promise.all(Array.from({ length: 8 }, sendAll));

  const { before, after, within } = proxy.counts;
  assert.ok(Math.min(before, after, within) > 2, "connections broke in every way");
  const stored = await collected(clientOf(server).messages.getAll({ MessageThreadIds: threads }));
  assert.deepEqual(stored.map(({ Text }) => Text).sort(), expected.sort());
  assert.deepEqual(stored.map(({ Id }) => Id).sort(), answered.sort());
  assert.equal((await server.threads()).length, threads.length);
});
