import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { call, innboxJson, paste, startServer } from "../support/server/process.ts";
import { newDatabase, temporaryFolder } from "../support/server/server.ts";

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
