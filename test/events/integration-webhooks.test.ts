import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { tokenDigest } from "../../src/core/tokens.ts";
import type { IntegrationWebhook } from "../../src/protocol/connector/webhooks.ts";
import { storedBytes } from "../support/database/stored.ts";
import { type Received, startReceiver } from "../support/delivery/receiver.ts";
import { checkSent } from "../support/docs/described.ts";
import { addPartner, isSignedWith } from "../support/server/partners.ts";
import { innboxData, innboxHere, innboxJson } from "../support/server/process.ts";
import { startSandbox } from "../support/server/server.ts";

/** A body of an integration webhook, held against its description. */
function bodyOf(received: Received | undefined): IntegrationWebhook {
  return checkSent("IntegrationWebhook", received?.text ?? "");
}

interface NewIntegration {
  readonly Id: string;
  readonly AccessToken: string;
}

/** A server with a partner, whose two webhooks go to two receivers, and the commands of the operator. */
async function withWebhooks(t: TestContext) {
  let ahead = 0;
  const [integrations, messages] = [await startReceiver(t), await startReceiver(t)];
  const server = await startSandbox(t, {}, { clock: () => (Date.now() + ahead) * 1000 });
  const place = ["--database", server.database];
  const enterprise = await innboxJson<{ Id: string }>("enterprise", "add", "--name", "Grand Hotel", ...place);
  const client = await innboxJson<{ Id: string; ClientToken: string }>("client", "add", "--name", "Bot", ...place);
  const set = ["webhook", "set", "--client", client.Id, "--url"];
  await innboxData(...set, `${messages.url}/messages`, ...place);
  const { Secret } = await innboxJson<{ Secret: string }>(...set, integrations.url, "--kind", "integration", ...place);
  const integration = (...args: string[]) => innboxHere(["integration", ...args, ...place]);
  const both = ["--client", client.Id, "--enterprise", enterprise.Id];
  return {
    ...server,
    place,
    enterprise,
    client,
    integrations,
    messages,
    secret: Secret,
    integration,
    add: () => innboxJson<NewIntegration>("integration", "add", ...both, ...place),
    rotate: (id: string) => innboxJson<NewIntegration>("integration", "rotate-token", "--id", id, ...place),
    /** Has the server's clock run ahead of the commands'. */
    hurry: (milliseconds: number) => {
      ahead = milliseconds;
      server.app.wake();
    },
    status: async (AccessToken: string) => {
      const tokens = { ClientToken: client.ClientToken, AccessToken };
      return (await server.call("configuration/get", {}, { tokens })).status;
    },
  };
}

/** Whether something happened between a moment and now, to the second, as documents have it. */
const isSince = (start: number, utc: string) =>
  Date.parse(utc) >= Math.floor(start / 1000) * 1000 && Date.parse(utc) <= Date.now();

