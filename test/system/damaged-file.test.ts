import assert from "node:assert/strict";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, readlinkSync, writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import type { Scope } from "../support/run/scope.ts";
import { addFirstPartner } from "../support/server/first-partner.ts";
import { call, type ServerProcess, startServer } from "../support/server/process.ts";
import { type CallOptions, databaseFile, newDatabase } from "../support/server/server.ts";

const damaged = /The database is damaged\b.*: stop the server, keep a copy of the file, and restore a backup\./;

const guest = { OriginalSender: "Guest", Subject: "Towels" };

async function stop({ child, ended }: ServerProcess): Promise<void> {
  child.kill("SIGTERM");
  assert.equal((await ended).exitCode, 0);
}

/** A file in which a partner has written, and on which no server works. */
async function usedFile(t: Scope, command: "serve" | "dev" = "serve") {
  const database = newDatabase(t);
  const options: CallOptions = command === "serve" ? { tokens: (await addFirstPartner(database)).tokens } : {};
  const server = await startServer(t, command, database);
  const opened = await call(server.url, "messageThreads/add", guest, options);
  const MessageThreadId = opened.body.MessageThreads[0]?.Id;
  await call(server.url, "messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] }, options);
  await stop(server);
  return { database, options, asked: { MessageThreadIds: [MessageThreadId] } };
}

/** Overwrites the first page of a table with what is no page. */
function overwrite(database: string, table: string): void {
  const path = databaseFile(database);
  const opened = new DatabaseSync(path, { readOnly: true });
  const page = Number(opened.prepare("SELECT rootpage FROM sqlite_schema WHERE name = ?").get(table)?.rootpage);
  const size = Number(opened.prepare("PRAGMA page_size").get()?.page_size);
  opened.close();
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(size, 0xa5), 0, size, (page - 1) * size);
  closeSync(file);
}

async function readiness({ url }: ServerProcess) {
  const answer = await fetch(`${url}/health/ready`);
  return { status: answer.status, text: await answer.text() };
}

async function isNotReady(server: ServerProcess): Promise<void> {
  const { status, text } = await readiness(server);
  assert.equal(status, 503, text);
  assert.match(text, damaged);
  assert.equal((await fetch(`${server.url}/health/live`)).status, 200);
}

test("a server that starts on a damaged file is not ready, and says why", async (t) => {
  const { database } = await usedFile(t);
  overwrite(database, "message_thread");
  const server = await startServer(t, "serve", database);
  await server.printed(damaged);
  await isNotReady(server);
});

test("a server whose file is damaged while it runs finds it by itself, and is not ready any more", async (t) => {
  const { database } = await usedFile(t);
  const server = await startServer(t, "serve", database, ["--check-interval", "100ms"]);
  assert.equal((await readiness(server)).status, 200);
  overwrite(database, "message_thread");
  await server.printed(damaged);
  await isNotReady(server);
  await stop(server);
});

for (const command of ["serve", "dev"] as const) {
  test(`${command} is not ready any more once a request has met damage`, async (t) => {
    const { database, options, asked } = await usedFile(t, command);
    const server = await startServer(t, command, database, ["--check-interval", "off"]);
    assert.equal((await readiness(server)).status, 200);
    overwrite(database, "message");
    const answer = await call(server.url, "messages/getAll", asked, options);
    assert.equal(answer.status, 503, answer.text);
    await isNotReady(server);
  });
}

test("a file in order stays ready, however often it is checked while it is written to", async (t) => {
  const { database, options } = await usedFile(t);
  const server = await startServer(t, "serve", database, ["--check-interval", "100ms"]);
  for (let round = 0; round < 50; round += 1) {
    assert.equal((await call(server.url, "messageThreads/add", guest, options)).status, 200);
  }
  assert.deepEqual(await readiness(server), { status: 200, text: '{"Status":"ready"}' });
  assert.doesNotMatch(server.stdout(), /damage/);
});

/** Holds the next process that checks a server's file, at a moment at which it is reading there. */
async function holdCheck({ child }: ServerProcess, path: string): Promise<void> {
  const children = () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").split(" ").map(Number);
  const isReading = (pid: number) => {
    try {
      // A child that has yet to become the check has the server's own files open, and the server waits for it.
      if (!readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("sqlite/check-program")) return false;
      return readdirSync(`/proc/${pid}/fd`).some((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `${path}-shm`);
    } catch {
      // It has ended, or closed what it had open.
      return false;
    }
  };
  for (;;) {
    const pid = children().find((pid) => pid > 0 && isReading(pid));
    if (pid !== undefined) {
      process.kill(pid, "SIGSTOP");
      if (isReading(pid)) return;
      process.kill(pid, "SIGCONT");
    }
    await setImmediate();
  }
}

test("a stop ends the check that is under way, so that one file is left", async (t) => {
  const { database } = await usedFile(t);
  const server = await startServer(t, "serve", database, ["--check-interval", "100ms"]);
  await holdCheck(server, databaseFile(database));
  await stop(server);
  assert.ok(!existsSync(`${databaseFile(database)}-wal`));
});
