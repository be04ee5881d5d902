import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { openDatabase } from "../../src/store/store.ts";
import { connected } from "../support/delivery/raw-socket.ts";
import { cookieOf, handshakeHeaders, openSocket } from "../support/delivery/socket.ts";
import { newDatabase, startSandbox } from "../support/server/server.ts";

test("a client that goes away during its handshake takes no place from its access token", async (t) => {
  const database = newDatabase(t);
  const db = openDatabase(database);
  let beforeRead: (() => Promise<unknown>) | undefined;
  const all: typeof db.all = async (...asked) => {
    const first = beforeRead;
    beforeRead = undefined;
    await first?.();
    return db.all(...asked);
  };
  const { app, url } = await startSandbox(t, { database, "token-socket-limit": "1" }, { db: { ...db, all } });
  const { server } = app.server.fastify;
  const connections = promisify(server.getConnections.bind(server));
  const isGone = Promise.withResolvers<void>();
  const client = await connected(url);
  beforeRead = async () => {
    client.resetAndDestroy();
    while ((await connections()) > 0) await setImmediate();
    isGone.resolve();
  };
  const headers = Object.entries({ Host: "innbox", Cookie: cookieOf(demoTokens), ...handshakeHeaders });
  client.write(`GET /ws/connector HTTP/1.1\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n`);
  await isGone.promise;
  const socket = await openSocket(t, url);
  assert.equal(socket.client.readyState, socket.client.OPEN);
});
