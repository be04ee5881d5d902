import "../../support/on-postgres.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AttemptEntry } from "../../../src/events/webhook-worker.ts";
import { checkStored, eventually, type Node, newProperties, startNodes } from "../../support/nodes.ts";
import { call, innboxData, startServer } from "../../support/process.ts";
import { hold, type Received, startReceiver } from "../../support/receiver.ts";
import { engineDatabase, startSandbox } from "../../support/server.ts";
import type { Tokens } from "../../support/socket.ts";
import { announcedIds, deliveriesOf, registerWebhook, settledTogether } from "../../support/webhooks.ts";
import { credentials, guest } from "../../support/world.ts";

const idOf = ({ headers }: Received) => String(headers["webhook-id"]);

/** A partner with a property and a webhook of its own. */
async function newPartner(node: Node, url: string) {
  const { enterpriseIds, tokens } = await newProperties(node, 1);
  await registerWebhook(node, url, { clientToken: tokens.ClientToken });
  const thread = await node.addThread(undefined, { tokens });
  return { enterpriseId: enterpriseIds[0] ?? "", tokens, thread };
}

function attemptsOf({ logged }: Pick<Node, "logged">): AttemptEntry[] {
  return logged.filter((one): one is AttemptEntry => typeof one === "object" && one !== null && "deliveryId" in one);
}

/** Has messages announced, by whichever node, until this one has made a call: it has looked at everything. */
async function untilItCalls(node: Node, announce: () => Promise<unknown>): Promise<void> {
  const before = attemptsOf(node).length;
  while (attemptsOf(node).length === before) {
    await announce();
    await quietApartFrom(node, 1);
  }
}

/** Resolves when no more endpoints than these are being called and nothing else is due. */
async function quietApartFrom({ app }: Pick<Node, "app">, called: number): Promise<void> {
  await eventually("Quiet", async () => {
    const leased = await app.store.db.all("SELECT id FROM webhook_endpoint WHERE lease_holder IS NOT NULL");
    const waiting = await app.store.db.all("SELECT position FROM webhook_queue WHERE waiting_since IS NOT NULL");
    return leased.length <= called && waiting.length === 0 ? true : undefined;
  });
}

test("workers on two nodes share the work: each delivery is sent once, and first ones in the order of the log", async (t) => {
  const { database, nodes } = await startNodes(t);
  const receiver = await startReceiver(t);
  const partners = await Promise.all(
    Array.from({ length: 6 }, (_, index) => newPartner(nodes[0], `${receiver.url}/${index}`)),
  );
  let sent = 0;
  async function writeTo({ thread, tokens }: { thread: string; tokens: Tokens }, count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      sent += 1;
      const { status } = await nodes[index % 2 === 0 ? 0 : 1].addTo([thread], { tokens });
      assert.equal(status, 200);
    }
  }
  do await Promise.all(partners.map((partner) => writeTo(partner, 10)));
  while (nodes.some((node) => attemptsOf(node).length === 0));

  const received = await receiver.until((all) => announcedIds(all).length >= sent);
  await settledTogether(nodes);
  assert.equal(new Set(received.map(idOf)).size, received.length, "no delivery is sent twice");
  assert.equal(attemptsOf(nodes[0]).length + attemptsOf(nodes[1]).length, received.length);
  const log = await checkStored(database);
  for (const [index, { enterpriseId }] of partners.entries()) {
    const rows = log.filter(({ enterprise_id, kind }) => enterprise_id === enterpriseId && kind === "MessageAdded");
    const told = announcedIds(received.filter(({ path }) => path === `/${index}`));
    assert.deepEqual(
      told,
      rows.map(({ message_id }) => message_id),
    );
  }
});

test("nodes whose clocks are seconds apart do not call a webhook that the other one is calling", async (t) => {
  const { nodes, at } = await startNodes(t);
  const [busy, quick] = [await startReceiver(t), await startReceiver(t)];
  const slow = await newPartner(nodes[0], busy.url);
  const other = await newPartner(nodes[0], quick.url);
  const announce = () => nodes[0].addTo([other.thread], other);
  for (const ahead of [4, -4]) {
    const before = busy.received.length;
    at(before * 100, ahead);
    const release = hold(busy);
    await nodes[0].addTo([slow.thread], slow);
    await busy.requests(before + 1);
    // Until the last moment that an answer may come.
    for (const seconds of [0, 5]) {
      at(before * 100 + seconds, ahead);
      for (const node of nodes) await untilItCalls(node, announce);
    }
    release(200);
    await settledTogether(nodes);
    assert.equal(busy.received.length, before + 1);
  }
});

test("when a node is killed during a call, another one sends the same when the lease is over, and not before", async (t) => {
  const database = await engineDatabase(t);
  const [receiver, quick] = [await startReceiver(t), await startReceiver(t)];
  const killed = await startServer(t, "dev", database);
  const registered = ["--client-token", credentials.ClientToken, "--database", database];
  await innboxData("webhook", "set", "--url", receiver.url, ...registered);
  const release = hold(receiver);
  const opened = await call(killed.url, "messageThreads/add", guest);
  const MessageThreadId = opened.body.MessageThreads[0]?.Id;
  await call(killed.url, "messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] });
  await receiver.requests(1);
  killed.child.kill("SIGKILL");
  await killed.ended;

  const now = Date.now();
  let ahead = 0;
  const survivor = await startSandbox(t, { database }, { clock: () => (now + ahead) * 1000 });
  const { tokens } = await newProperties(survivor, 1);
  await registerWebhook(survivor, quick.url, { clientToken: tokens.ClientToken });
  const thread = (await survivor.call("messageThreads/add", guest, { tokens })).body.MessageThreads[0]?.Id;
  await survivor.call("messages/add", { Messages: [{ MessageThreadId: thread, Text: "Hello" }] }, { tokens });
  await quick.requests(1);
  assert.equal(receiver.received.length, 1, "who has looked leaves what is leased");

  release(200);
  ahead = 10_000;
  survivor.app.wake();
  const [first, second] = await receiver.requests(2);
  await survivor.app.settled();
  assert.ok(first && second);
  assert.deepEqual([idOf(second), second.text], [idOf(first), first.text]);
  assert.equal(receiver.received.length, 2);
  const states = (await deliveriesOf(survivor)).map(({ state, attempts }) => [state, attempts]);
  assert.deepEqual(states, [
    ["delivered", 1],
    ["delivered", 1],
  ]);
});
