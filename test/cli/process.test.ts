import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { Problem } from "../../src/core/problem.ts";
import { version } from "../../src/core/version.ts";
import { withWayOut } from "../../src/core/ways-out.ts";
import { fileScope, type Scope } from "../support/run/scope.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { call, innbox, innboxData, innboxJson, paste, startServer } from "../support/server/process.ts";
import {
  databaseFile,
  newDatabase,
  startInstallation,
  startSandbox,
  temporaryFolder,
} from "../support/server/server.ts";

const secretGuest = { OriginalSender: "Zebediah Q. Secretive", Subject: "A very private matter" };
const interval = { StartUtc: "2022-03-01T00:00:00Z", EndUtc: "2022-05-01T00:00:00Z" };

async function firstRun(t: Scope) {
  const database = newDatabase(t);
  const server = await startServer(t, "dev", database);
  await server.printed(/\/docs\n\n/);
  const greeting = server.stdout();
  const command = (start: string) => greeting.split("\n").find((line) => line.trim().startsWith(start)) ?? "";
  return { ...server, database, greeting, curl: command("curl "), next: command("npm ") };
}

const scope = fileScope();
let shared: ReturnType<typeof firstRun> | undefined;

/** One for all tests that mind nothing of what others did there. */
function sharedRun(): ReturnType<typeof firstRun> {
  shared ??= firstRun(scope);
  return shared;
}

test("the first run says in under 15 lines what it is, where it is, and what to do next", async () => {
  const { url, greeting, stderr, database, curl, next } = await sharedRun();
  assert.ok(greeting.trim().split("\n").length < 15);
  assert.ok(greeting.includes(`Innbox ${version} sandbox at ${url}`));
  assert.match(greeting, /tokens are public/);
  assert.ok(greeting.includes(database.slice("sqlite:".length)), "where the data is");
  assert.ok(greeting.includes(`${url}/docs`));
  assert.ok(curl && next);
  assert.equal(stderr(), "");
});

test("the curl command of the first run works when pasted, and so does the next step", async () => {
  const { url, curl, next } = await sharedRun();
  const pasted = await paste(curl);
  assert.equal(pasted.exitCode, 0, pasted.stderr);
  const answer = JSON.parse(pasted.stdout) as { MessageThreads: { Id: string; Subject: string }[] };
  const [thread] = answer.MessageThreads;
  assert.equal(thread?.Subject, "Late arrival");

  const replied = await paste(next.replace("--thread ID", `--thread ${thread?.Id}`));
  assert.equal(replied.exitCode, 0, replied.stderr);
  const { body } = await call(url, "messages/getAll", { MessageThreadIds: [thread?.Id] });
  assert.deepEqual(
    body.Messages.map(({ Id, Text }) => [Id, Text]),
    [[replied.stdout.trim(), "See you tonight!"]],
  );
});

