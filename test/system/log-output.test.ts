import assert from "node:assert/strict";
import { closeSync, openSync } from "node:fs";
import { test } from "node:test";
import type { Scope } from "../support/run/scope.ts";
import { logPipe, sharingProgram } from "../support/server/log-pipe.ts";
import { type ServerProcess, startServer } from "../support/server/process.ts";
import { newDatabase } from "../support/server/server.ts";

/** More lines than a pipe and the smallest buffer hold. */
const manyRequests = 700;

const smallBuffer = ["--log-buffer", "16384"];

/** Throws where nothing catches it, when the terminal is said to have changed its size. */
const crashAtSignal = `--import=data:text/javascript,${encodeURIComponent(
  'process.on("SIGWINCH", () => { throw new Error("A fault that nobody foresaw"); })',
)}`;

interface Line {
  readonly msg: string;
  readonly lost?: number;
  readonly reason?: string;
}

async function serveTo(t: Scope, stdout: number, env: Record<string, string> = {}): Promise<ServerProcess> {
  return startServer(t, "serve", newDatabase(t), smallBuffer, { stdout, env });
}

/** Requests, a few at a time, each of which must be answered. */
async function ask({ url }: ServerProcess, count: number): Promise<void> {
  let left = count;
  const askInTurn = async () => {
    while (left-- > 0) {
      const answer = await fetch(`${url}/nowhere`);
      assert.equal(answer.status, 404);
      await answer.text();
    }
  };
  await Promise.all(Array.from({ length: 8 }, askInTurn));
}

async function stop({ child, ended }: ServerProcess): Promise<void> {
  child.kill("SIGTERM");
  const { exitCode, signal } = await ended;
  assert.deepEqual([exitCode, signal], [0, null]);
}

function linesOf(text: string): Line[] {
  const whole = text.slice(0, text.lastIndexOf("\n"));
  return whole.split("\n").map((line) => JSON.parse(line) as Line);
}

/** How many requests the log accounts for: by a line of their own, or among those that it says were lost. */
function accountedFor(text: string): number {
  const lines = linesOf(text);
  return lines.reduce((sum, { msg, lost = 0 }) => sum + (msg === "answered" ? 1 : lost), 0);
}

test("a log that no program reads holds up no answer, and says how many lines it lost once one reads it", async (t) => {
  const pipe = logPipe(t);
  const server = await serveTo(t, pipe.writer);
  await ask(server, manyRequests);
  const text = await pipe.readUntil((text) => text.includes("\n") && accountedFor(text) >= manyRequests);
  assert.equal(accountedFor(text), manyRequests);
  const losses = linesOf(text).filter(({ lost }) => lost);
  assert.equal(losses.length, 1, "one line says it");
  assert.equal(losses[0]?.reason, "EAGAIN");
  assert.match(losses[0]?.msg ?? "", /^\d+ lines of the log could not be written \(EAGAIN\) and were left out here\.$/);
  await stop(server);
});

test("a server whose log no program reads stops when it is asked to", async (t) => {
  const server = await serveTo(t, logPipe(t).writer);
  await ask(server, manyRequests);
  await stop(server);
});

test("a server whose log has lost its reader goes on, and stops when it is asked to", async (t) => {
  const pipe = logPipe(t);
  const server = await serveTo(t, pipe.writer);
  pipe.destroy();
  await ask(server, manyRequests);
  await stop(server);
});

test("a server whose log is on a full disk goes on, and stops when it is asked to", async (t) => {
  const full = openSync("/dev/full", "w");
  t.after(() => closeSync(full));
  const server = await serveTo(t, full);
  await ask(server, manyRequests);
  await stop(server);
});

test("a log pipe that another program made blocking holds up no answer, nor the end", async (t) => {
  const pipe = logPipe(t);
  const other = await sharingProgram(t, pipe.writer);
  const server = await serveTo(t, pipe.writer);
  await other.end();
  await ask(server, manyRequests);
  server.child.kill("SIGTERM");
  // Node itself would wait for the write that the system holds, so the process is ended from outside of it.
  assert.equal((await server.ended).signal, "SIGKILL");
});

test("a crash is the last line of the log, and ends the server with 1", async (t) => {
  const env = { NODE_OPTIONS: crashAtSignal };
  const server = await startServer(t, "serve", newDatabase(t), [], { env });
  server.child.kill("SIGWINCH");
  const { exitCode, stdout } = await server.ended;
  assert.equal(exitCode, 1);
  const last = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as { level: number; error: string };
  assert.equal(last.level, 50);
  assert.match(last.error, /A fault that nobody foresaw\n +at /);
});

test("a crash ends a server whose log no program reads", async (t) => {
  const server = await serveTo(t, logPipe(t).writer, { NODE_OPTIONS: crashAtSignal });
  await ask(server, manyRequests);
  server.child.kill("SIGWINCH");
  assert.equal((await server.ended).exitCode, 1);
});
