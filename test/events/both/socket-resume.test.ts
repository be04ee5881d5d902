import assert from "node:assert/strict";
import { test } from "node:test";
import { changeDirectory } from "../../../src/store/directory/directory.ts";
import { inSql } from "../../support/database/in-sql.ts";
import { idsOf, openSocket, type TestSocket } from "../../support/delivery/socket.ts";
import type { Answer } from "../../support/server/answer.ts";
import { engineDatabase, startSandbox, type TestServer } from "../../support/server/server.ts";
import { atNet, client2AtGross, gross, guest, net, third, world } from "../../support/server/world.ts";

const idsIn = ({ body }: Answer) => body.Events.map(({ Value }) => Value.Id);

test("what came after a position comes first, and then what happens, without a gap or a repeat", async (t) => {
  const { url, addThread, addMessages } = await world(t);
  const threads = [await addThread(gross), await addThread(third)];
  const first = await openSocket(t, url);
  const seen = await addMessages(...threads);
  await first.messages(2);
  await first.close();
  const missed = [...(await addMessages(...threads)), ...(await addMessages(...threads))];
  const second = await openSocket(t, url, { after: first.position() });
  const live = await addMessages(...threads);
  assert.deepEqual(await second.messages(6), [...missed, ...live]);
  const whole = await openSocket(t, url, { after: "AQ" });
  const [, , ...sinceStart] = await whole.messages(10);
  assert.deepEqual(sinceStart, [...seen, ...missed, ...live]);
});

test("writing that goes on meanwhile makes no seam", async (t) => {
  const { url, addThread, addMessages } = await world(t);
  const thread = await addThread();
  const start = await openSocket(t, url);
  const sent = await addMessages(thread);
  await start.messages(1);
  const after = start.position();
  const sockets: TestSocket[] = [];
  const connecting = (async () => {
    for (let count = 0; count < 20; count += 1) {
      const socket = await openSocket(t, url, { after });
      sockets.push(socket);
      await socket.messages(1);
    }
  })();
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  connecting.then(over, over);
  while (!isOver) sent.push(...(await addMessages(thread, thread)));
  await connecting;
  const expected = sent.slice(1);
  for (const socket of sockets) assert.deepEqual(await socket.messages(expected.length), expected);
});

test("the feed's Position is good for the socket, and the socket's for the feed", async (t) => {
  const { url, call, addThread, addMessages } = await world(t);
  const thread = await addThread();
  const [a, b, c] = [await addMessages(thread), await addMessages(thread), await addMessages(thread)];
  const page = await call("events/getAll", { Limitation: { Count: 3 } });
  assert.deepEqual(idsIn(page).slice(-1), a);
  const socket = await openSocket(t, url, { after: page.body.Position });
  assert.deepEqual(await socket.messages(2), [...b, ...c]);
  assert.deepEqual(idsIn(await call("events/getAll", { After: socket.position() })), []);
  const d = await addMessages(thread);
  await socket.messages(3);
  assert.deepEqual(idsIn(await call("events/getAll", { After: socket.position() })), []);
  const e = await addMessages(thread);
  assert.deepEqual(idsIn(await call("events/getAll", { After: page.body.Position })), [...b, ...c, ...d, ...e]);
});

test("a position outlives the server that gave it out", async (t) => {
  const database = await engineDatabase(t);
  const first = await startSandbox(t, { database });
  const thread = (await first.call("messageThreads/add", guest)).body.MessageThreads[0]?.Id ?? "";
  const socket = await openSocket(t, first.url);
  const seen = await addTo(first, thread);
  assert.deepEqual(await socket.messages(1), [seen]);
  const missed = [await addTo(first, thread)];
  await socket.messages(2);
  const after = socket.frames[0]?.Position;
  await first.app.stop();
  assert.equal((await socket.ended()).code, 1001);
  const second = await startSandbox(t, { database });
  missed.push(await addTo(second, thread));
  const again = await openSocket(t, second.url, { after });
  assert.deepEqual(await again.messages(2), missed);
  assert.deepEqual(idsIn(await second.call("events/getAll", { After: after })), missed);
});

