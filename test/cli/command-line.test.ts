import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { tokenDigest } from "../../src/core/tokens.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { call, innboxData, innboxHere, innboxJson, startServer } from "../support/server/process.ts";
import { newDatabase, startInstallation, startSandbox, temporaryFolder } from "../support/server/server.ts";
import { nobody } from "../support/server/world.ts";

const tokenPattern = /^[0-9A-F]{32}-[0-9A-F]{32}$/;

interface NewClient {
  readonly Id: string;
  readonly ClientToken: string;
}

interface NewIntegration {
  readonly Id: string;
  readonly AccessToken: string;
}

/** A property and a partner, connected: what an operator types first. */
async function connected(database: string) {
  const place = ["--database", database];
  const enterprise = await innboxJson<{ Id: string }>("enterprise", "add", "--name", "Grand Hotel", ...place);
  const client = await innboxJson<NewClient>("client", "add", "--name", "Chatbot Inc.", ...place);
  const both = ["--client", client.Id, "--enterprise", enterprise.Id];
  const integration = await innboxJson<NewIntegration>("integration", "add", ...both, ...place);
  const tokens = { ClientToken: client.ClientToken, AccessToken: integration.AccessToken };
  return { place, ids: { enterprise: enterprise.Id, client: client.Id, integration: integration.Id }, tokens };
}

test("adding prints the id or the token alone on stdout, and says the rest on stderr", async (t) => {
  const place = ["--database", newDatabase(t)];
  const enterprise = await innboxHere(["enterprise", "add", "--name", "Hotel 🏨 Říp", "--language", "cs-CZ", ...place]);
  assert.equal(enterprise.exitCode, 0);
  assert.match(enterprise.stdout, /^[0-9a-f-]{36}\n$/);
  assert.match(enterprise.stderr, /Hotel 🏨 Říp/);

  const client = await innboxHere(["client", "add", "--name", "Chatbot Inc.", ...place]);
  assert.match(client.stdout.trimEnd(), tokenPattern);
  assert.equal(client.stdout, `${client.stdout.trim()}\n`);
  const clientId = /id ([0-9a-f-]{36})/.exec(client.stderr)?.[1] ?? "";
  assert.ok(!client.stderr.includes(client.stdout.trim()), "a token is shown once");

  const both = ["--client", clientId, "--enterprise", enterprise.stdout.trim()];
  const integration = await innboxHere(["integration", "add", ...both, ...place]);
  assert.match(integration.stdout.trimEnd(), tokenPattern);
});

