import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";

const guest = { OriginalSender: "Guest", Subject: "Stay" };
const { call, sandbox, url, worlds } = await startTestSandbox({ after });

test("fifty worlds are worked with at the same time, and none sees another", async () => {
  const names = Array.from({ length: 50 }, (_, index) => `world-${index}`);
  const opened = await Promise.all(
    names.map(async (name) => {
      const { body } = await call("messageThreads/add", { ...guest, Subject: name }, name);
      return body.MessageThreads[0]?.Id ?? "";
    }),
  );
  assert.equal(new Set(opened).size, 50);
  await Promise.all(
    names.map(async (name, index) => {
      const { body } = await call("messageThreads/getAll", { MessageThreadIds: opened }, name);
      assert.deepEqual(
        body.MessageThreads.map(({ Id, Subject }) => [Id, Subject]),
        [[opened[index], name]],
      );
    }),
  );
  const { body } = await call("messageThreads/getAll", { MessageThreadIds: opened });
  assert.deepEqual(body.MessageThreads, []);
});

/** Asks under another name than the address has, as fetch can't. */
async function askAs(Host: string, path: string, headers: Record<string, string | number> = {}) {
  const asked = request(url + path, {
    method: path.endsWith("export") ? "GET" : "POST",
    headers: { Host, ...headers },
  });
  asked.flushHeaders();
  if (headers["Content-Length"] === undefined) asked.end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const said = await text(answer);
  asked.destroy();
  return { status: answer.statusCode, text: said };
}

test("a host's name leads to a world as the header does", async () => {
  const { body } = await call("messageThreads/add", guest, "by-host");
  const [thread] = body.MessageThreads;
  const { status, text } = await askAs(`by-host.localhost:${new URL(url).port}`, "/sandbox/v1/export");
  assert.equal(status, 200);
  assert.ok(text.includes(String(thread?.Id)));
});

test("a request from another machine is refused before its body is read", async () => {
  const unsent = { "Content-Type": "application/json", "Content-Length": 900_000_000 };
  const { status } = await askAs("evil.example", "/sandbox/v1/state/import", unsent);
  assert.equal(status, 404);
});

test("a connection that breaks off while its world is made disturbs no other connection", async () => {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(
    "GET /ws/connector HTTP/1.1\r\nHost: localhost\r\nInnbox-World: broken-off\r\n" +
      "Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
  );
  while (!worlds.names().includes("broken-off")) await setImmediate();
  socket.resetAndDestroy();
  assert.equal((await call("configuration/get", {}, "broken-off")).status, 200);
});

test("a world that is reset again and again answers everybody who asks meanwhile", async () => {
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      index % 6 === 0 ? sandbox("state/reset", {}, "restless") : call("configuration/get", {}, "restless"),
    ),
  );
  assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
});

test("a world's name that is none is refused with a sentence, and makes no world", async () => {
  const { status, body } = await call("enterprises/getAll", {}, "Not a name");
  assert.equal(status, 400);
  assert.match(body.Message, /^Innbox-World must have 1 to 63 lower-case letters, digits and hyphens\.$/);
  const byHost = await askAs("my_world.localhost", "/api/connector/v1/enterprises/getAll");
  assert.equal(byHost.status, 400);
  assert.match(byHost.text, /"A world's name in the host must have 1 to 63 lower-case letters, digits and hyphens\."/);
  const { body: list } = await sandbox("worlds/getAll");
  assert.ok(!list.Worlds.some(({ Name }) => Name === "Not a name"));
});

test("a world that is dropped begins afresh when it is asked again, and the default one stays", async () => {
  const { body } = await call("messageThreads/add", guest, "dropped");
  const MessageThreadIds = body.MessageThreads.map(({ Id }) => Id);
  assert.equal((await sandbox("worlds/drop", {}, "dropped")).status, 200);
  const { body: after } = await call("messageThreads/getAll", { MessageThreadIds }, "dropped");
  assert.deepEqual(after.MessageThreads, []);
  const { status, body: refusal } = await sandbox("worlds/drop");
  assert.equal(status, 409);
  assert.equal(refusal.Message, "The default world stays; reset it instead.");
});

test("every world has a clock of its own", async () => {
  await sandbox("clock/freeze", {}, "frozen");
  await sandbox("clock/set", { NowUtc: "2031-05-05T10:00:00Z" }, "frozen");
  const { body } = await call("messageThreads/add", guest, "frozen");
  assert.equal(body.MessageThreads[0]?.CreatedUtc, "2031-05-05T10:00:00Z");
  const { body: here } = await call("messageThreads/add", guest);
  assert.notEqual(here.MessageThreads[0]?.CreatedUtc.slice(0, 4), "2031");
});

test("a world that gets no requests any more is dropped, and one that is looked at is not", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval", "Date"], now: Date.now() });
  const server = await startTestSandbox(t);
  const thread = async (world: string) =>
    (await server.call("messageThreads/add", guest, world)).body.MessageThreads[0];
  const left = await thread("left");
  const watched = await thread("watched");
  const closing = new AbortController();
  await fetch(`${server.url}/sandbox/v1/live`, { headers: { "Innbox-World": "watched" }, signal: closing.signal });
  t.mock.timers.tick(11 * 60_000);
  assert.deepEqual(server.worlds.names().toSorted(), ["default", "watched"]);
  for (const [world, known, count] of [
    ["left", left, 0],
    ["watched", watched, 1],
  ] as const) {
    const { body } = await server.call("messageThreads/getAll", { MessageThreadIds: [known?.Id] }, world);
    assert.equal(body.MessageThreads.length, count);
  }
  closing.abort();
});
