import assert from "node:assert/strict";
import { once } from "node:events";
import { type TestContext, test } from "node:test";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { connected } from "../support/delivery/raw-socket.ts";
import { cookieOf, handshakeHeaders, openSocket } from "../support/delivery/socket.ts";
import { holdTime } from "../support/run/held-time.ts";
import { client2AtNet, world } from "../support/server/world.ts";

test("a server that stops says so to every client, and waits a second for those that do not answer", async (t) => {
  const { pass } = holdTime(t);
  const { url, app } = await world(t);
  const sockets = [await openSocket(t, url), await openSocket(t, url, client2AtNet), await openSocket(t, url)];
  const silent = await openByHand(t, url);
  const [stalled] = sockets.slice(-1);
  stalled?.client.pause();
  const stopped = app.stop();
  for (const socket of sockets.slice(0, -1)) {
    assert.deepEqual(await socket.ended(), { code: 1001, reason: "The server is stopping; connect again." });
  }
  pass(1000);
  await stopped;
  assert.ok(silent.destroyed || (await once(silent, "close")));
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
