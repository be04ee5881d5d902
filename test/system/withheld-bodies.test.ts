import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { connected } from "../support/delivery/raw-socket.ts";
import { projectFolder, startServer } from "../support/server/process.ts";
import { newDatabase } from "../support/server/server.ts";

/** While the flood lasts, in KiB. */
const most = 350 * 1024;

/** After the flood. Node's own heap has grown by some 60 MiB and is slow to shrink. */
const mostKept = 256 * 1024;

/** The variables that `npm run innbox` sets. */
function scriptVariables(): Record<string, string> {
  const { scripts } = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8"));
  return Object.fromEntries(
    [...String(scripts.innbox).matchAll(/(MALLOC_\w+)=(\S+)/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

/** Resident memory in KiB, as Linux gives it: `VmRSS` is that of now, and `VmHWM` the most there was. */
function memory(pid: number | undefined, name: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]);
}

test("a thousand connections that withhold the last byte of 8 MiB take less than 350 MiB, most of which is given back", async (t) => {
  const { url, child } = await startServer(t, "serve", newDatabase(t), [], { env: scriptVariables() });
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
  const peak = memory(child.pid, "VmHWM");
  assert.ok(peak < most, `${peak} KiB`);
  const closed = sockets.filter((socket) => !socket.closed).map((socket) => once(socket, "close"));
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
  let kept = Number.POSITIVE_INFINITY;
  // What Node collects as garbage is collected when more is asked of it.
  for (let asked = 0; asked < 3000 && kept > mostKept; asked += 1) {
    await (await fetch(`${url}/health/live`)).text();
    kept = memory(child.pid, "VmRSS");
  }
  assert.ok(kept < mostKept, `${kept} KiB more than before`);
  assert.ok(kept < mostKept, `${kept} KiB are kept`);
});
