import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { connected } from "../../support/delivery/raw-socket.ts";
import { startBareServer } from "../../support/server/bare-server.ts";

const request = "GET /quick HTTP/1.1\r\nHost: innbox\r\n\r\n";

async function statusOn(url: string, sent = ""): Promise<string> {
  const socket = await connected(url);
  socket.on("error", () => undefined);
  socket.write(sent);
  const [answer] = await once(socket, "data");
  socket.destroy();
  return String(answer).slice(9, 12);
}

for (const [flag, status, kind] of [
  ["connection-limit", "503", "connections"],
  ["network-connection-limit", "429", "connections of one network"],
] as const) {
  test(`over --${flag} a connection is answered ${status}, and there is room once another has gone`, async (t) => {
    const { url, server, refused } = await startBareServer(t, { [flag]: "2" }, ({ fastify }) => {
      fastify.get("/quick", async () => "quick");
    });
    const gone = new Promise<void>((resolve) => {
      server.fastify.server.once("connection", (socket) => socket.once("close", () => resolve()));
    });
    const first = await connected(url);
    first.write(request);
    await once(first, "data");
    const second = await connected(url);
    second.write(request);
    await once(second, "data");
    assert.equal(await statusOn(url), status);
    assert.deepEqual(refused, [kind]);
    first.destroy();
    await gone;
    const third = await connected(url);
    third.write(request);
    assert.match(String((await once(third, "data"))[0]), /^HTTP\/1\.1 200 /);
    second.destroy();
    third.destroy();
  });
}

/** The server's end of a connection that its client has reset already, of which the server does not know yet. */
async function resetConnection(t: TestContext): Promise<Socket> {
  const listener = createServer({ pauseOnConnect: true }).listen(0, "127.0.0.1");
  t.after(() => listener.close());
  await once(listener, "listening");
  const accepted = once(listener, "connection");
  const client = await connected(`http://127.0.0.1:${(listener.address() as AddressInfo).port}`);
  const [end] = await accepted;
  client.resetAndDestroy();
  return end;
}

test("a connection that is refused may have been reset meanwhile, and the server goes on", async (t) => {
  const { server, refused } = await startBareServer(t, {}, () => undefined, { connectionLimit: 0 });
  const end = await resetConnection(t);
  const closed = new Promise((resolve) => end.once("close", resolve));
  server.fastify.server.emit("connection", end);
  await closed;
  assert.deepEqual(refused, ["connections"]);
});

test("a tunnel that is refused may have been reset meanwhile, and the server goes on", async (t) => {
  const { server, url } = await startBareServer(t, {}, ({ fastify }) => {
    fastify.get("/quick", async () => "quick");
  });
  const end = await resetConnection(t);
  const closed = new Promise((resolve) => end.once("close", resolve));
  server.fastify.server.emit("connect", undefined, end, Buffer.alloc(0));
  await closed;
  assert.equal(await statusOn(url, request), "200");
});

test("behind a trusted proxy the requests of one client's network are limited, and not the proxy's", async (t) => {
  const flags = { "network-connection-limit": "1", "trust-proxy": "127.0.0.1" };
  let begun: () => void = () => undefined;
  let done: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    done = resolve;
  });
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const { url, refused } = await startBareServer(t, flags, ({ fastify }) => {
    fastify.get("/quick", async () => "quick");
    fastify.get("/slow", async () => {
      begun();
      await finished;
      return "slow";
    });
  });
  const ask = async (path: string, from: string) =>
    (await fetch(`${url}${path}`, { headers: { "X-Forwarded-For": from } })).status;
  const slow = ask("/slow", "2001:db8::1");
  await hasBegun;
  assert.equal(await ask("/quick", "2001:db8::2"), 429);
  assert.equal(await ask("/quick", "192.0.2.1"), 200);
  assert.deepEqual(refused, ["requests of one network"]);
  done();
  assert.equal(await slow, 200);
});
