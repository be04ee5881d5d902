import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import pg from "pg";
import type { Scope } from "../run/scope.ts";
import {
  type Installation,
  install,
  launch,
  launchIn,
  type OwnedServer,
  type PostgresServer,
  postgresFolder,
  type ServerOptions,
} from "./postgres-server.ts";

/** What the processes of a run share. Plain data. */
export interface SharedPostgres {
  readonly installation: Installation;
  /** The URL of the database `postgres` on the shared server. */
  readonly url: string;
}

/** The variable by which the processes of a run hear of it. */
const variable = "INNBOX_TEST_POSTGRES";

/** Starts a server of a test's own, to kill it, to stop it or to fill its disk. Gone when the test ends. */
export async function startPostgres(scope: Scope, options?: ServerOptions): Promise<PostgresServer> {
  const { installation } = await sharedPostgres();
  const server = await launch(installation, options);
  scope.after(() => server.discard());
  return server;
}

/**
 * Makes a database on the server of the run and answers its URL. It is a copy of a template, which `postgresTemplate`
 * has made, or empty. It is dropped some time after the test and not by a hook of it: hooks run in the order in which
 * they were left, and what uses the database is stopped by a later one.
 */
export async function postgresDatabase(scope: Scope, template = "template0"): Promise<string> {
  const { url } = await sharedPostgres();
  const name = `test_${randomBytes(6).toString("hex")}`;
  await asAdministrator(url, async (client) => {
    await dropLeft(client);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${client.escapeIdentifier(template)} STRATEGY FILE_COPY`);
  });
  scope.after(async () => leave(url, name));
  return withDatabase(url, name);
}

/** The databases whose tests have ended. They are dropped when the next is made, and when this process ends. */
const left: string[] = [];

let isDropping = false;

function leave(url: string, name: string): void {
  left.push(name);
  if (isOurs || isDropping) return;
  isDropping = true;
  process.on("beforeExit", async () => {
    if (left.length > 0) await asAdministrator(url, dropLeft);
  });
}

async function dropLeft(client: pg.Client): Promise<void> {
  for (const name of left.splice(0)) await client.query(`DROP DATABASE ${name} WITH (FORCE)`);
}

/**
 * Makes a template once in a run, for the process that asks first; the others wait for it. Answers its name. `fill` must
 * end all its connections to it.
 */
export async function postgresTemplate(name: string, fill: (url: string) => Promise<void>): Promise<string> {
  const { url } = await sharedPostgres();
  await asAdministrator(url, async (client) => {
    await client.query("SELECT pg_advisory_lock(hashtext($1))", [name]);
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [name]);
    if (rowCount !== 0) return;
    const half = `${name} in the making`;
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(half)} WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${client.escapeIdentifier(half)} TEMPLATE template0`);
    await fill(withDatabase(url, half));
    // A database with a connection can't be copied, so there is never one again.
    await client.query(`ALTER DATABASE ${client.escapeIdentifier(half)} ALLOW_CONNECTIONS false`);
    await client.query(`ALTER DATABASE ${client.escapeIdentifier(half)} RENAME TO ${client.escapeIdentifier(name)}`);
  });
  return name;
}

/** Whether the shared server belongs to this process. Then its databases go with it. */
let isOurs = false;

/** Starts what all processes of a run share. They find it by the variable, which they inherit. */
export async function startShared(): Promise<OwnedServer> {
  const folder = postgresFolder();
  try {
    const installation = await install(folder);
    const server = await launchIn(folder, installation);
    isOurs = true;
    process.env[variable] = JSON.stringify({ installation, url: server.url } satisfies SharedPostgres);
    return server;
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

let starting: Promise<void> | undefined;

/** That of the run, or where a single file is run by hand, one for this process, which ends with it. */
async function sharedPostgres(): Promise<SharedPostgres> {
  if (process.env[variable] === undefined) {
    starting ??= startShared().then((server) => server.unref());
    await starting;
  }
  return JSON.parse(process.env[variable] ?? "") as SharedPostgres;
}

async function asAdministrator(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = encodeURIComponent(name);
  return changed.href;
}