test("a property that a position doesn't know yet is told of from its beginning", async (t) => {
  const { url, addThread, addMessages, call } = await world(t);
  const threads = { gross: await addThread(gross), net: await addThread(net) };
  const ofNet = await openSocket(t, url, atNet);
  const seen = await addMessages(threads.gross, threads.net);
  await ofNet.messages(1);
  const after = ofNet.position();
  const [atNetLater] = await addMessages(threads.net);
  const portfolio = await openSocket(t, url, { after });
  assert.deepEqual(await portfolio.messages(2), [seen[0], atNetLater]);
  const feed = await call("events/getAll", { After: after });
  assert.deepEqual(idsIn(feed), [seen[0], atNetLater]);
});

test("an open socket hears of a property that its integration gets as far back as of the others", async (t) => {
  const server = await world(t);
  const { url, app, at, addThread, addMessages, call } = server;
  const threads = { third: await addThread(third), net: await addThread(net) };
  const before = await addMessages(threads.third);
  at(1);
  const { Position } = (await call("events/getAll", {}, atNet)).body;
  const fresh = await openSocket(t, url, atNet);
  const resumed = await openSocket(t, url, { ...atNet, after: Position });
  const { integration } = await idsOf(server, atNet.tokens);
  const link = "INSERT INTO integration_enterprise (integration_id, enterprise_id, linked) VALUES (?1, ?2, 0)";
  await changeDirectory(app.store.db, (transaction) => transaction.run(...inSql(link, integration, third)));
  assert.deepEqual(await resumed.messages(1), before);
  const live = await addMessages(threads.third, threads.net);
  assert.deepEqual(await resumed.messages(3), [...before, ...live]);
  assert.deepEqual(await fresh.messages(2), live);
});

test("now is a position, too, for the socket and the feed", async (t) => {
  const { url, call, addThread, addMessages } = await world(t);
  const threads = [await addThread(gross), await addThread(net)];
  await addMessages(...threads);
  const socket = await openSocket(t, url, { after: "now" });
  const { Events, Position } = (await call("events/getAll", { After: "now" })).body;
  assert.deepEqual(Events, []);
  // The first one at its property.
  const sent = await addMessages(...threads, await addThread(third));
  assert.deepEqual(await socket.messages(3), sent);
  assert.deepEqual(idsIn(await call("events/getAll", { After: Position })), sent);
});

test("another client's position opens nothing of theirs", async (t) => {
  const { url, addThread, addMessages, addTo, call } = await world(t);
  const threads = { mine: await addThread(gross), theirs: await addThread(undefined, client2AtGross) };
  await addMessages(threads.mine);
  const { Position } = (await call("events/getAll", { Limitation: { Count: 1 } })).body;
  await addMessages(threads.mine);
  const { body } = await addTo([threads.theirs], client2AtGross);
  const theirs = [body.Messages[0]?.Message.Id];
  const socket = await openSocket(t, url, { ...client2AtGross, after: Position });
  assert.deepEqual(await socket.messages(1), theirs);
  assert.deepEqual(idsIn(await call("events/getAll", { After: Position }, client2AtGross)), theirs);
});

test("a client that reads catches up with thousands of messages, all of them, in order", async (t) => {
  const { url, addThread, addMessages, call } = await world(t);
  const threads = [await addThread(gross), await addThread(net), await addThread(third)];
  const { Position } = (await call("events/getAll")).body;
  const sent: string[] = [];
  for (let request = 0; request < 4; request += 1) {
    const targets = Array.from({ length: 1000 }, (_, index) => threads[index % 3] ?? "");
    sent.push(...(await addMessages(...targets)));
  }
  const socket = await openSocket(t, url, { after: Position });
  assert.deepEqual(await socket.messages(sent.length), sent);
  sent.push(...(await addMessages(...threads)));
  assert.deepEqual(await socket.messages(sent.length), sent);
});

async function addTo(server: TestServer, MessageThreadId: string): Promise<string> {
  const { body } = await server.call("messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] });
  return body.Messages[0]?.Message.Id ?? "";
}
