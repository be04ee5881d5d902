import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { connected } from "../support/delivery/raw-socket.ts";
import { startServer } from "../support/server/process.ts";
import { newDatabase } from "../support/server/server.ts";

const most = 350 * 1024;

/** In KiB, as Linux tells it. */
function peakMemory(pid: number | undefined): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
}

test("a thousand connections that withhold the last byte of 8 MiB take less than 350 MiB", async (t) => {
  const { url, child } = await startServer(t, "serve", newDatabase(t));
  const body = Buffer.from(`{"a":"${"a".repeat(8_000_000)}"`);
  const head = "POST /api/connector/v1/configuration/get HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n";
  const sockets = await Promise.all(Array.from({ length: 1000 }, () => connected(url)));
  let refused = 0;
  const enough = new Promise<void>((resolve) => {
    for (const socket of sockets) {
      socket.on("error", () => undefined);
      socket.once("close", () => {
        refused += 1;
        // At most four of them have room for all that they send.
        if (refused === 900) resolve();
      });
      socket.resume();
      socket.write(`${head}Content-Length: ${body.length + 1}\r\n\r\n`);
      socket.write(body);
    }
  });
  await enough;
  const asked = await fetch(`${url}/api/connector/v1/configuration/get`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: '{"ClientToken":"a","AccessToken":"b","Client":"c"}',
  });
  assert.equal(asked.status, 401);
  const peak = peakMemory(child.pid);
  assert.ok(peak < most, `${peak} KiB`);
  const closed = sockets.filter((socket) => !socket.closed).map((socket) => once(socket, "close"));
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
});
