import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { WebSocket } from "ws";
import type { Connector } from "../../client/src/client.ts";
import { BadRequestError, UnauthorizedError } from "../../client/src/errors.ts";
import type { ConnectorSocket, OpenWebSocket, SocketOptions } from "../../client/src/socket.ts";
import type { SocketEvent, SocketFrame } from "../../client/src/types.ts";
import { setIntegrationEnabled } from "../../src/administration/integrations.ts";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { answer, clientOf, collected, scripted } from "../support/client/client.ts";
import { fakeWebSockets } from "../support/client/client-websocket.ts";
import { idsOf, serverEnds } from "../support/delivery/socket.ts";
import { administratorOf } from "../support/delivery/webhooks.ts";
import { engineDatabase, startSandbox, type TestServer } from "../support/server/server.ts";
import { atNet, guest, world } from "../support/server/world.ts";

const withWs: OpenWebSocket = (url, headers) => new WebSocket(url, { headers });
const elsewhere = { url: "http://innbox.test" };

const messagesIn = (...ids: string[]) => ids.map((Id) => ({ Type: "Message", Id }));

const hostOf = ({ url }: TestServer) => new URL(url).host;

/** Listens until the test ends, or for a long time. */
function listen(t: TestContext, connector: Connector, options: SocketOptions = {}): ConnectorSocket {
  const socket = connector.socket({ signal: AbortSignal.timeout(20_000), ...options });
  t.after(() => socket.close());
  return socket;
}

/** The next things that an iterator yields, without leaving it. */
async function next<Item>(iterator: AsyncIterator<Item>, count: number): Promise<Item[]> {
  const items: Item[] = [];
  while (items.length < count) {
    const { value, done } = await iterator.next();
    assert.ok(!done, `it ended after ${items.length} of ${count}`);
    items.push(value);
  }
  return items;
}

const idsIn = (events: readonly SocketEvent[]) => events.map(({ Id }) => Id);

/** A server, and a client that, while it waits to connect again, does what `whileAway` was given. */
async function listeningWorld(t: TestContext) {
  const ends = serverEnds(t);
  const server = await world(t);
  const thread = await server.addThread();
  let away: () => Promise<unknown> = async () => undefined;
  return {
    ...server,
    thread,
    connector: clientOf(server, { sleep: async () => void (await away()) }),
    whileAway: (action: () => Promise<unknown>) => {
      away = action;
    },
    /** The server's end of the connection that was opened last. */
    lastEnd: () => ends.at(-1),
  };
}

for (const [name, openWebSocket] of [
  ["the global WebSocket", undefined],
  ["that of ws", withWs],
] as const) {
  test(`with ${name}, connections that break lose and repeat nothing, not even before the first event`, async (t) => {
    const { connector, thread, addMessages, whileAway, lastEnd } = await listeningWorld(t);
    await addMessages(thread);
    const sent: string[] = [];
    whileAway(async () => sent.push(...(await addMessages(thread, thread))));
    const resumed: boolean[] = [];
    const opened = Promise.withResolvers<void>();
    let end: ReturnType<typeof lastEnd>;
    const onConnect = ({ isResumed }: { readonly isResumed: boolean }) => {
      resumed.push(isResumed);
      end = lastEnd();
      opened.resolve();
    };
    const socket = listen(t, connector, { after: "now", openWebSocket, onConnect });
    const events = socket[Symbol.asyncIterator]();
    const first = next(events, 2);
    await opened.promise;
    end?.destroy();
    const heard = idsIn(await first);
    for (let count = 0; count < 2; count += 1) {
      end?.destroy();
      heard.push(...idsIn(await next(events, 2)));
    }
    sent.push(...(await addMessages(thread)));
    heard.push(...idsIn(await next(events, 1)));
    assert.deepEqual(heard, sent);
    assert.deepEqual(resumed, [true, true, true, true]);
  });
}

