import assert from "node:assert/strict";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { startReceiver } from "../support/delivery/receiver.ts";
import { announcedIds } from "../support/delivery/webhooks.ts";
import { addFirstPartner, type FirstPartner } from "../support/server/first-partner.ts";
import { call, innboxData, innboxHere, type ServerProcess, startServer } from "../support/server/process.ts";
import { databaseFile, newDatabase, temporaryFolder } from "../support/server/server.ts";

const held = /Webhooks are held since \S+Z: none is sent until innbox webhook release\./;

/** A partner that hears of messages at `url`. */
async function installation(database: string, url: string, allow: readonly string[]) {
  const { clientId, tokens } = await addFirstPartner(database);
  await innboxData("webhook", "set", "--client", clientId, "--url", url, ...allow, "--database", database);
  return tokens;
}

async function write({ url }: ServerProcess, tokens: FirstPartner["tokens"]): Promise<string> {
  const opened = await call(url, "messageThreads/add", { OriginalSender: "Guest", Subject: "Towels" }, { tokens });
  const MessageThreadId = opened.body.MessageThreads[0]?.Id;
  const added = await call(url, "messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] }, { tokens });
  return added.body.Messages[0]?.Message.Id ?? "";
}

async function stop({ child, ended }: ServerProcess): Promise<void> {
  child.kill("SIGTERM");
  assert.equal((await ended).exitCode, 0);
}

async function readiness({ url }: ServerProcess): Promise<unknown> {
  return (await fetch(`${url}/health/ready`)).json();
}

test("a restored backup sends nothing until it is told to, over restarts, and then all of it in order", async (t) => {
  const receiver = await startReceiver(t, () => 500);
  const allow = ["--webhook-allow", new URL(receiver.url).host];
  const original = newDatabase(t);
  const tokens = await installation(original, receiver.url, allow);
  const first = await startServer(t, "serve", original, allow);
  const waiting = await write(first, tokens);
  await receiver.requests(1);
  await stop(first);
  receiver.respond(() => 200);

  const folder = temporaryFolder(t);
  const restored = `sqlite:${join(folder, "innbox.db")}`;
  for (const end of ["", ".key"]) copyFileSync(databaseFile(original) + end, databaseFile(restored) + end);
  const holding = await startServer(t, "serve", restored, [...allow, "--hold-webhooks"]);
  await holding.printed(held);
  const meanwhile = await write(holding, tokens);
  await stop(holding);
  const again = await startServer(t, "serve", restored, allow);
  await again.printed(held);
  const later = await write(again, tokens);
  assert.deepEqual(await readiness(again), { Status: "ready", Webhooks: "held" });
  const place = ["--database", restored];
  assert.match((await innboxHere(["webhook", "list", ...place])).stderr, held);
  assert.equal(receiver.received.length, 1, "only the original has sent anything");

  // What failed before waits for its next attempt; with this it is first again.
  await innboxData("webhook", "resend", "--id", receiver.received[0]?.headers["webhook-id"] as string, ...place);
  const released = await innboxHere(["webhook", "release", ...place]);
  assert.deepEqual([released.exitCode, released.stderr], [0, "Webhooks are sent again.\n"]);
  await receiver.until((received) => announcedIds(received.slice(1)).length === 3);
  assert.deepEqual(announcedIds(receiver.received.slice(1)).sort(), [waiting, meanwhile, later].sort());
  assert.deepEqual(await readiness(again), { Status: "ready" });
  assert.equal((await innboxHere(["webhook", "list", ...place])).stderr, "");
});

test("webhooks are held before any server starts, too", async (t) => {
  const receiver = await startReceiver(t);
  const allow = ["--webhook-allow", new URL(receiver.url).host];
  const database = newDatabase(t);
  const tokens = await installation(database, receiver.url, allow);
  const place = ["--database", database];
  assert.match((await innboxHere(["webhook", "hold", ...place])).stderr, held);
  const server = await startServer(t, "serve", database, allow);
  await server.printed(held);
  const id = await write(server, tokens);
  await innboxData("webhook", "release", ...place);
  await receiver.requests(1);
  assert.deepEqual(announcedIds(receiver.received), [id]);
  assert.equal((await innboxHere(["webhook", "release", ...place])).stderr, "Webhooks were not held.\n");
});
