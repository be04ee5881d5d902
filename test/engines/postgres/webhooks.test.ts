import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AttemptEntry } from "../../../src/core/log-entries.ts";
import { hold, type Received, startReceiver } from "../../support/delivery/receiver.ts";
import type { Tokens } from "../../support/delivery/socket.ts";
import { announcedIds, deliveriesOf, registerWebhook, settledTogether } from "../../support/delivery/webhooks.ts";
import {
  checkStored,
  eventually,
  type Node,
  newProperties,
  sql,
  startGatedNodes,
} from "../../support/postgres/nodes.ts";
import { call, innboxData, startServer } from "../../support/server/process.ts";
import { engineDatabase, startSandbox } from "../../support/server/server.ts";
import { credentials, guest } from "../../support/server/world.ts";

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

test("workers on two nodes share the work: each delivery is sent once, and first ones in the order of the log", async (t) => {
  const { database, nodes, gates } = await startGatedNodes(t);
  const receiver = await startReceiver(t);
  const partners = await Promise.all(
    Array.from({ length: 6 }, (_, index) => newPartner(nodes[0], `${receiver.url}/${index}`)),
  );
  async function writeTo(node: Node, { thread, tokens }: { thread: string; tokens: Tokens }): Promise<void> {
    assert.equal((await node.addTo([thread], { tokens })).status, 200);
  }
  // Each node takes up half of the partners while the other one can take up nothing.
  const release = hold(receiver);
  for (const [index, node] of nodes.entries()) {
    const others = gates.filter((_, other) => other !== index);
    for (const gate of others) await gate.shut();
    for (const partner of partners.slice(index * 3, index * 3 + 3)) await writeTo(node, partner);
    await receiver.requests((index + 1) * 3);
    for (const gate of others) gate.open();
  }
  // From now on they are at it together: what waits already, and what comes meanwhile.
  const rounds = Array.from({ length: 10 }, (_, round) => nodes[round % 2] ?? nodes[0]);
  const writeAll = () =>
    Promise.all(
      partners.map(async (partner) => {
        for (const node of rounds) await writeTo(node, partner);
      }),
    );
  await writeAll();
  release(200);
  await writeAll();

  await settledTogether(nodes);
  const { received } = receiver;
  assert.equal(new Set(received.map(idOf)).size, received.length, "no delivery is sent twice");
  const attempts = nodes.map((node) => attemptsOf(node).length);
  assert.ok(Math.min(...attempts) >= 3, `each has sent some: ${attempts}`);
  assert.equal((attempts[0] ?? 0) + (attempts[1] ?? 0), received.length);
  const log = await checkStored(database);
  for (const [index, { enterpriseId }] of partners.entries()) {
    const rows = log.filter(({ enterprise_id, kind }) => enterprise_id === enterpriseId && kind === "MessageAdded");
    const told = announcedIds(received.filter(({ path }) => path === `/${index}`));
    assert.equal(rows.length, 1 + 2 * rounds.length);
    assert.deepEqual(
      told,
      rows.map(({ message_id }) => message_id),
    );
  }
});

test("nodes whose clocks are seconds apart do not call a webhook that the other one is calling", async (t) => {
  const { nodes, gates, at } = await startGatedNodes(t);
  const [busy, quick] = [await startReceiver(t), await startReceiver(t)];
  const slow = await newPartner(nodes[0], busy.url);
  const other = await newPartner(nodes[0], quick.url);
  for (const ahead of [4, -4]) {
    const before = busy.received.length;
    at(before * 100, ahead);
    const release = hold(busy);
    await nodes[0].addTo([slow.thread], slow);
    await busy.requests(before + 1);
    // Until the last moment that an answer may come.
    for (const seconds of [0, 5]) {
      at(before * 100 + seconds, ahead);
      for (const [index, node] of nodes.entries()) {
        // Only this node can make the call, so it has looked at everything that is due.
        const others = gates.filter((_, other) => other !== index);
        for (const gate of others) await gate.shut();
        const recorded = attemptsOf(node).length;
        await node.addTo([other.thread], other);
        await eventually("An attempt", async () => attemptsOf(node).length > recorded || undefined);
        for (const gate of others) gate.open();
      }
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

  const [leased] = await sql<{ until: number }>(database, "SELECT leased_until AS until FROM webhook_endpoint");
  const leasedUntil = Number(leased?.until);
  let now = leasedUntil - 1;
  const survivor = await startSandbox(t, { database }, { clock: () => now });
  const { tokens } = await newProperties(survivor, 1);
  await registerWebhook(survivor, quick.url, { clientToken: tokens.ClientToken });
  const thread = (await survivor.call("messageThreads/add", guest, { tokens })).body.MessageThreads[0]?.Id;
  await survivor.call("messages/add", { Messages: [{ MessageThreadId: thread, Text: "Hello" }] }, { tokens });
  await quick.requests(1);
  assert.equal(receiver.received.length, 1, "who has looked leaves what is leased");

  release(200);
  now = leasedUntil;
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
