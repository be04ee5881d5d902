import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { openSocket } from "../../support/delivery/socket.ts";
import {
  eventually,
  failuresOf,
  type Node,
  newProperties,
  otherClient,
  startNodes,
} from "../../support/postgres/nodes.ts";
import { net, nobody } from "../../support/server/world.ts";

/** Two nodes whose sockets look for other processes' commits only when `look` says so. */
async function startUnpolled(t: TestContext) {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const { database, nodes } = await startNodes(t);
  const [writer, hearer] = nodes;
  const administrator = await otherClient(t, database);
  const listening = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'";
  const count = async () => (await administrator.query(`SELECT ${listening}`)).rowCount ?? 0;
  const untilListening = (nodes: number) =>
    eventually(`That ${nodes} listen`, async () => ((await count()) === nodes ? true : undefined));
  await untilListening(2);
  return {
    writer,
    hearer,
    administrator,
    untilListening,
    look: () => t.mock.timers.tick(250),
    cutListeners: async () => {
      await administrator.query(`SELECT pg_terminate_backend(pid) ${listening}`);
      await untilListening(0);
    },
  };
}

async function writeOne(node: Node): Promise<string> {
  const thread = await node.addThread();
  const [message] = await node.addMessages(thread);
  return message ?? "";
}

test("a commit on one node reaches a socket on another that never looks for itself", async (t) => {
  const { writer, hearer } = await startUnpolled(t);
  const socket = await openSocket(t, hearer.url);
  const sent: string[] = [];
  for (let count = 1; count <= 5; count += 1) {
    sent.push(await writeOne(writer));
    assert.deepEqual(await socket.messages(count), sent);
  }
  const thread = await writer.addThread(net);
  sent.push(await writer.staff("reply", thread));
  assert.deepEqual(await socket.messages(6), sent);
});

test("one commit at more properties than a notification can name is heard of at all of them", async (t) => {
  const { writer, hearer } = await startUnpolled(t);
  const { enterpriseIds, tokens } = await newProperties(writer, 60);
  const socket = await openSocket(t, hearer.url, { tokens });
  const threads = await Promise.all(enterpriseIds.map((id) => writer.addThread(id, { tokens })));
  const { body } = await writer.addTo(threads, { tokens });
  const sent = body.Messages.map(({ Message }) => Message.Id);
  assert.deepEqual((await socket.messages(60)).toSorted(), sent.toSorted());
});

test("when notifications are lost, looking finds the commit, and listening begins again by itself", async (t) => {
  const { writer, hearer, look, cutListeners, untilListening } = await startUnpolled(t);
  const socket = await openSocket(t, hearer.url);
  await cutListeners();
  const sent = [await writeOne(writer)];
  look();
  assert.deepEqual(await socket.messages(1), sent);

  await untilListening(2);
  sent.push(await writeOne(writer));
  assert.deepEqual(await socket.messages(2), sent);
  assert.deepEqual([...failuresOf(writer), ...failuresOf(hearer)], []);
});

test("what others say on the channel does no harm", async (t) => {
  const { writer, hearer, administrator } = await startUnpolled(t);
  const socket = await openSocket(t, hearer.url);
  const payloads = ["", "Hello", "{", "{}", "null", "1", "[null]", '[{"enterpriseId":7}]', '[{}, "x"]'];
  for (const payload of [...payloads, ...payloads.map((text) => `${nobody}${text}`)]) {
    await administrator.query("SELECT pg_notify('innbox', $1)", [payload]);
  }
  const sent = [await writeOne(writer)];
  assert.deepEqual(await socket.messages(1), sent);
});