test("lists show people a table and machines JSON with the same rows", async (t) => {
  const { place, ids } = await connected(newDatabase(t));
  const clients = await innboxJson<Record<string, unknown>[]>("client", "list", ...place);
  const enterprises = await innboxJson<Record<string, unknown>[]>("enterprise", "list", ...place);
  const integrations = await innboxJson<Record<string, unknown>[]>("integration", "list", ...place);
  const table = await innboxData("enterprise", "list", ...place);
  assert.deepEqual(
    clients.map(({ CreatedUtc, ...client }) => client),
    [{ Id: ids.client, Name: "Chatbot Inc.", IsEnabled: true }],
  );
  const zone = { TimeZoneIdentifier: "UTC", DefaultLanguageCode: "en-US" };
  assert.deepEqual(
    enterprises.map(({ CreatedUtc, ...enterprise }) => enterprise),
    [{ Id: ids.enterprise, Name: "Grand Hotel", ...zone, IsEnabled: true }],
  );
  const counts = { EnterpriseCount: 1, TokenCount: 1 };
  assert.deepEqual(
    integrations.map(({ CreatedUtc, ...integration }) => integration),
    [{ Id: ids.integration, Client: "Chatbot Inc.", PrimaryEnterpriseId: ids.enterprise, ...counts, IsEnabled: true }],
  );
  const [headings, ...rows] = table.split("\n");
  assert.match(headings ?? "", /^ID +NAME +TIME ZONE +LANGUAGE +ENABLED +CREATED$/);
  assert.equal(rows.length, 1);
  assert.match(rows[0] ?? "", /Grand Hotel +UTC +en-US +yes +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});

test("an empty list leaves stdout empty and says on stderr how to add the first one", async (t) => {
  const place = ["--database", newDatabase(t)];
  await innboxData("migrate", ...place);
  for (const kind of ["enterprise", "client", "integration"]) {
    const list = await innboxHere([kind, "list", ...place]);
    assert.equal(list.exitCode, 0);
    assert.equal(list.stdout, "");
    assert.match(list.stderr, new RegExp(`innbox ${kind} add`));
    assert.deepEqual(await innboxJson(kind, "list", ...place), []);
  }
});

test("a running server refuses at the next request what another process has disabled, until it is enabled", async (t) => {
  const database = newDatabase(t);
  const { place, ids, tokens } = await connected(database);
  const { url } = await startServer(t, "serve", database);
  const status = async () => (await call(url, "configuration/get", {}, { tokens })).status;
  assert.equal(await status(), 200);
  for (const [kind, id] of Object.entries(ids)) {
    const disabled = await innboxHere([kind, "disable", "--id", id, ...place]);
    assert.deepEqual([disabled.exitCode, disabled.stdout], [0, ""]);
    assert.equal(disabled.stderr, `The ${kind} ${id} is disabled.\n`);
    assert.equal(await status(), 401, `${kind} disabled`);
    const [listed] = await innboxJson<{ IsEnabled: boolean }[]>(kind, "list", ...place);
    assert.equal(listed?.IsEnabled, false);

    await innboxData(kind, "enable", "--id", id.toUpperCase(), ...place);
    assert.equal(await status(), 200, `${kind} enabled again`);
  }
});

test("a running server lets in a client that was added after it started", async (t) => {
  const database = newDatabase(t);
  const { url } = await startInstallation(t, database);
  const { tokens } = await connected(database);
  assert.equal((await call(url, "configuration/get", {}, { tokens })).status, 200);
});

interface Rotated {
  readonly AccessToken: string;
  readonly OldTokenExpiresUtc: string;
}

/** A server whose clock the test sets, and a way to rotate the token of its newest integration by the command line. */
async function rotating(t: TestContext) {
  let now: number | undefined;
  const { call, database } = await startSandbox(t, {}, { clock: () => now ?? Date.now() * 1000 });
  const { place, ids, tokens } = await connected(database);
  return {
    rotate: (overlap: string) =>
      innboxJson<Rotated>("integration", "rotate-token", "--id", ids.integration, "--overlap", overlap, ...place),
    tokenCount: async () => {
      const list = await innboxJson<{ Id: string; TokenCount: number }[]>("integration", "list", ...place);
      return list.find(({ Id }) => Id === ids.integration)?.TokenCount;
    },
    setClock: (microseconds: number) => {
      now = microseconds;
    },
    first: tokens.AccessToken,
    status: async (AccessToken: string) =>
      (await call("configuration/get", {}, { tokens: { ...tokens, AccessToken } })).status,
  };
}

test("a rotated token works until its overlap has passed, and the new one at once and after", async (t) => {
  const { rotate, tokenCount, setClock, first, status } = await rotating(t);
  const rotated = await rotate("2h");
  assert.deepEqual([await status(first), await status(rotated.AccessToken)], [200, 200]);
  assert.equal(await tokenCount(), 2);

  const expires = Date.parse(rotated.OldTokenExpiresUtc) * 1000;
  setClock(expires - 1);
  assert.deepEqual([await status(first), await status(rotated.AccessToken)], [200, 200]);
  // The time is shown in whole seconds and kept in finer ones.
  setClock(expires + 1_000_000);
  assert.deepEqual([await status(first), await status(rotated.AccessToken)], [401, 200]);
});

test("a token rotated without overlap is refused at the next request", async (t) => {
  const { rotate, tokenCount, first, status } = await rotating(t);
  const rotated = await rotate("0s");
  assert.deepEqual([await status(first), await status(rotated.AccessToken)], [401, 200]);
  assert.equal(await tokenCount(), 1);
});

test("rotating without overlap also ends a token that was still within an earlier overlap", async (t) => {
  const { rotate, first, status } = await rotating(t);
  const second = await rotate("24h");
  const third = await rotate("0s");
  assert.deepEqual(
    [await status(first), await status(second.AccessToken), await status(third.AccessToken)],
    [401, 401, 200],
  );
});

test("rotating with a longer overlap does not lengthen the life of an older token", async (t) => {
  const { rotate, first, status, setClock } = await rotating(t);
  const second = await rotate("1h");
  await rotate("48h");
  setClock((Date.parse(second.OldTokenExpiresUtc) + 1000) * 1000);
  assert.deepEqual([await status(first), await status(second.AccessToken)], [401, 200]);
});

test("the database holds digests and never a token", async (t) => {
  const folder = temporaryFolder(t);
  const database = `sqlite:${join(folder, "innbox.db")}`;
  // While a server has it open, what was written last is in the write-ahead log.
  await startInstallation(t, database);
  const { tokens } = await connected(database);
  const files = readdirSync(folder);
  assert.ok(files.length > 1, "the write-ahead log is searched too");
  const bytes = Buffer.concat(files.map((name) => readFileSync(join(folder, name))));
  for (const token of Object.values(tokens)) {
    assert.ok(bytes.includes(tokenDigest(token)), "the search sees what was written");
    assert.ok(!bytes.includes(token));
    assert.ok(!bytes.includes(token.toLowerCase()));
    assert.ok(!bytes.includes(Buffer.from(token.replace("-", ""), "hex")));
  }
});

async function staffAt(t: TestContext, place: "url" | "database") {
  const database = newDatabase(t);
  const { url } = await startTestSandbox(t, { database });
  const flags = place === "url" ? ["--url", `${url}/`] : ["--database", database];
  const { body } = await call(url, "messageThreads/add", { OriginalSender: "Jane", Subject: "Towels" });
  const id = body.MessageThreads[0]?.Id ?? "";
  const filter = { MessageThreadIds: [id] };
  return { flags, id, url, filter };
}

for (const place of ["url", "database"] as const) {
  test(`the staff replies, resolves and reopens by hand with --${place}, and the client sees it`, async (t) => {
    const { flags, id, url, filter } = await staffAt(t, place);
    const isResolved = async () =>
      (await call(url, "messageThreads/getAll", filter)).body.MessageThreads[0]?.IsResolved;

    const text = "On their way — 🛁";
    const replied = await innboxHere(["sandbox", "reply", "--thread", id, "--text", text, ...flags]);
    assert.deepEqual([replied.exitCode, replied.stderr], [0, "Replied. The message's id:\n"]);
    const [message] = (await call(url, "messages/getAll", filter)).body.Messages;
    assert.deepEqual([message?.Id, message?.Text], [replied.stdout.trimEnd(), text]);
    assert.deepEqual(message?.Sender, { Discriminator: "Enterprise", Value: null });

    assert.equal(await innboxData("sandbox", "resolve", "--thread", id, ...flags), id);
    assert.equal(await isResolved(), true);
    const thread = await innboxJson<{ Id: string; IsResolved: boolean }>("sandbox", "reopen", "--thread", id, ...flags);
    assert.deepEqual([thread.Id, thread.IsResolved], [id, false]);
    assert.equal(await isResolved(), false);

    const unknown = await innboxHere(["sandbox", "reply", "--thread", nobody, "--text", "Hello", ...flags]);
    assert.deepEqual([unknown.exitCode, unknown.stdout], [1, ""]);
    assert.equal(unknown.stderr, `There is no message thread ${nobody}.\n`);
  });
}

test("the staff of a sandbox can't reply in a real installation's database", async (t) => {
  const { place } = await connected(newDatabase(t));
  const reply = await innboxHere(["sandbox", "reply", "--thread", nobody, "--text", "Hello", ...place]);
  assert.deepEqual([reply.exitCode, reply.stdout], [1, ""]);
  assert.match(reply.stderr, /own installation/);
});
