import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { after, test } from "node:test";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { inboxCounts } from "../../src/store/lists/inbox-counts.ts";
import { inboxRows } from "../../src/store/lists/inbox-threads.ts";
import { hold, startReceiver } from "../support/delivery/receiver.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { newDatabase } from "../support/server/server.ts";
import { gross } from "../support/server/world.ts";

const guest = { OriginalSender: "Guest", Subject: "Stay" };
const { call, sandbox, url, worlds } = await startTestSandbox({ after });

async function open(world?: string): Promise<string> {
  const { body } = await call("messageThreads/add", guest, world);
  return body.MessageThreads[0]?.Id ?? assert.fail();
}

async function say(MessageThreadId: string, Text: string, world?: string): Promise<void> {
  const { status } = await call("messages/add", { Messages: [{ MessageThreadId, Text }] }, world);
  assert.equal(status, 200);
}

/** The texts of a thread, oldest first; `undefined` when there is no such thread. */
async function said(id: string, world?: string): Promise<string[] | undefined> {
  const { body } = await call("messageThreads/getAll", { MessageThreadIds: [id] }, world);
  if (body.MessageThreads.length === 0) return undefined;
  const { body: list } = await call("messages/getAll", { MessageThreadIds: [id] }, world);
  return list.Messages.map(({ Text }) => Text).reverse();
}

test("a reset leaves what every world begins with, and nothing else", async () => {
  const id = await open();
  await sandbox("faults/set", { Faults: [{ On: "Request", Kind: "Delay", Delay: "1ms", Operation: "x/y" }] });
  await sandbox("clock/freeze");
  assert.equal((await sandbox("state/reset")).status, 200);
  assert.equal(await said(id), undefined);
  assert.deepEqual(await said("8d02142f-31cf-4115-90bf-ae5200c7a1ba"), ["Text of the message"]);
  assert.deepEqual((await sandbox("faults/getAll")).body.Faults, []);
  assert.equal((await sandbox("clock/get")).body.IsFrozen, false);
});

test("a snapshot is restored as often as one likes, in any world, with its time", async () => {
  await sandbox("clock/freeze", {}, "past");
  await sandbox("clock/set", { NowUtc: "2026-05-05T10:00:00Z" }, "past");
  const id = await open("past");
  await say(id, "Before", "past");
  await sandbox("state/snapshot", { Name: "before" }, "past");
  for (const world of ["past", "elsewhere", "past"]) {
    await sandbox("state/restore", { Name: "before" }, world);
    assert.deepEqual(await said(id, world), ["Before"]);
    assert.deepEqual((await sandbox("clock/get", {}, world)).body, {
      NowUtc: "2026-05-05T10:00:00.000Z",
      IsFrozen: true,
    });
    await say(id, "After", world);
  }
  const { body } = await sandbox("state/getAllSnapshots");
  assert.deepEqual(body.Snapshots, [{ Name: "before", TakenUtc: "2026-05-05T10:00:00.000Z" }]);
  const { status, body: refusal } = await sandbox("state/restore", { Name: "missing" });
  assert.equal(status, 409);
  assert.equal(refusal.Message, 'There is no snapshot "missing".');
});

test("a fork is the world as it was at a time: threads, messages and their state", async () => {
  const world = "forked";
  const at = (time: string) => sandbox("clock/set", { NowUtc: `2026-05-05T${time}Z` }, world);
  await sandbox("clock/freeze", {}, world);
  await at("10:00:00");
  const id = await open(world);
  await say(id, "First", world);
  await at("10:00:05");
  await sandbox("messageThreads/resolve", { MessageThreadId: id }, world);
  const { body: then } = await call("messageThreads/getAll", { MessageThreadIds: [id] }, world);
  await at("10:00:10");
  await say(id, "Second", world);
  const later = await open(world);

  await sandbox("state/fork", { Name: "then", AtUtc: "2026-05-05T10:00:05Z" }, world);
  assert.deepEqual(await said(id, "then"), ["First"]);
  assert.equal(await said(later, "then"), undefined);
  const { body: now } = await call("messageThreads/getAll", { MessageThreadIds: [id] }, "then");
  assert.deepEqual(now, then);
  assert.equal(now.MessageThreads[0]?.IsResolved, true);
  // Life goes on in both.
  await say(id, "Another second", "then");
  assert.deepEqual(await said(id, "then"), ["First", "Another second"]);
  assert.deepEqual(await said(id, world), ["First", "Second"]);

  await sandbox("state/fork", { Name: "whole" }, world);
  assert.deepEqual(await said(id, "whole"), ["First", "Second"]);
});

