import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { connected } from "../support/delivery/raw-socket.ts";
import type { Scope } from "../support/run/scope.ts";
import { addFirstPartner } from "../support/server/first-partner.ts";
import { call, startLimitedServer } from "../support/server/process.ts";
import { newDatabase } from "../support/server/server.ts";

/** Enough for a server to start. */
const descriptors = 64;

/** A monitor that keeps its connection. */
function monitor(t: Scope, url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  return async () => {
    const asked = request(`${url}/health/ready`, { agent });
    asked.end();
    const [answer] = (await once(asked, "response")) as [IncomingMessage];
    return { status: answer.statusCode, text: await text(answer) };
  };
}

/** Opens connections until the server closes one, since it has no descriptor for it. @returns those that stay open */
async function exhaust(t: Scope, url: string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  t.after(() => {
    for (const socket of sockets) socket.destroy();
  });
  const closed = new Promise<boolean>((resolve) => {
    const open = async () => {
      for (let number = 0; number < 2 * descriptors; number += 1) {
        const socket = await connected(url);
        socket.on("error", () => undefined);
        socket.on("close", () => resolve(true)).resume();
        sockets.push(socket);
      }
    };
    void open();
  });
  await closed;
  return sockets;
}

test("a server without descriptors says so in its log and to monitors, and serves again when some are free", async (t) => {
  const database = newDatabase(t);
  const { tokens } = await addFirstPartner(database);
  const server = await startLimitedServer(t, descriptors, "serve", database);
  const ask = monitor(t, server.url);
  assert.equal((await ask()).status, 200);
  const sockets = await exhaust(t, server.url);
  await server.printed(/out of file descriptors: new connections are closed.* Seen once since the log last said so\./);
  const { status, text } = await ask();
  assert.equal(status, 503);
  assert.match(text, /out of file descriptors.*its limit of open files is too low/);

  for (const socket of sockets) socket.destroy();
  // It takes a turn of its loop until the server has closed them all.
  while ((await ask()).status === 503);
  const guest = { OriginalSender: "Guest", Subject: "Towels" };
  assert.equal((await call(server.url, "messageThreads/add", guest, { tokens })).status, 200);
  server.child.kill("SIGTERM");
  assert.equal((await server.ended).exitCode, 0);
});