test("a new integration is announced with a token that works, signed, to the integration URL alone", async (t) => {
  const { add, integrations, messages, secret, enterprise, status, ...server } = await withWebhooks(t);
  const start = Date.now();
  const { Id, AccessToken } = await add();
  const [received] = await integrations.requests(1);
  const body = bodyOf(received);
  assert.ok(body.Action === "IntegrationCreated");
  assert.match(body.Data.CreatedUtc, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.ok(isSince(start, body.Data.CreatedUtc));
  assert.deepEqual(body, {
    Action: "IntegrationCreated",
    Data: {
      Enterprise: { Id: enterprise.Id, Name: "Grand Hotel" },
      Service: null,
      Requestor: null,
      AccessToken,
      CreatedUtc: body.Data.CreatedUtc,
      IsEnabled: true,
      Integration: { Id, Name: "Bot" },
    },
  });
  assert.equal(await status(body.Data.AccessToken), 200);
  assert.ok(received && isSignedWith(secret, received.headers, received.text));
  await server.app.settled();
  assert.deepEqual([integrations.received.length, messages.received.length], [1, 0]);
});

test("enabling and disabling are announced when they change something, and not otherwise", async (t) => {
  const { add, integrations, integration, ...server } = await withWebhooks(t);
  const { Id } = await add();
  for (const verb of ["enable", "disable", "disable", "enable", "enable"]) {
    assert.equal((await integration(verb, "--id", Id)).exitCode, 0);
  }
  await integrations.requests(3);
  await server.app.settled();
  const Integration = { Id, Name: "Bot" };
  assert.deepEqual(integrations.received.slice(1).map(bodyOf), [
    { Action: "IntegrationDisabled", Data: { Integration } },
    { Action: "IntegrationEnabled", Data: { Integration } },
  ]);
});

test("a rotated token is announced as the new key, which works at once", async (t) => {
  const { add, rotate, integrations, status } = await withWebhooks(t);
  const { Id } = await add();
  const { AccessToken } = await rotate(Id);
  const body = bodyOf((await integrations.requests(2))[1]);
  assert.deepEqual(body, {
    Action: "IntegrationApiKeyCreated",
    Data: { Integration: { Id, Name: "Bot" }, ApiKey: AccessToken },
  });
  assert.equal(await status(AccessToken), 200);
});

test("deleting an integration is announced, ends its tokens, and keeps its threads and messages", async (t) => {
  const { add, rotate, integrations, integration, call, client, status, ...server } = await withWebhooks(t);
  const { Id, AccessToken } = await add();
  const tokens = [AccessToken, (await rotate(Id)).AccessToken];
  const asClient = { tokens: { ClientToken: client.ClientToken, AccessToken } };
  const opened = await call("messageThreads/add", { OriginalSender: "Guest", Subject: "Stay" }, asClient);
  const MessageThreadIds = opened.body.MessageThreads.map((thread) => thread.Id);
  const [MessageThreadId] = MessageThreadIds;
  await call("messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] }, asClient);
  assert.deepEqual([await status(tokens[0] ?? ""), await status(tokens[1] ?? "")], [200, 200]);

  const start = Date.now();
  const deleted = await integration("delete", "--id", Id);
  assert.deepEqual([deleted.exitCode, deleted.stderr], [0, `The integration ${Id} is deleted.\n`]);
  const body = bodyOf((await integrations.requests(3))[2]);
  assert.ok(body.Action === "IntegrationDeleted");
  assert.ok(isSince(start, body.Data.DeletedUtc));
  assert.deepEqual(body.Data, { DeletedUtc: body.Data.DeletedUtc, Integration: { Id, Name: "Bot" } });
  assert.deepEqual([await status(tokens[0] ?? ""), await status(tokens[1] ?? "")], [401, 401]);

  const connectedAgain = { tokens: { ...asClient.tokens, AccessToken: (await add()).AccessToken } };
  const threads = await call("messageThreads/getAll", { MessageThreadIds }, connectedAgain);
  assert.equal(threads.body.MessageThreads[0]?.Id, MessageThreadId);
  const messages = await call("messages/getAll", { MessageThreadIds }, connectedAgain);
  assert.deepEqual(
    messages.body.Messages.map(({ Text }) => Text),
    ["Hello"],
  );

  const again = await integration("delete", "--id", Id);
  assert.deepEqual(
    [again.exitCode, again.stderr],
    [1, `There is no integration ${Id}. See innbox integration list.\n`],
  );
  await server.app.settled();
  assert.equal(integrations.received.length, 4, "what was not done is not announced");
});

test("announced tokens are nowhere in the database, before and after they were sent", async (t) => {
  const { add, rotate, integrations, database, ...server } = await withWebhooks(t);
  // Whatever a receiver says comes into the operator's log.
  integrations.respond(({ text }, response) => {
    response.writeHead(500).end(text);
    return undefined;
  });
  const { Id, AccessToken } = await add();
  const tokens = [AccessToken, (await rotate(Id)).AccessToken];
  await integrations.requests(2);
  await server.app.settled();
  const bytes = await storedBytes(database);
  for (const token of tokens) {
    assert.ok(bytes.includes(tokenDigest(token)), "the search sees what was written");
    assert.ok(!bytes.includes(token) && !bytes.includes(token.toLowerCase()));
  }
});

test("an announcement that failed is sent again, the same, until it is taken", async (t) => {
  const { add, integrations, hurry, ...server } = await withWebhooks(t);
  integrations.respond(() => 500);
  await add();
  await integrations.requests(1);
  await server.app.settled();
  integrations.respond(() => 200);
  hurry(60_000);
  const [first, second] = await integrations.requests(2);
  assert.deepEqual(second?.text, first?.text);
  assert.equal(second?.headers["webhook-id"], first?.headers["webhook-id"]);
});

test("a client without an integration URL, and every other client, hears of nothing", async (t) => {
  const { integrations, messages, ...server } = await withWebhooks(t);
  const other = await addPartner(server);
  await other.hearAt(`${messages.url}/other`);
  for (const verb of ["disable", "enable"]) await server.integration(verb, "--id", other.integrationId);
  assert.equal((await server.integration("delete", "--id", other.integrationId)).exitCode, 0);
  await server.app.settled();
  assert.deepEqual([integrations.received, messages.received], [[], []]);
});
