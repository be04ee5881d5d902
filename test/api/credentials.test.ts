import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenDigest } from "../../src/core/tokens.ts";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import {
  changeDirectory,
  enableClient,
  enableEnterprise,
  enableIntegration,
  listClients,
  listIntegrations,
  rotateToken,
} from "../../src/store/directory/directory.ts";
import { sharedSandbox, startSandbox, type TestServer } from "../support/server/server.ts";
import { client2AtGross, credentials, gross, published } from "../support/server/world.ts";

const sandbox = sharedSandbox();

const valid = JSON.stringify({ ...credentials, MessageThreadIds: [published] });
const noToken = [undefined, null, "", " \t\n", 1, true, [], {}, ["a"]];

for (const property of ["ClientToken", "AccessToken", "Client"]) {
  for (const value of noToken) {
    test(`${property} must not be ${value === undefined ? "absent" : JSON.stringify(value)}`, async () => {
      const { send } = await sandbox();
      const others = { ClientToken: "unknown", AccessToken: "unknown", Client: "Test 1.0.0" };
      const answer = await send("messageThreads/getAll", JSON.stringify({ ...others, [property]: value }));
      assert.equal(answer.status, 400);
      assert.match(answer.body.Message, new RegExp(`^${property} `));
    });
  }
}

const strangers: [name: string, tokens: { ClientToken: string; AccessToken: string }][] = [
  ["an unknown client token", { ...demoTokens, ClientToken: "unknown" }],
  ["an unknown access token", { ...demoTokens, AccessToken: "unknown" }],
  ["an access token of another client", { ...demoTokens, AccessToken: client2AtGross.tokens.AccessToken }],
  ["a client token in place of the access token", { ...demoTokens, AccessToken: demoTokens.ClientToken }],
  ["tokens in another letter case", { ...demoTokens, AccessToken: demoTokens.AccessToken.toLowerCase() }],
  ["white space around a token", { ...demoTokens, AccessToken: ` ${demoTokens.AccessToken}` }],
];

for (const [name, tokens] of strangers) {
  test(`${name} opens nothing, and nothing is learned from validation`, async () => {
    const { call } = await sandbox();
    const answers = [
      await call("messageThreads/getAll", { MessageThreadIds: [published] }, { tokens }),
      await call("messageThreads/getAll", { MessageThreadIds: ["malformed"], LanguageCode: 5 }, { tokens }),
      await call("messageThreads/add", {}, { tokens, headers: { "Idempotency-Key": "" } }),
      await call("configuration/get", { EnterpriseId: gross }, { tokens }),
    ];
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [401]);
    assert.equal(new Set(answers.map(({ body }) => body.Message)).size, 1);
    for (const secret of Object.values(tokens)) assert.ok(answers.every(({ text }) => !text.includes(secret)));
  });
}

const disabling: [name: string, disable: (server: TestServer) => Promise<void>][] = [
  [
    "client",
    async ({ app }) => {
      for (const { id } of await listClients(app.store.db)) {
        await changeDirectory(app.store.db, (transaction) => enableClient(transaction, id, false));
      }
    },
  ],
  [
    "integration",
    async ({ app }) => {
      for (const { id } of await listIntegrations(app.store.db, 0)) {
        await changeDirectory(app.store.db, (transaction) => enableIntegration(transaction, id, false));
      }
    },
  ],
  [
    "enterprise",
    ({ app }) => changeDirectory(app.store.db, (transaction) => enableEnterprise(transaction, gross, false, 0)),
  ],
];

for (const [name, disable] of disabling) {
  test(`a disabled ${name} is unauthenticated from the next request on`, async (t) => {
    const server = await startSandbox(t);
    assert.equal((await server.call("configuration/get")).status, 200);
    await disable(server);
    assert.equal((await server.call("configuration/get")).status, 401);
  });
}

test("a rotated access token opens until its set expiry, and the new one at once", async (t) => {
  let now = Date.UTC(2026, 0, 1) * 1000;
  const { app, call } = await startSandbox(t, {}, { clock: () => now });
  const integrations = await listIntegrations(app.store.db, now);
  const portfolio = integrations.find(({ enterprises }) => enterprises === 3);
  assert.ok(portfolio);
  const expiry = now + 60_000_000;
  await changeDirectory(app.store.db, (transaction) =>
    rotateToken(transaction, portfolio.id, tokenDigest("new"), now, expiry),
  );
  const withNew = { tokens: { ...demoTokens, AccessToken: "new" } };
  now = expiry - 1;
  assert.equal((await call("configuration/get")).status, 200);
  assert.equal((await call("configuration/get", {}, withNew)).status, 200);
  now = expiry;
  assert.equal((await call("configuration/get")).status, 401);
  assert.equal((await call("configuration/get", {}, withNew)).status, 200);
});

test("property names of credentials are case-sensitive", async () => {
  const { send } = await sandbox();
  const answer = await send("configuration/get", valid.replace('"ClientToken"', '"clientToken"'));
  assert.equal(answer.status, 400);
  assert.match(answer.body.Message, /^ClientToken is required/);
});