test("a fork has the inbox as it was: who has a thread, its last words, and what is counted", async () => {
  const userId = "0192d3a0-1c5e-7000-8000-000000000001";
  const inboxOf = async (world: string, id: string) => {
    const { store } = await worlds.find(world);
    const scope = { clientId: null, enterpriseIds: [gross] };
    return [await inboxRows(store.db, scope, [id]), await inboxCounts(store.db, scope, userId)];
  };
  const world = "front-desk";
  await sandbox("clock/freeze", {}, world);
  await sandbox("clock/set", { NowUtc: "2026-05-05T10:00:00Z" }, world);
  const id = await open(world);
  const then = await inboxOf(world, id);
  await sandbox("clock/set", { NowUtc: "2026-05-05T10:00:10Z" }, world);
  const { store } = await worlds.find(world);
  const scope = { clientId: null, enterpriseIds: [gross] };
  await store.write({ scope, command: { kind: "assign", messageThreadId: id, userId, assigneeId: userId } });
  await sandbox("state/fork", { Name: "before-assigned", AtUtc: "2026-05-05T10:00:05Z" }, world);
  assert.deepEqual(await inboxOf("before-assigned", id), then);
  await say(id, "Later", world);
  await sandbox("state/fork", { Name: "before-said", AtUtc: "2026-05-05T10:00:05Z" }, world);
  assert.deepEqual(await inboxOf("before-said", id), then);
});

test("a webhook that is under way when a snapshot is taken is called again where it is restored", async (t) => {
  const world = "calling";
  const receiver = await startReceiver(t);
  const answer = hold(receiver);
  await sandbox("clock/freeze", {}, world);
  await sandbox("webhooks/set", { ClientToken: demoTokens.ClientToken, Url: receiver.url }, world);
  await say(await open(world), "Hello", world);
  const before = await receiver.requests(1);
  await sandbox("state/snapshot", { Name: "calling" }, world);
  const count = before.length;
  answer(200);
  await sandbox("state/restore", { Name: "calling" }, "called-again");
  const [first, again] = await receiver.requests(count + 1);
  assert.equal(again?.headers["webhook-id"], first?.headers["webhook-id"]);
});

test("an import is all that there is then", async () => {
  const Lines = ['{"Format":"innbox","Schema":5}'];
  assert.equal((await sandbox("state/import", { Lines }, "empty")).status, 200);
  const answer = await fetch(`${url}/sandbox/v1/export`, { headers: { "Innbox-World": "empty" } });
  assert.deepEqual((await answer.text()).trimEnd().split("\n"), Lines);
});

test("what is exported can be imported, in another world too", async () => {
  const id = await open("exported");
  await say(id, "Grüße 🧳 \u202eback", "exported");
  const answer = await fetch(`${url}/sandbox/v1/export`, { headers: { "Innbox-World": "exported" } });
  assert.equal(answer.headers.get("content-type"), "application/jsonl; charset=utf-8");
  const Lines = (await answer.text()).trimEnd().split("\n");
  assert.equal((await sandbox("state/import", { Lines }, "imported")).status, 200);
  assert.deepEqual(await said(id, "imported"), ["Grüße 🧳 \u202eback"]);
  const again = await fetch(`${url}/sandbox/v1/export`, { headers: { "Innbox-World": "imported" } });
  assert.deepEqual((await again.text()).trimEnd().split("\n"), Lines);
});

test("an import that is wrong says where, and changes nothing", async () => {
  const id = await open("whole-again");
  const header = '{"Format":"innbox","Schema":5}';
  for (const [Lines, message] of [
    [["{}"], "Lines[0] is not the first line of an export."],
    [['{"Format":"innbox","Schema":3}'], "Lines[0] has schema 3, and this version of Innbox reads 5 alone."],
    [[header, "nonsense"], "Lines[1] is not a JSON object."],
    [[header, '{"Table":"webhook_endpoint","Row":{}}'], "Lines[1].Table is none that an export has."],
    [[header, '{"Table":"client","Row":{"id":1}}'], "Lines[1].Row does not fit into client."],
    [[header, '{"Table":"client","Row":null}'], "Lines[1].Row does not fit into client."],
    [[header, '{"Table":"client","Row":{"id) VALUES (1); --":1}}'], "Lines[1].Row does not fit into client."],
  ] as const) {
    const { status, body } = await sandbox("state/import", { Lines }, "whole-again");
    assert.equal(status, 400);
    assert.equal(body.Message, message);
  }
  assert.deepEqual(await said(id, "whole-again"), []);
});

test("a sandbox on a file is reset, kept and restored like one in memory, and what it holds outlives it", async (t) => {
  const database = newDatabase(t);
  const first = await startTestSandbox(t, { database });
  const { body } = await first.call("messageThreads/add", guest);
  const MessageThreadIds = [body.MessageThreads[0]?.Id];
  await first.sandbox("state/snapshot", { Name: "one" });
  await first.sandbox("state/reset");
  assert.deepEqual((await first.call("messageThreads/getAll", { MessageThreadIds })).body.MessageThreads, []);
  await first.sandbox("state/restore", { Name: "one" });
  assert.deepEqual((await first.call("messageThreads/getAll", { MessageThreadIds })).body, body);
  {
    using other = new DatabaseSync(database.replace("sqlite:", ""));
    other.exec("BEGIN IMMEDIATE");
    assert.equal((await first.sandbox("state/reset")).status, 503);
  }
  assert.deepEqual((await first.call("messageThreads/getAll", { MessageThreadIds })).body, body);
  await first.stop();
  const second = await startTestSandbox(t, { database });
  assert.deepEqual((await second.call("messageThreads/getAll", { MessageThreadIds })).body, body);
});
