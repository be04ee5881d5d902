import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { deleteIntegration, rotateAccessToken, setIntegrationEnabled } from "../../src/administration/integrations.ts";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { changeDirectory, enableClient, enableEnterprise } from "../../src/store/directory/directory.ts";
import { idsOf, openSocket, serverEnds, type Tokens } from "../support/delivery/socket.ts";
import { administratorOf } from "../support/delivery/webhooks.ts";
import { notesOf } from "../support/postgres/nodes.ts";
import { innboxData } from "../support/server/process.ts";
import { newDatabase } from "../support/server/server.ts";
import { atNet, client2AtNet, gross, net, world } from "../support/server/world.ts";

const mebibyte = 1024 * 1024;
const hour = 3_600_000_000;

const shutOut = { code: 1008, reason: "The client token or the access token is not valid." };

test("a client that stops reading is dropped, and one that only paused is not; the others go on", async (t) => {
  // No ping finds out who is gone, and a server looks for what the other one commits when the test says so.
  t.mock.timers.enable({ apis: ["setInterval"] });
  const ends = serverEnds(t);
  const database = newDatabase(t);
  const strict = await world(t, { database }, { socketPatience: { backlog: 1 } });
  const patient = await world(t, { database });
  const thread = await strict.addThread();
  /** The server's end of a new connection, which keeps to itself what it is to send, as when the network takes no more. */
  async function openStalled({ url }: typeof strict) {
    const client = await openSocket(t, url);
    const [end] = ends.slice(-1);
    assert.ok(end);
    end.cork();
    return { client, end };
  }
  const stalled = await openStalled(strict);
  const paused = await openStalled(patient);
  const healthy = [await openSocket(t, strict.url), await openSocket(t, patient.url)];
  const dropped = once(stalled.end, "close");
  const sent: string[] = [];
  for (let request = 0; request < 10; request += 1) {
    sent.push(...(await strict.addMessages(...new Array<string>(1000).fill(thread))));
  }
  t.mock.timers.tick(250);
  await dropped;
  assert.equal((await stalled.client.ended()).code, 1006);
  const [line, ...others] = notesOf(strict).filter((note) => note.includes("had not taken"));
  assert.match(
    line ?? "",
    /^A WebSocket of client [\w-]{36} was ended: it had not taken \d{7} bytes \(1 since the start\)\.$/,
  );
  assert.deepEqual(others, []);
  for (const one of healthy) assert.deepEqual(await one.messages(sent.length), sent);
  const waiting = paused.end.writableLength;
  assert.ok(waiting < 1.1 * mebibyte, `${waiting} bytes wait`);
  paused.end.uncork();
  assert.deepEqual(await paused.client.messages(sent.length), sent);
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
    const pings = [once(alive.client, "ping"), ...(round === 0 ? [once(silent.client, "ping")] : [])];
    const pong = once(endOfAlive, "data");
    t.mock.timers.tick(30_000);
    await Promise.all(pings);
    await pong;
    await setImmediate();
  }
  assert.equal((await silent.ended()).code, 1006);
  const sent = await addMessages(thread);
  assert.deepEqual(await alive.messages(1), sent);
});

test("the socket of a caller who was disabled is closed, and no other", async (t) => {
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
    for (const socket of sockets) assert.deepEqual(await socket.ended(), shutOut);
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
