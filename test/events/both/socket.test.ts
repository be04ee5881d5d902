import assert from "node:assert/strict";
import { test } from "node:test";
import { openSocket } from "../../support/delivery/socket.ts";
import { innbox } from "../../support/server/process.ts";
import { startSandbox } from "../../support/server/server.ts";
import {
  atNet,
  client2AtGross,
  client2AtNet,
  enterprises,
  gross,
  guest,
  net,
  publishedThread,
  third,
  world,
} from "../../support/server/world.ts";

test("a message is told of in one frame as the contract has it, of the application and of the staff", async (t) => {
  const { url, addThread, addMessages, staff } = await world(t);
  const thread = await addThread();
  const socket = await openSocket(t, url);
  const [sent] = await addMessages(thread);
  await socket.messages(1);
  const replied = await staff("reply", thread);
  await socket.messages(2);
  const frameOf = (Id: string | undefined, Position: string | undefined) => ({
    Events: [{ Type: "Message", Id, MessageThreadId: thread }],
    Position,
  });
  const [first, second] = socket.frames.map(({ Position }) => Position);
  assert.deepEqual(socket.frames, [frameOf(sent, first), frameOf(replied, second)]);
  assert.match(first ?? "", /^[\w-]+$/);
  assert.notEqual(first, second);
});

test("messages of one request come in its order, at most a hundred in a frame", async (t) => {
  const { url, addThread, addMessages } = await world(t);
  const [a, b] = [await addThread(gross), await addThread(third)];
  const socket = await openSocket(t, url);
  const targets = Array.from({ length: 150 }, (_, index) => (index % 3 === 0 ? a : b));
  const sent = await addMessages(...targets);
  assert.deepEqual(await socket.messages(150), sent);
  const events = socket.frames.flatMap(({ Events }) => Events);
  assert.deepEqual(
    events.map(({ MessageThreadId }) => MessageThreadId),
    targets,
  );
  assert.ok(socket.frames.every(({ Events }) => Events.length <= 100));
});

test("nothing that was before the connection is told of", async (t) => {
  const { url, addThread, addMessages } = await world(t);
  const thread = await addThread(net);
  await addMessages(thread, thread, publishedThread);
  const socket = await openSocket(t, url);
  const sent = await addMessages(thread);
  assert.deepEqual(await socket.messages(1), sent);
});

test("a portfolio hears of all its properties, a token of one property of that one, and neither of other clients", async (t) => {
  const { url, addThread, addMessages, addTo, staff } = await world(t);
  const portfolio = await openSocket(t, url);
  const atOne = await openSocket(t, url, atNet);
  const others = { gross: await openSocket(t, url, client2AtGross), net: await openSocket(t, url, client2AtNet) };

  const theirs = { gross: await addThread(undefined, client2AtGross), net: await addThread(undefined, client2AtNet) };
  const [atGross, ...elsewhere] = await Promise.all(enterprises.map((id) => addThread(id)));
  assert.ok(atGross);
  const theirIds = {
    gross: (await addTo([theirs.gross], client2AtGross)).body.Messages.map(({ Message }) => Message.Id),
    net: [await staff("reply", theirs.net)],
  };
  const ids = await addMessages(atGross, ...elsewhere);

  assert.deepEqual(await portfolio.messages(3), ids);
  assert.deepEqual(await atOne.messages(1), ids.slice(1, 2));
  assert.deepEqual(await others.gross.messages(1), theirIds.gross);
  assert.deepEqual(await others.net.messages(1), theirIds.net);
});

