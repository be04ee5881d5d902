import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { deleteIntegration, rotateAccessToken, setIntegrationEnabled } from "../../src/administration/integrations.ts";
import { demoTokens } from "../../src/sandbox/demo-world.ts";
import { changeDirectory, enableClient, enableEnterprise } from "../../src/store/directory.ts";
import { innboxData } from "../support/process.ts";
import { connected } from "../support/raw-socket.ts";
import { cookieOf, handshakeHeaders, idsOf, openSocket, serverEnds, type Tokens } from "../support/socket.ts";
import { administratorOf } from "../support/webhooks.ts";
import { atNet, client2AtNet, gross, net, world } from "../support/world.ts";

/** "Within about a second", on a machine that does other things too, in milliseconds. */
const aboutASecond = 5000;
const mebibyte = 1024 * 1024;
const hour = 3_600_000_000;

/** A limit for what must come, so that a failure is one. */
const soon = () => ({ signal: AbortSignal.timeout(20_000) });

const shutOut = { code: 1008, reason: "The client token or the access token is not valid." };

test("a client that stops reading is dropped when 1 MiB waits for it; the others go on, and so does who only paused", async (t) => {
  const ends = serverEnds(t);
  const { url, addThread, addMessages, call } = await world(t);
  const thread = await addThread();
  const { Position } = (await call("events/getAll")).body;
  const healthy = await openSocket(t, url);
  const sent: string[] = [];
  const write = async (count: number) => {
    sent.push(...(await addMessages(...new Array<string>(count).fill(thread))));
    await healthy.messages(sent.length);
  };
  /** Opens a client that reads nothing, and writes, if need be, until 1 MiB waits for it. */
  async function openPaused(after?: string) {
    const paused = await openSocket(t, url, { after });
    const [end] = ends.slice(-1);
    assert.ok(end);
    paused.client.pause();
    let waiting = 0;
    const measure = () => {
      waiting = Math.max(waiting, end.writableLength);
    };
    healthy.client.on("message", measure);
    const before = sent.length;
    // The operating system takes some MiB off the server's hands before anything waits there.
    while (waiting < mebibyte && sent.length < before + 120_000) await write(1000);
    // More than what is made meanwhile would wait too if there were no limit.
    await write(1000);
    healthy.client.off("message", measure);
    assert.ok(waiting >= mebibyte && waiting < 1.1 * mebibyte, `${waiting} bytes waited`);
    return { paused, end };
  }

  const { paused: stalled, end } = await openPaused();
  if (!end.closed) await once(end, "close", soon());
  await write(1);
  stalled.client.resume();
  assert.equal((await stalled.ended()).code, 1006);
  // What it got is the beginning, and from there it goes on.
  const seen = stalled.ids();
  assert.ok(seen.length < sent.length);
  const again = await openSocket(t, url, { after: stalled.position() });
  assert.deepEqual([...seen, ...(await again.messages(sent.length - seen.length))], sent);

  const { paused } = await openPaused(Position);
  paused.client.resume();
  assert.deepEqual(await paused.messages(sent.length), sent);
  assert.deepEqual(healthy.ids(), sent);
});

test("every 30 seconds a client is asked whether it is there, and dropped when it did not answer the last time", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const ends = serverEnds(t);
  const { url, addThread, addMessages } = await world(t);
  const thread = await addThread();
  const silent = await openSocket(t, url, { autoPong: false });
  const alive = await openSocket(t, url);
  const [endOfAlive] = ends.slice(-1);
  assert.ok(endOfAlive);
  for (let round = 0; round < 3; round += 1) {
    const pings = [once(alive.client, "ping", soon()), ...(round === 0 ? [once(silent.client, "ping", soon())] : [])];
    const pong = once(endOfAlive, "data", soon());
    t.mock.timers.tick(30_000);
    await Promise.all(pings);
    await pong;
    await setImmediate();
  }
  assert.equal((await silent.ended()).code, 1006);
  const sent = await addMessages(thread);
  assert.deepEqual(await alive.messages(1), sent);
});

