import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { Agent, type IncomingMessage, request } from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { demoTokens } from "../../src/sandbox/demo-world.ts";
import { version } from "../../src/version.ts";
import { call, innbox, innboxData, innboxJson, npmStart, paste, startServer } from "../support/process.ts";
import { connected } from "../support/raw-socket.ts";
import { fileScope, type Scope } from "../support/scope.ts";
import { databaseFile, newDatabase, startSandbox, temporaryFolder } from "../support/server.ts";

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

test("after the greeting each request is one line, without body, token, sender or subject", async (t) => {
  const { url, greeting, printed, stdout, stderr } = await firstRun(t);
  await call(url, "messageThreads/add", secretGuest);
  await call(url, "messageThreads/add", { ...secretGuest, Subject: "" });
  await call(url, "messageThreads/add", secretGuest, { tokens: { ClientToken: "nobodys", AccessToken: "nobodys" } });
  await fetch(`${url}/secretive?guest=Zebediah`);
  await printed(/404 .*\n/);
  const lines = stdout().slice(greeting.length).trimEnd().split("\n");
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

  const again = await startServer(t, "dev", database);
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

/** A start that must fail: one line that matches, no stack, exit code 1. */
async function failsToStart(args: readonly string[], sentence: RegExp) {
  const { exitCode, stdout, stderr } = await innbox(args);
  assert.deepEqual([exitCode, stdout], [1, ""], stderr);
  assert.match(stderr, sentence);
  assert.equal(stderr.trimEnd().split("\n").length, 1, stderr);
}

test("a port in use: one sentence and the way out", async (t) => {
  const { url } = await startSandbox(t);
  const { port } = new URL(url);
  const args = ["dev", "--port", port, "--database", newDatabase(t)];
  await failsToStart(args, new RegExp(`^Port ${port} is in use\\..* choose another port with --port\\.\\n$`));
});

test("a folder that can't be written to: one sentence and the way out", async (t) => {
  // Below a regular file, where root can't write either.
  const file = join(temporaryFolder(t), "file");
  writeFileSync(file, "");
  const args = ["dev", "--port", "0", "--database", `sqlite:${join(file, "data", "innbox.db")}`];
  await failsToStart(args, /^The database .* can't be opened .* name another with --database\.\n$/);
});

test("a database made by a newer version: one sentence and the way out", async (t) => {
  const database = newDatabase(t);
  await innboxData("migrate", "--database", database);
  const file = new DatabaseSync(database.slice("sqlite:".length));
  file.exec("INSERT INTO schema_migration (number, name, checksum, applied) VALUES (999, 'from-the-future', 'x', 0)");
  file.close();
  const args = ["serve", "--port", "0", "--database", database];
  await failsToStart(args, /^The database was made by a newer version .* Start that version or a newer one\.\n$/);
});

test("serve refuses a sandbox's database, and dev refuses a real one", async (t) => {
  const [sandbox, production, served] = [newDatabase(t), newDatabase(t), newDatabase(t)];
  await startSandbox(t, { database: sandbox });
  await innboxData("client", "add", "--name", "Chatbot Inc.", "--database", production);
  const server = await startServer(t, "serve", served);
  server.child.kill("SIGTERM");
  await server.ended;
  const start = (command: string, database: string) => [command, "--port", "0", "--database", database];
  await failsToStart(start("serve", sandbox), /demo tokens.* Name another one with --database\.\n$/);
  await failsToStart(start("dev", production), /own installation.* Name another one with --database\.\n$/);
  await failsToStart(start("dev", served), /own installation.* Name another one with --database\.\n$/);
});

const threeCommands = /(?:\n {2}npm .+){3}\n/;

test("serve without any client knows no demo token and tells the commands that let the first one in", async (t) => {
  const { url, noted } = await startServer(t, "serve", newDatabase(t));
  assert.equal((await call(url, "configuration/get")).status, 401);
  const commands = (await noted(threeCommands)).match(/npm .+/g) ?? [];
  const [addEnterprise = "", addClient = "", addIntegration = ""] = commands;
  const enterprise = await paste(addEnterprise);
  assert.match(enterprise.stdout, /^[0-9a-f-]{36}\n$/, enterprise.stderr);
  const client = await paste(addClient);
  const clientId = /id ([0-9a-f-]{36})/.exec(client.stderr)?.[1] ?? "";
  const connect = addIntegration.replace("CLIENT-ID", clientId).replace("ENTERPRISE-ID", enterprise.stdout.trim());
  const integration = await paste(connect);
  const tokens = { ClientToken: client.stdout.trim(), AccessToken: integration.stdout.trim() };
  assert.equal((await call(url, "configuration/get", {}, { tokens })).status, 200);
});

test("the commands that serve tells work for a path with a space, too", async (t) => {
  const database = `sqlite:${join(temporaryFolder(t), "my hotel.db")}`;
  const { noted } = await startServer(t, "serve", database);
  const [addEnterprise = ""] = (await noted(threeCommands)).match(/npm .+/g) ?? [];
  const { exitCode, stderr } = await paste(addEnterprise);
  assert.equal(exitCode, 0, stderr);
  assert.equal((await innboxJson<unknown[]>("enterprise", "list", "--database", database)).length, 1);
});

/** A request whose second half is still to come. */
async function halfSent(t: TestContext, url: string) {
  const { hostname } = new URL(url);
  const body = JSON.stringify({ ...demoTokens, Client: "Test", ...secretGuest });
  const socket = await connected(url);
  t.after(() => socket.destroy());
  const answer = text(socket);
  const head = `Host: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}`;
  const line = "POST /api/connector/v1/messageThreads/add HTTP/1.1";
  await sent(socket, `${line}\r\n${head}\r\n\r\n${body.slice(0, 20)}`);
  return { complete: () => sent(socket, body.slice(20)), answer };
}

function sent(socket: Socket, part: string): Promise<void> {
  return new Promise((resolve, reject) => socket.write(part, (error) => (error ? reject(error) : resolve())));
}

/** A caller that keeps one connection open, as partners do. */
function keptAlive(t: TestContext, url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  return async (path = "/health/ready") => {
    const outgoing = request(url + path, { agent });
    outgoing.end();
    const [answer] = (await once(outgoing, "response")) as [IncomingMessage];
    await text(answer);
    return { status: answer.statusCode, retryAfter: answer.headers["retry-after"], isReused: outgoing.reusedSocket };
  };
}

/** Sends `signal` while a request is half sent and a connection is open; resolves when the server is stopping. */
async function stopping(t: TestContext, signal: "SIGTERM" | "SIGINT") {
  const server = await startServer(t, "dev", newDatabase(t));
  const half = await halfSent(t, server.url);
  const ask = keptAlive(t, server.url);
  // Answered twice: the server has been round its event loop and has the half-sent request too.
  assert.deepEqual([(await ask()).status, (await ask()).status], [200, 200]);
  server.child.kill(signal);
  let answer = await ask();
  // The signal takes its way; what arrives before it is served.
  while (answer.status === 200) answer = await ask();
  return { ...server, half, ask, answer };
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`on ${signal} what is under way is finished, new requests are refused with 503, and the exit code is 0`, async (t) => {
    const { half, ask, answer, ended, stderr } = await stopping(t, signal);
    assert.equal(answer.status, 503);
    assert.ok(answer.isReused);
    assert.match(answer.retryAfter ?? "", /^[1-9]\d*$/);
    assert.equal((await ask("/health/live")).status, 200, "a process that is finishing still lives");
    await half.complete();
    const finished = await half.answer;
    assert.match(finished, /^HTTP\/1\.1 200 OK\r\n/);
    assert.ok(finished.includes(secretGuest.Subject));
    assert.equal((await ended).exitCode, 0);
    assert.equal(stderr(), "");
  });

  test(`a second ${signal} ends the server at once, whatever is under way`, async (t) => {
    const { half, child, ended } = await stopping(t, signal);
    child.kill(signal);
    // Had it waited for the request until its patience ended, the exit code would be 0.
    assert.equal((await ended).exitCode, 1);
    assert.equal(await half.answer.catch(() => ""), "");
  });
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`${signal} to npm start reaches the server and leaves nothing behind`, { timeout: 20_000 }, async (t) => {
    const { url, child, ended } = await npmStart(t, newDatabase(t));
    assert.equal((await call(url, "configuration/get")).status, 200);
    child.kill(signal);
    // Ends only when nobody, not even a child of npm's, holds its output.
    assert.equal((await ended).exitCode, 0);
    await assert.rejects(fetch(url));
  });
}
