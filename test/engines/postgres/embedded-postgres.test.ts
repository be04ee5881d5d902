import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import pg from "pg";
import { postgresDatabase, postgresTemplate, startPostgres } from "../../support/postgres/postgres.ts";
import { startReplicated } from "../../support/postgres/postgres-replication.ts";

async function ask(url: string, text: string): Promise<readonly unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows.flatMap((row) => Object.values(row));
  } finally {
    await client.end();
  }
}

test("PostgreSQL 18 runs", async (t) => {
  const [version] = await ask(await postgresDatabase(t), "SHOW server_version");
  assert.match(String(version), /^18\./);
});

test("Each test has a database of its own", async (t) => {
  const [one, other] = await Promise.all([postgresDatabase(t), postgresDatabase(t)]);
  await ask(one, "CREATE TABLE guest ()");
  await ask(other, "CREATE TABLE guest ()");
});

test("A template is filled once, and copies of it are made at the same moment", async (t) => {
  let fills = 0;
  const template = () =>
    postgresTemplate("embedded-postgres", async (url) => {
      fills += 1;
      await ask(url, "CREATE TABLE guest AS SELECT 'Jane' AS name");
    });
  const names = await Promise.all([template(), template(), template()]);
  assert.equal(fills, 1);
  const copies = await Promise.all(names.map((name) => postgresDatabase(t, name)));
  for (const copy of copies) assert.deepEqual(await ask(copy, "SELECT name FROM guest"), ["Jane"]);
});

test("A template whose filling fails is made anew by the next", async (t) => {
  const refuse = () => Promise.reject(new Error("No."));
  await assert.rejects(postgresTemplate("refused", refuse), /No\./);
  await postgresTemplate("refused", async (url) => {
    await ask(url, "CREATE TABLE guest ()");
  });
  await ask(await postgresDatabase(t, "refused"), "SELECT FROM guest");
});

test("A killed server comes back at the same address with what it acknowledged", async (t) => {
  const server = await startPostgres(t, { settings: { max_connections: "7" } });
  await ask(server.url, "CREATE TABLE guest AS SELECT 'Jane' AS name");
  await server.kill();
  await assert.rejects(ask(server.url, "SELECT"), /ECONNREFUSED/);
  await server.restart();
  assert.deepEqual(await ask(server.url, "SELECT name FROM guest"), ["Jane"]);
  assert.deepEqual(await ask(server.url, "SHOW max_connections"), ["7"]);
  await server.stop();
  await assert.rejects(ask(server.url, "SELECT"), /ECONNREFUSED/);
});

test("A server ends with the process that started it, however that ends", async (t) => {
  const module = JSON.stringify(new URL("../../support/postgres/postgres.ts", import.meta.url));
  const program = `const { startPostgres } = await import(${module});
    const { url } = await startPostgres({ after: () => undefined });
    process.stdout.write(url);`;
  const starter = spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => starter.kill("SIGKILL"));
  const [url] = await once(starter.stdout, "data");
  const client = new pg.Client(String(url));
  await client.connect();
  const ended = once(client, "error");
  starter.kill("SIGKILL");
  await ended;
});

test("What a killed primary has acknowledged is on the promoted standby, which takes writes", async (t) => {
  const { primary, standby } = await startReplicated(t);
  await ask(primary.url, "CREATE TABLE guest (name text)");
  await ask(primary.url, "INSERT INTO guest VALUES ('Jane')");
  await primary.kill();
  await assert.rejects(ask(standby.url, "INSERT INTO guest VALUES ('Bob')"), /read-only transaction/);
  await standby.promote();
  await ask(standby.url, "INSERT INTO guest VALUES ('Bob')");
  assert.deepEqual(await ask(standby.url, "SELECT name FROM guest"), ["Jane", "Bob"]);
});
