import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { sandboxRoutes } from "../../../src/api/sandbox/sandbox-routes.ts";
import { sandboxStaffOperations } from "../../../src/api/sandbox/staff.ts";
import { type App, type AppOptions, createApp } from "../../../src/app.ts";
import { type Config, type Flags, readConfig } from "../../../src/config/config.ts";
import { listenAndStart } from "../../../src/listen.ts";
import { demoTokens, seedDemoWorld } from "../../../src/sandbox/demo/demo-world.ts";
import { environment, isOnPostgres, sandboxDatabase } from "../database/engine.ts";
import { checkAnswer } from "../docs/described.ts";
import { unhurried } from "../run/patience.ts";
import { quickFolder } from "../run/quick-folder.ts";
import { fileScope, type Scope } from "../run/scope.ts";
import type { Answer } from "./answer.ts";
import { keptLog, silentLog } from "./test-logs.ts";

export interface CallOptions {
  readonly tokens?: { readonly ClientToken: string; readonly AccessToken: string };
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestServer {
  readonly app: App;
  readonly url: string;
  /** The `sqlite:` URL of its file. */
  readonly database: string;
  /** Everything that was logged, answered requests and failures alike. */
  readonly logged: readonly unknown[];
  /** Calls an operation, as in `messageThreads/add`, with client 1's portfolio token unless told otherwise. */
  call(operation: string, properties?: object, options?: CallOptions): Promise<Answer>;
  /** Sends bytes as they are. */
  send(
    operation: string,
    body: string | Uint8Array<ArrayBuffer> | null,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
}

/** An empty folder that is gone when the test ends. */
export function temporaryFolder(t: Scope): string {
  const folder = quickFolder("innbox-test-");
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The `sqlite:` URL of a database that is yet to be made, in a folder that is gone when the test ends. */
export function newDatabase(t: Scope): string {
  return `sqlite:${join(temporaryFolder(t), "innbox.db")}`;
}

/** The URL of a new database for a sandbox on the engine of the run, for a test that is to hold on both. */
export async function engineDatabase(t: Scope): Promise<string> {
  return isOnPostgres ? sandboxDatabase(t) : newDatabase(t);
}

/** The file behind a `sqlite:` URL. */
export function databaseFile(database: string): string {
  return database.slice("sqlite:".length);
}

/** A sandbox with a database of its own on a free port, without request limit unless `flags` set one. */
export async function startSandbox(
  t: Scope,
  flags: Flags = {},
  overrides: Omit<Partial<AppOptions>, "log"> = {},
): Promise<TestServer> {
  const database = flags.database ?? (await engineDatabase(t));
  const { log, logged } = keptLog();
  const config = readConfig({ port: "0", "rate-limit": "off", ...flags, database }, environment);
  const app = await createSandboxApp(config, { log, ...unhurried, ...overrides });
  t.after(app.stop);
  const url = await listenAndStart(app, config);

  async function send(
    operation: string,
    body: string | Uint8Array<ArrayBuffer> | null,
    headers: Readonly<Record<string, string>> = {},
  ) {
    const response = await fetch(`${url}/api/connector/v1/${operation}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body,
    });
    return checkAnswer(operation, response.status, response.headers, await response.text());
  }

  return {
    app,
    url,
    database,
    logged,
    send,
    call: (operation, properties = {}, { tokens = demoTokens, headers = {} } = {}) =>
      send(operation, JSON.stringify({ ...tokens, Client: "Test 1.0.0", ...properties }), headers),
  };
}

/** The published demo world on a server of its own, with what its staff do there by hand. It listens nowhere. */
export async function createSandboxApp(config: Config, options: AppOptions): Promise<App> {
  const app = await createApp(config, { kind: "sandbox", seed: seedDemoWorld, publicTokens: demoTokens, ...options });
  const { store, ...parts } = app;
  sandboxRoutes(app.server.fastify, sandboxStaffOperations, async ({ deadline }) => ({
    ...parts,
    db: store.until(deadline),
  }));
  return app;
}

/** A real installation on a free port, as `innbox serve` starts it, but in this process. */
export async function startInstallation(t: Scope, database: string): Promise<App & { readonly url: string }> {
  const config = readConfig({ port: "0", database }, environment);
  const app = await createApp(config, { log: silentLog, ...unhurried });
  t.after(app.stop);
  return { ...app, url: await listenAndStart(app, config) };
}

/** One for all tests of a file that mind nothing of what others did there. The first that asks for it starts it. */
export function sharedSandbox(flags: Flags = {}): () => Promise<TestServer> {
  const scope = fileScope();
  let server: Promise<TestServer> | undefined;
  return () => {
    server ??= startSandbox(scope, flags);
    return server;
  };
}

/** Checks a status, or that a request was refused with a sentence. */
export function checkOutcome({ status, body, text }: Answer, expected: number | RegExp): void {
  assert.equal(status, typeof expected === "number" ? expected : 400, text);
  if (typeof expected !== "number") assert.match(body.Message, expected);
}
