import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readConfig } from "../../src/config/config.ts";
import { serverSettings } from "../../src/config/settings.ts";
import { call, innbox, innboxHere, startServer, type Variables } from "../support/server/process.ts";
import { newDatabase, startSandbox, temporaryFolder } from "../support/server/server.ts";

test("without flags and variables the defaults hold", () => {
  assert.deepEqual(readConfig({}, {}), {
    port: 8080,
    host: "127.0.0.1",
    database: "sqlite:data/innbox.db",
    databaseConnections: 10,
    databasePartitions: 16,
    databasePrepare: true,
    rateLimit: { requests: 200, seconds: 30 },
    bodyLimit: 8_388_608,
    bodyMemory: 134_217_728,
    requestTimeout: 30_000,
    loadLimit: 1000,
    connectionLimit: 10_000,
    networkConnectionLimit: 2000,
    socketLimit: 5000,
    tokenSocketLimit: 1000,
    trustProxy: false,
    publicUrl: undefined,
    secretKey: undefined,
    secretKeyFile: undefined,
    webhookAllow: [],
    logBuffer: 4_194_304,
    checkInterval: 86_400_000,
  });
});

const twoValues: [flag: string, variable: string, one: string, other: string, property: string][] = [
  ["port", "INNBOX_PORT", "1", "2", "port"],
  ["host", "INNBOX_HOST", "localhost", "::1", "host"],
  ["database", "INNBOX_DATABASE", "sqlite:one.db", "sqlite:/two.db", "database"],
  ["database-connections", "INNBOX_DATABASE_CONNECTIONS", "20", "30", "databaseConnections"],
  ["database-partitions", "INNBOX_DATABASE_PARTITIONS", "32", "64", "databasePartitions"],
  ["database-prepare", "INNBOX_DATABASE_PREPARE", "on", "off", "databasePrepare"],
  ["rate-limit", "INNBOX_RATE_LIMIT", "off", "5/1s", "rateLimit"],
  ["body-limit", "INNBOX_BODY_LIMIT", "1024", "2048", "bodyLimit"],
  ["body-memory", "INNBOX_BODY_MEMORY", "65536", "1000000", "bodyMemory"],
  ["request-timeout", "INNBOX_REQUEST_TIMEOUT", "500ms", "1m", "requestTimeout"],
  ["load-limit", "INNBOX_LOAD_LIMIT", "1", "2", "loadLimit"],
  ["connection-limit", "INNBOX_CONNECTION_LIMIT", "1", "2", "connectionLimit"],
  ["network-connection-limit", "INNBOX_NETWORK_CONNECTION_LIMIT", "1", "2", "networkConnectionLimit"],
  ["socket-limit", "INNBOX_SOCKET_LIMIT", "0", "2", "socketLimit"],
  ["token-socket-limit", "INNBOX_TOKEN_SOCKET_LIMIT", "0", "2", "tokenSocketLimit"],
  ["trust-proxy", "INNBOX_TRUST_PROXY", "10.0.0.0/8", "127.0.0.1,::1", "trustProxy"],
  ["public-url", "INNBOX_PUBLIC_URL", "https://a.example", "http://localhost:8080", "publicUrl"],
  ["secret-key-file", "INNBOX_SECRET_KEY_FILE", "/run/innbox.key", "other.key", "secretKeyFile"],
  ["webhook-allow", "INNBOX_WEBHOOK_ALLOW", "bot.lan", "bot.lan:8080,10.0.0.7", "webhookAllow"],
  ["log-buffer", "INNBOX_LOG_BUFFER", "4096", "8192", "logBuffer"],
  ["check-interval", "INNBOX_CHECK_INTERVAL", "1h", "off", "checkInterval"],
];

for (const [flag, variable, one, other, property] of twoValues) {
  test(`--${flag} goes before ${variable}, and ${variable} before the default`, () => {
    const read = (flags: Variables, environment: Variables) =>
      Object.entries(readConfig(flags, environment)).find(([name]) => name === property)?.[1];
    const byDefault = read({}, {});
    const fromFlag = read({ [flag]: one }, {});
    const fromVariable = read({}, { [variable]: other });
    assert.notDeepEqual(fromFlag, fromVariable);
    assert.notDeepEqual(fromVariable, byDefault);
    assert.deepEqual(read({ [flag]: one }, { [variable]: other }), fromFlag);
  });
}

test("every setting with a flag is in the table above", () => {
  assert.deepEqual(
    twoValues.map(([flag]) => flag),
    serverSettings.filter(({ isSecret }) => !isSecret).map(({ name }) => name),
  );
});

test("a command opens the database of the flag, else of the variable, else the default one in its folder", async (t) => {
  const folder = temporaryFolder(t);
  const env = { INNBOX_DATABASE: `sqlite:${join(folder, "variable.db")}` };
  await innboxHere(["migrate", "--database", `sqlite:${join(folder, "flag.db")}`], env);
  assert.deepEqual(readdirSync(folder), ["flag.db"]);
  await innboxHere(["migrate"], env);
  assert.deepEqual(readdirSync(folder), ["flag.db", "variable.db"]);
  await innbox(["migrate"], {}, folder);
  assert.ok(existsSync(join(folder, "data", "innbox.db")));
});