test("threads that are opened, resolved and reopened make no frame, and the next one's Position is behind them", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { url, addThread, addMessages, staff, call } = await world(t);
  const { Position } = (await call("events/getAll")).body;
  const socket = await openSocket(t, url);
  const threads = [await addThread(gross), await addThread(third)];
  // More than one look at the log brings; nor does the server look again by itself.
  for (let round = 0; round < 55; round += 1) {
    for (const thread of threads) await staff(round % 2 === 0 ? "resolve" : "reopen", thread);
  }
  // The first one is reopened by its message, too.
  const sent = await addMessages(...threads);
  assert.deepEqual(await socket.messages(2), sent);
  const later = await openSocket(t, url, { after: Position });
  assert.deepEqual(await later.messages(2), sent);
  await staff("resolve", threads[0] ?? "");
  sent.push(...(await addMessages(threads[1] ?? "")));
  for (const one of [socket, later]) {
    assert.deepEqual(await one.messages(3), sent);
    const { body } = await call("events/getAll", { After: one.position() });
    assert.deepEqual(body.Events, []);
  }
});

test("every connection of an integration hears everything, without waiting for the next look at what others commit", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { url, addThread, addMessages } = await world(t);
  const thread = await addThread(net);
  const sockets = [];
  for (const options of [{}, {}, atNet, atNet, {}]) sockets.push(await openSocket(t, url, options));
  const sent = [...(await addMessages(thread)), ...(await addMessages(thread))];
  for (const socket of sockets) assert.deepEqual(await socket.messages(2), sent);
  // The others don't miss one that hangs up.
  assert.equal((await sockets[0]?.close())?.code, 1005);
  sent.push(...(await addMessages(thread)));
  for (const socket of sockets.slice(1)) assert.deepEqual(await socket.messages(3), sent);
  assert.equal(sockets[0]?.ids().length, 2);
});

test("what another process commits arrives by itself", async (t) => {
  const server = await startSandbox(t);
  const other = await startSandbox(t, { database: server.database });
  const socket = await openSocket(t, server.url);
  const thread = (await other.call("messageThreads/add", guest)).body.MessageThreads[0]?.Id ?? "";
  const message = { MessageThreadId: thread, Text: "Hello" };
  const { body } = await other.call("messages/add", { Messages: [message] });
  const expected = [body.Messages[0]?.Message.Id];
  assert.deepEqual(await socket.messages(1), expected);

  const command = ["sandbox", "reply", "--thread", thread, "--text", "Hello", "--database", server.database];
  const { exitCode, stdout } = await innbox(command);
  assert.equal(exitCode, 0);
  assert.deepEqual(await socket.messages(2), [...expected, stdout.trim()]);
});

test("two processes that write in turn are heard in the order of each property's log", async (t) => {
  const servers = [await startSandbox(t)];
  const database = servers[0]?.database ?? "";
  servers.push(await startSandbox(t, { database }));
  const socket = await openSocket(t, servers[0]?.url ?? "");
  const thread = (await servers[1]?.call("messageThreads/add", guest))?.body.MessageThreads[0]?.Id;
  const expected: (string | undefined)[] = [];
  for (let turn = 0; turn < 40; turn += 1) {
    const answer = await servers[turn % 2]?.call("messages/add", {
      Messages: [{ MessageThreadId: thread, Text: "Hello" }],
    });
    expected.push(answer?.body.Messages[0]?.Message.Id);
  }
  assert.deepEqual(await socket.messages(expected.length), expected);
});

test("what a client says is ignored, and ends its own connection alone when it is too long or no WebSocket", async (t) => {
  const { url, addThread, addMessages } = await world(t);
  const thread = await addThread();
  const talkative = await openSocket(t, url);
  const endless = await openSocket(t, url);
  const rude = await openSocket(t, url);
  talkative.client.send('{"Events":[]}');
  talkative.client.send(Buffer.alloc(1024));
  endless.client.send("x".repeat(1025));
  assert.equal((await endless.ended()).code, 1009);
  // A frame without a mask.
  rude.client.send("x", { mask: false });
  assert.equal((await rude.ended()).code, 1002);
  const sent = await addMessages(thread);
  assert.deepEqual(await talkative.messages(1), sent);
});