test("frames are as on the wire, and the position is that of what has been taken", async (t) => {
  const { connector, thread, addMessages, call } = await listeningWorld(t);
  const { Position } = (await call("events/getAll")).body;
  const socket = listen(t, connector, { after: Position });
  const sent = [await addMessages(thread), await addMessages(thread, thread)].flat();
  const frames: SocketFrame[] = [];
  while (frames.flatMap(({ Events }) => Events).length < sent.length) frames.push(...(await next(socket.frames(), 1)));
  assert.deepEqual(
    frames.flatMap(({ Events }) => Events),
    sent.map((Id) => ({ Type: "Message", Id, MessageThreadId: thread })),
  );
  // Not yet that of the last one, which may still be in hand.
  assert.equal(socket.position, frames.at(-2)?.Position ?? Position);
  const after = frames.at(-1)?.Position ?? "";
  const again = listen(t, connector, { after });
  const [later] = await addMessages(thread);
  assert.deepEqual(idsIn(await next(again[Symbol.asyncIterator](), 1)), [later]);
});

test("a server that stops is gone on with where it comes back", async (t) => {
  const database = await engineDatabase(t);
  const first = await startSandbox(t, { database });
  const MessageThreadId = (await first.call("messageThreads/add", guest)).body.MessageThreads[0]?.Id;
  const sent: (string | undefined)[] = [];
  const add = async ({ call }: TestServer) => {
    const { body } = await call("messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] });
    sent.push(body.Messages[0]?.Message.Id);
  };
  let second: TestServer | undefined;
  const comeBack = async () => {
    second = await startSandbox(t, { database });
    await add(second);
  };
  const opened = Promise.withResolvers<void>();
  const socket = listen(t, clientOf(first, { sleep: comeBack }), {
    after: "now",
    openWebSocket: (url, headers) => new WebSocket(url.replace(/127.0.0.1:\d+/, hostOf(second ?? first)), { headers }),
    onConnect: () => opened.resolve(),
  });
  const heard = next(socket[Symbol.asyncIterator](), 2);
  await opened.promise;
  await add(first);
  await first.app.stop();
  assert.deepEqual(idsIn(await heard), sent);
});

test("tokens that are not good, and a position that is none, end it with the server's answer", async (t) => {
  const server = await world(t);
  const stranger = clientOf(server, { accessToken: "nobody's" });
  await assert.rejects(collected(listen(t, stranger)), UnauthorizedError);
  await assert.rejects(collected(listen(t, stranger, { openWebSocket: withWs })), UnauthorizedError);
  const connector = clientOf(server);
  await assert.rejects(collected(listen(t, connector, { after: "here" })), BadRequestError);
  assert.deepEqual([stranger.waits, connector.waits], [[], []]);
});

test("tokens that are taken away end it with the server's answer", async (t) => {
  const server = await world(t);
  const { integration } = await idsOf(server, atNet.tokens);
  const connector = clientOf(server, { accessToken: atNet.tokens.AccessToken });
  const opened = Promise.withResolvers<void>();
  const ended = assert.rejects(
    collected(listen(t, connector, { onConnect: () => opened.resolve() })),
    UnauthorizedError,
  );
  await opened.promise;
  await setIntegrationEnabled(administratorOf(server), integration, false);
  await ended;
});

test("leaving the loop and close() end it; a signal ends it with its reason", async () => {
  const { sockets, openWebSocket } = fakeWebSockets((socket) => {
    socket.open();
    socket.send({ Events: messagesIn("1", "2") });
    socket.send({ Events: messagesIn("3") });
  });
  const connector = clientOf(elsewhere);
  const left = connector.socket({ openWebSocket });
  for await (const event of left) {
    assert.equal(event.Id, "1");
    break;
  }
  assert.deepEqual(await collected(left), []);

  for (const last of ["1", "2", "3"]) {
    const closed = connector.socket({ openWebSocket });
    const heard: string[] = [];
    for await (const { Id } of closed) {
      heard.push(Id);
      if (Id === last) closed.close();
    }
    assert.equal(heard.at(-1), last);
  }

  const controller = new AbortController();
  const aborted = connector.socket({ openWebSocket, signal: controller.signal });
  const reading = assert.rejects(collected(aborted), RangeError);
  queueMicrotask(() => controller.abort(new RangeError("Enough.")));
  await reading;
  await assert.rejects(collected(connector.socket({ openWebSocket, signal: controller.signal })), RangeError);
  assert.deepEqual(
    sockets.map(({ isClosed }) => isClosed),
    [true, true, true, true, true],
  );
});

test("of a server without positions, a message is told of once and other events as often as they come", async (t) => {
  const { sockets, openWebSocket } = fakeWebSockets((socket, count) => {
    socket.open();
    socket.send("no JSON");
    socket.send({ Events: [...messagesIn("1", `of ${count}`), { Type: "Reservation", Id: "r" }] });
    socket.end(1006);
  });
  const resumed: boolean[] = [];
  const address = "wss://ws.innbox.test/ws/connector";
  const socket = listen(t, clientOf(elsewhere), {
    address,
    openWebSocket,
    onConnect: ({ isResumed }) => resumed.push(isResumed),
  });
  const events = await next(socket[Symbol.asyncIterator](), 7);
  socket.close();
  assert.deepEqual(idsIn(events), ["1", "of 1", "r", "of 2", "r", "of 3", "r"]);
  assert.deepEqual(resumed, [false, false, false]);
  assert.equal(socket.position, undefined);
  const { ClientToken, AccessToken } = demoTokens;
  assert.deepEqual(
    sockets.map(({ url, cookie }) => [url, cookie]),
    sockets.map(() => [address, `ClientToken=${ClientToken}; AccessToken=${AccessToken}`]),
  );
});

test("pauses grow while connections fail, and begin anew after an event", async (t) => {
  const { fetch } = scripted(answer(503, {}, { "Retry-After": "3" }), answer(200));
  const { openWebSocket } = fakeWebSockets((socket, count) => {
    if (count === 6) {
      socket.open();
      socket.send({ Events: messagesIn("1") });
    }
    if (count === 8) {
      socket.open();
      socket.send({ Events: messagesIn("2") });
    }
    socket.end(1006);
  });
  const connector = clientOf(elsewhere, { fetch });
  const socket = listen(t, connector, { openWebSocket });
  await next(socket[Symbol.asyncIterator](), 2);
  socket.close();
  // The first refusal asks for three seconds.
  assert.deepEqual(connector.waits, [3000, 1000, 2000, 4000, 8000, 500, 1000]);
});

test("a connection that is silent for too long is opened anew", async (t) => {
  const server = await world(t);
  const connections: boolean[] = [];
  const connector = clientOf(server);
  for (const openWebSocket of [undefined, withWs]) {
    connections.length = 0;
    const again = Promise.withResolvers<void>();
    const socket = listen(t, connector, {
      silence: 1,
      openWebSocket,
      onConnect: () => {
        connections.push(true);
        if (connections.length === 3) again.resolve();
      },
    });
    const reading = collected(socket);
    await Promise.race([again.promise, reading]);
    socket.close();
    assert.deepEqual(await reading, []);
  }
});

test("a reader that is slow makes the client hang up, and go on after what was taken", async (t) => {
  const frame = (number: number) => ({ Events: messagesIn(`${number}`), Position: `after-${number}` });
  const { sockets, openWebSocket } = fakeWebSockets((socket) => {
    socket.open();
    const start = Number(/after-(\d+)/.exec(socket.url)?.[1] ?? 0);
    for (let number = start + 1; number <= start + 1000; number += 1) socket.send(frame(number));
  });
  const socket = listen(t, clientOf(elsewhere), { openWebSocket });
  const events = await next(socket[Symbol.asyncIterator](), 450);
  assert.deepEqual(
    idsIn(events),
    Array.from({ length: 450 }, (_, index) => `${index + 1}`),
  );
  assert.deepEqual(
    sockets.map(({ url }) => url.replace(/^.*connector/, "")),
    ["", "?after=after-200", "?after=after-400"],
  );
});