test("after the greeting each request is one line, without body, token, sender or subject", async () => {
  const { url, printed, stdout, stderr } = await sharedRun();
  await call(url, "messageThreads/add", secretGuest);
  await call(url, "messageThreads/add", { ...secretGuest, Subject: "" });
  await call(url, "messageThreads/add", secretGuest, { tokens: { ClientToken: "nobodys", AccessToken: "nobodys" } });
  await fetch(`${url}/secretive?guest=Zebediah`);
  await printed(/404 {2}GET \(unknown.*\n/);
  const lines = stdout().trimEnd().split("\n").slice(-4);
  const add = "POST /api/connector/v1/messageThreads/add";
  assert.deepEqual(
    lines.map((line) => /^\d\d:\d\d:\d\d {2}(\d{3} {2}\S+ .+?) {2}[\d.]+ ms$/.exec(line)?.[1]),
    [`200  ${add}`, `400  ${add}`, `401  ${add}`, "404  GET (unknown address)"],
  );
  assert.doesNotMatch(lines.join("\n"), /Zebediah|private|secretive|nobodys|E0D439EE|C66EF7B2/i);
  assert.equal(stderr(), "");
});

test("production logs JSON lines without body, token, sender or subject", async (t) => {
  const database = newDatabase(t);
  const { url, printed, stdout } = await startServer(t, "serve", database);
  await call(url, "messageThreads/add", secretGuest);
  await printed(/"status":401.*\n/);
  const [note, answered] = stdout()
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(note?.msg, `Innbox ${version} listens at ${url}`);
  assert.deepEqual([answered?.status, answered?.route], [401, "/api/connector/v1/messageThreads/add"]);
  assert.match(String(answered?.requestId), /^[0-9a-f-]{36}$/);
  assert.doesNotMatch(stdout(), /Zebediah|private|E0D439EE|C66EF7B2/i);
});

test("a stop leaves all that was acknowledged in a single file, and a restart does not make the demo world twice", async (t) => {
  const { url, database, child, ended } = await firstRun(t);
  const added = await call(url, "messageThreads/add", secretGuest);
  const [thread] = added.body.MessageThreads;
  const published = await call(url, "messageThreads/getAll", { CreatedUtc: interval });
  assert.equal(published.body.MessageThreads.length, 4);
  child.kill("SIGTERM");
  assert.equal((await ended).exitCode, 0);
  const file = new DatabaseSync(databaseFile(database), { readOnly: true });
  const row = file.prepare("SELECT count(*) AS count FROM message_thread WHERE document LIKE ?");
  assert.deepEqual({ ...row.get(`%${secretGuest.Subject}%`) }, { count: 1 });
  assert.equal(Object.values(file.prepare("PRAGMA integrity_check").get() ?? {})[0], "ok");
  file.close();

  const again = await startSandbox(t, { database });
  assert.deepEqual((await call(again.url, "messageThreads/getAll", { CreatedUtc: interval })).body, published.body);
  const kept = await call(again.url, "messageThreads/getAll", { MessageThreadIds: [thread?.Id] });
  assert.deepEqual(kept.body.MessageThreads, [thread]);
  const enterprises = await innboxJson<unknown[]>("enterprise", "list", "--database", database);
  assert.equal(enterprises.length, 3);
});

test("the reference loads nothing from elsewhere", async () => {
  const { url } = await sharedRun();
  const docs = await fetch(`${url}/docs`);
  const reference = await docs.text();
  assert.equal(docs.status, 200);
  assert.doesNotMatch(reference, /https?:\/\//);
  const assets = [...reference.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? "");
  assert.equal(assets.length, 3);
  for (const path of assets) assert.equal((await fetch(url + path)).status, 200, path);
  const described = (await (await fetch(`${url}/openapi.json`)).json()) as { openapi: string; info: object };
  assert.match(described.openapi, /^3\.1\./);
  assert.deepEqual({ ...described.info, version }, described.info);
});

test("the server says that it lives, and that it is ready", async (t) => {
  const { url } = await startSandbox(t);
  for (const [path, status] of [
    ["live", "live"],
    ["ready", "ready"],
  ]) {
    const answer = await fetch(`${url}/health/${path}`);
    assert.equal(answer.status, 200);
    assert.deepEqual(await answer.json(), { Status: status });
    assert.match(answer.headers.get("Request-Id") ?? "", /^[0-9a-f-]{36}$/);
  }
});

/** A start that must fail with a sentence. */
async function failsToStart(start: Promise<unknown>, sentence: RegExp) {
  await assert.rejects(start, (error) => error instanceof Problem && sentence.test(withWayOut(error)));
}

test("a port in use: one sentence and the way out, without a stack, and exit code 1", async (t) => {
  const { url } = await startSandbox(t);
  const { port } = new URL(url);
  const { exitCode, stdout, stderr } = await innbox(["dev", "--port", port, "--database", newDatabase(t)]);
  assert.deepEqual([exitCode, stdout], [1, ""], stderr);
  assert.match(stderr, new RegExp(`^Port ${port} is in use\\..* choose another port with --port\\.\\n$`));
});

test("a folder that can't be written to: one sentence and the way out", async (t) => {
  // Below a regular file, where root can't write either.
  const file = join(temporaryFolder(t), "file");
  writeFileSync(file, "");
  const start = startSandbox(t, { database: `sqlite:${join(file, "data", "innbox.db")}` });
  await failsToStart(start, /^The database .* can't be opened .* name another with --database\.$/);
});

test("a database made by a newer version: one sentence and the way out", async (t) => {
  const database = newDatabase(t);
  await innboxData("migrate", "--database", database);
  const file = new DatabaseSync(database.slice("sqlite:".length));
  file.exec("INSERT INTO schema_migration (number, name, checksum, applied) VALUES (999, 'from-the-future', 'x', 0)");
  file.close();
  const sentence = /^The database was made by a newer version .* Start that version or a newer one\.$/;
  await failsToStart(startInstallation(t, database), sentence);
});

test("serve refuses a sandbox's database, and dev refuses a real one", async (t) => {
  const [sandbox, production, served] = [newDatabase(t), newDatabase(t), newDatabase(t)];
  await startSandbox(t, { database: sandbox });
  await innboxData("client", "add", "--name", "Chatbot Inc.", "--database", production);
  await (await startInstallation(t, served)).stop();
  await failsToStart(startInstallation(t, sandbox), /demo tokens.* Name another one with --database\.$/);
  for (const database of [production, served]) {
    await failsToStart(startTestSandbox(t, { database }), /own installation.* Name another one with --database\.$/);
  }
});
