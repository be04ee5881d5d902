import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import pg from "pg";
import { Problem } from "../../../src/core/problem.ts";
import { withWayOut } from "../../../src/core/ways-out.ts";
import { startReceiver } from "../../support/delivery/receiver.ts";
import { openSocket } from "../../support/delivery/socket.ts";
import { announcedIds, registerWebhook, settledTogether } from "../../support/delivery/webhooks.ts";
import { checkStored, eventually, failuresOf, notesOf, startNodes, troubleOf } from "../../support/postgres/nodes.ts";
import { startTransactionPooler } from "../../support/postgres/transaction-pooler.ts";
import type { Answer } from "../../support/server/answer.ts";
import { engineDatabase } from "../../support/server/server.ts";
import { atNet, everything, guest, net, world } from "../../support/server/world.ts";

const connections = 4;

/** What each connection of the pooler has been left with. */
async function sessions(pooler: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(pooler);
  await client.connect();
  const rows: Record<string, unknown>[] = [];
  for (let index = 0; index < connections; index += 1) {
    const asked = await client.query<Record<string, unknown>>(
      `SELECT pg_backend_pid() AS pid, (SELECT count(*)::int FROM pg_prepared_statements) AS prepared,
        current_setting('statement_timeout') AS timeout, current_setting('transaction_isolation') AS isolation,
        current_setting('idle_in_transaction_session_timeout') AS idle,
        (SELECT count(*)::int FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'advisory') AS locks,
        (SELECT json_object_agg(name, setting) FROM pg_settings WHERE source = 'session') AS settings`,
    );
    rows.push(...asked.rows);
  }
  await client.end();
  return rows;
}

test("two nodes behind a pooler that gives each transaction another connection: everything works", async (t) => {
  const database = await engineDatabase(t);
  const pooler = await startTransactionPooler(t, database, connections);
  const { nodes, at } = await startNodes(t, { database: pooler, "database-prepare": "off" });
  const receiver = await startReceiver(t);
  await registerWebhook(nodes[0], receiver.url);
  const sockets = await Promise.all(nodes.map(({ url }) => openSocket(t, url)));
  const start = (await nodes[0].call("events/getAll", { After: "now" })).body.Position;
  at(10, 1);

  const made = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const [one, other] = index % 2 === 0 ? nodes : [nodes[1], nodes[0]];
      const options = { ...(index % 3 === 0 && atNet), headers: { "Idempotency-Key": `${index}` } };
      const add = (node: typeof one): Promise<Answer> => node.call("messageThreads/add", guest, options);
      const answers = await Promise.all([add(one), add(other)]);
      for (const { status, text } of answers) assert.deepEqual([status, text], [200, answers[0]?.text]);
      const thread = answers[0]?.body.MessageThreads[0]?.Id ?? "";
      const [message = ""] = await one.addMessages(thread);
      const reply = await other.staff("reply", thread);
      await one.staff("resolve", thread);
      assert.equal((await other.thread(thread)).IsResolved, true);
      assert.deepEqual(await other.messages({ MessageThreadIds: [thread] }), [reply, message]);
      return { thread, isAtNet: index % 3 === 0, messages: [message, reply] };
    }),
  );

  const threads = made.map(({ thread }) => thread).toSorted();
  const byUpdate = { UpdatedUtc: everything.CreatedUtc };
  for (const node of nodes) {
    assert.deepEqual((await node.threads()).toSorted(), threads);
    assert.deepEqual(await node.threads(byUpdate), await node.threads());
    assert.equal((await node.threads({ ...byUpdate, EnterpriseIds: [net] })).length, 4);
    const pages: string[] = [];
    for (let Cursor: string | null = null; ; ) {
      const { body }: Answer = await node.call("messageThreads/getAll", {
        ...byUpdate,
        Limitation: { Count: 5, Cursor },
      });
      if (body.Cursor === null) break;
      pages.push(...body.MessageThreads.map(({ Id }) => Id));
      Cursor = body.Cursor;
    }
    assert.deepEqual(pages, await node.threads());
    assert.equal(await troubleOf(node), undefined);
  }

  const messages = made.flatMap((one) => one.messages).toSorted();
  for (const socket of sockets) assert.deepEqual((await socket.messages(messages.length)).toSorted(), messages);
  const fed = (await nodes[1].call("events/getAll", { After: start })).body.Events;
  assert.deepEqual(
    fed
      .filter(({ Discriminator }) => Discriminator === "MessageAdded")
      .map(({ Value }) => Value.Id)
      .toSorted(),
    messages,
  );
  const atNetAlone = made.filter(({ isAtNet }) => isAtNet).flatMap((one) => one.messages);
  // Client 1 has three integrations at Net.
  const announced = [...messages, ...atNetAlone, ...atNetAlone].toSorted();
  const received = await receiver.until((all) => announcedIds(all).length >= announced.length);
  await settledTogether(nodes);
  assert.deepEqual(announcedIds(received).toSorted(), announced);
  await checkStored(database);
  for (const node of nodes) assert.deepEqual([...failuresOf(node), ...notesOf(node)], []);

  await Promise.all(nodes.map(({ app }) => app.stop()));
  const left = await sessions(pooler);
  assert.equal(new Set(left.map(({ pid }) => pid)).size, connections);
  for (const { pid: _, ...session } of left) {
    assert.deepEqual(session, {
      prepared: 0,
      timeout: "0",
      isolation: "read committed",
      idle: "0",
      locks: 0,
      settings: null,
    });
  }
});

test("behind such a pooler, a node that prepares statements is told what to do", async (t) => {
  const pooler = await startTransactionPooler(t, await engineDatabase(t), connections);
  const node = await world(t, { database: pooler });
  const advice =
    "The database lost a prepared statement. Behind a pooler that can't keep them, set --database-prepare off.";
  await eventually("The advice", async () => {
    await node.call("messageThreads/add", guest);
    const failures = failuresOf(node).map((error) => (error instanceof Problem ? withWayOut(error) : String(error)));
    const told = [...notesOf(node), ...failures].join("\n");
    return told.includes(advice) || undefined;
  });
});