test("whoever is shut out is hung up on within about a second, and nobody else", async (t) => {
  const server = await world(t);
  const { url, app, addThread, addMessages } = server;
  const administrator = administratorOf(server);
  const thread = await addThread();
  const other = await openSocket(t, url);
  const { client } = await idsOf(server, client2AtNet.tokens);
  const { integration } = await idsOf(server, atNet.tokens);
  const change = (work: Parameters<typeof changeDirectory<void>>[1]) => changeDirectory(app.store.db, work);
  const command = (...args: string[]) => innboxData(...args, "--database", server.database);

  const cases: readonly [tokens: Tokens, shut: () => Promise<unknown>, open: () => Promise<unknown>][] = [
    [
      client2AtNet.tokens,
      () => change((transaction) => enableClient(transaction, client, false)),
      () => change((transaction) => enableClient(transaction, client, true)),
    ],
    [
      atNet.tokens,
      () => setIntegrationEnabled(administrator, integration, false),
      () => setIntegrationEnabled(administrator, integration, true),
    ],
    [
      atNet.tokens,
      () => change((transaction) => enableEnterprise(transaction, net, false, app.clock())),
      () => change((transaction) => enableEnterprise(transaction, net, true, app.clock())),
    ],
    // By another process.
    [
      client2AtNet.tokens,
      () => command("client", "disable", "--id", client),
      () => command("client", "enable", "--id", client),
    ],
    [atNet.tokens, () => deleteIntegration(administrator, integration), async () => undefined],
  ];
  for (const [tokens, shut, open] of cases) {
    const sockets = [await openSocket(t, url, { tokens }), await openSocket(t, url, { tokens })];
    await shut();
    const since = performance.now();
    for (const socket of sockets) assert.deepEqual(await socket.ended(), shutOut);
    assert.ok(performance.now() - since < aboutASecond);
    await open();
  }
  const sent = await addMessages(thread);
  assert.deepEqual(await other.messages(1), sent);
});

test("a token that was replaced keeps its socket until it ends", async (t) => {
  const server = await world(t);
  const { url, at, addThread, addMessages } = server;
  const thread = await addThread(net);
  const { integration } = await idsOf(server, atNet.tokens);
  const { client } = await idsOf(server, client2AtNet.tokens);
  const now = server.app.clock();
  const socket = await openSocket(t, url, atNet);
  const AccessToken = await rotateAccessToken(administratorOf(server), integration, now, now + hour);
  const withNewToken = await openSocket(t, url, { tokens: { ...demoTokens, AccessToken } });
  const watcher = await openSocket(t, url, client2AtNet);
  at(3599);
  await changeDirectory(server.app.store.db, (transaction) => enableClient(transaction, client, false));
  // Opened last, so that its end tells that the others were looked at.
  await watcher.ended();
  const sent = await addMessages(thread);
  for (const one of [socket, withNewToken]) assert.deepEqual(await one.messages(1), sent);
  at(3600);
  assert.deepEqual(await socket.ended(), shutOut);
  sent.push(...(await addMessages(thread)));
  assert.deepEqual(await withNewToken.messages(2), sent);
});

test("a portfolio hears no more of a property that is disabled, and all that it missed once it is enabled again", async (t) => {
  const { url, app, addThread, addMessages, staff } = await world(t);
  const enable = (isEnabled: boolean) =>
    changeDirectory(app.store.db, (transaction) => enableEnterprise(transaction, net, isEnabled, app.clock()));
  const threads = { gross: await addThread(gross), net: await addThread(net) };
  const portfolio = await openSocket(t, url);
  const watcher = await openSocket(t, url, atNet);
  await enable(false);
  // Opened last, so that its end tells that the portfolio was looked at.
  await watcher.ended();
  const missed = await staff("reply", threads.net);
  const sent = await addMessages(threads.gross);
  assert.deepEqual(await portfolio.messages(1), sent);
  await enable(true);
  assert.deepEqual(await portfolio.messages(2), [...sent, missed]);
});

test("a server that stops says so to every client, and waits for none that does not answer", async (t) => {
  const { url, app } = await world(t);
  const sockets = [await openSocket(t, url), await openSocket(t, url, client2AtNet), await openSocket(t, url)];
  const silent = await openByHand(t, url);
  const [stalled] = sockets.slice(-1);
  stalled?.client.pause();
  const since = performance.now();
  const stopped = app.stop();
  for (const socket of sockets.slice(0, -1)) {
    assert.deepEqual(await socket.ended(), { code: 1001, reason: "The server is stopping; connect again." });
  }
  await stopped;
  assert.ok(performance.now() - since < 2 * aboutASecond);
  assert.ok(silent.destroyed || (await once(silent, "close", soon())));
});

/** A client that shakes hands and then takes everything without a word. */
async function openByHand(t: TestContext, url: string) {
  const socket = await connected(url);
  t.after(() => socket.destroy());
  socket.on("error", () => undefined);
  const headers = Object.entries({ Host: "x", Cookie: cookieOf(demoTokens), ...handshakeHeaders });
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET /ws/connector HTTP/1.1\r\n${lines.join("")}\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  assert.match(answer.toString("latin1"), /^HTTP\/1\.1 101 /);
  return socket.resume();
}