test("a running server keeps to its variables, except where a flag says otherwise", async (t) => {
  const env = { INNBOX_RATE_LIMIT: "1/60s", INNBOX_BODY_LIMIT: "1024" };
  const { url } = await startServer(t, "dev", newDatabase(t), ["--rate-limit", "off"], { env });
  for (let request = 0; request < 2; request += 1) assert.equal((await call(url, "configuration/get")).status, 200);
  const large = await call(url, "configuration/get", { Padding: "x".repeat(1024) });
  assert.equal(large.status, 413);
});

test("all wrong settings are listed at once, each by where it came from, and the start ends with 2", async (t) => {
  const folder = temporaryFolder(t);
  const flags = ["--port", "http", "--host", "my host", "--database", "postgres://x", "--body-limit", "8MB"];
  const env = {
    INNBOX_RATE_LIMIT: "fast",
    INNBOX_REQUEST_TIMEOUT: "30",
    INNBOX_LOAD_LIMIT: "0",
    INNBOX_TRUST_PROXY: "everyone!",
    // Not looked at, since a flag is given.
    INNBOX_PORT: "also wrong",
  };
  for (const { exitCode, stdout, stderr } of [
    await innbox(["serve", ...flags], env, folder),
    await innboxHere(["dev", ...flags], env),
  ]) {
    assert.deepEqual([exitCode, stdout], [2, ""]);
    const lines = stderr.trimEnd().split("\n");
    assert.deepEqual(
      lines.map((line) => line.split(" ")[0]),
      [
        "--port",
        "--host",
        "--database",
        "INNBOX_RATE_LIMIT",
        "--body-limit",
        "INNBOX_REQUEST_TIMEOUT",
        "INNBOX_LOAD_LIMIT",
        "INNBOX_TRUST_PROXY",
        "See",
      ],
    );
    for (const line of lines.slice(0, -1)) assert.match(line, / must be .*, not ".*"\.$/);
    assert.match(lines[0] ?? "", /not "http"/);
  }
  assert.deepEqual(readdirSync(folder), []);
});

const wrong: [flag: string, value: string][] = [
  ["port", "65536"],
  ["port", "-1"],
  ["port", "1e3"],
  ["port", "80.5"],
  ["port", " 80"],
  ["port", ""],
  ["host", ""],
  ["host", "http://127.0.0.1"],
  ["database", "innbox.db"],
  ["database", "sqlite:"],
  ["database", "postgres://db.example"],
  ["database", "postgres:///innbox"],
  ["database-connections", "2"],
  ["database-partitions", "0"],
  ["database-prepare", "maybe"],
  ["rate-limit", "0/30s"],
  ["rate-limit", "200/0s"],
  ["rate-limit", "200/30"],
  ["rate-limit", "-1/30s"],
  ["body-limit", "1023"],
  ["body-limit", "99999999999"],
  ["request-timeout", "9ms"],
  ["request-timeout", "2h"],
  ["request-timeout", "1.5s"],
  ["load-limit", "-5"],
  ["trust-proxy", "true please"],
  ["trust-proxy", "all"],
  ["public-url", "innbox.example"],
  ["public-url", "http://innbox.example"],
  ["public-url", "https://innbox.example/inbox"],
  ["public-url", "ftp://innbox.example"],
];

for (const [flag, value] of wrong) {
  test(`--${flag} "${value}" is refused by name`, async () => {
    // Were the value accepted, the start would still end: this can't be a database.
    const args = ["dev", "--database=sqlite:/dev/null/innbox.db", `--${flag}=${value}`];
    const { exitCode, stdout, stderr } = await innboxHere(args);
    assert.deepEqual([exitCode, stdout], [2, ""]);
    assert.equal(stderr.split("\n").length, 3, stderr);
    assert.ok(stderr.startsWith(`--${flag} must be `), stderr);
    assert.ok(stderr.includes(`, not "${value}".`), stderr);
  });
}

test("a flag that does not exist stops the start with 2 and names the one that was meant", async () => {
  const { exitCode, stdout, stderr } = await innboxHere(["serve", "--databse=sqlite:x.db"]);
  assert.deepEqual([exitCode, stdout], [2, ""]);
  assert.match(stderr, /^error: unknown option '--databse'\n\(Did you mean --database\?\)\n/);
});

test("a database URL that is refused is shown without its password", async () => {
  const { stderr } = await innboxHere(["migrate", "--database", "postgres://innbox:se@cret:1@db.example"]);
  assert.match(stderr, /not "postgres:\/\/innbox:PASSWORD@db\.example"/);
});

test("a server may be given an hour for each request", async (t) => {
  const { call } = await startSandbox(t, { "request-timeout": "1h" });
  assert.equal((await call("configuration/get")).status, 200);
});
