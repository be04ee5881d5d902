import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { openSocket } from "../../support/delivery/socket.ts";
import { checkStored, newProperties, startNodes } from "../../support/postgres/nodes.ts";
import type { Answer } from "../../support/server/answer.ts";
import { everything, guest, johnDoe } from "../../support/server/world.ts";

/** Of several answers to one request, one is the first and the others are the same again. */
function checkOnce(answers: readonly Answer[]): void {
  for (const { status, text } of answers) assert.deepEqual([status, text], [200, answers[0]?.text]);
  const first = answers.filter(({ headers }) => !headers.has("Idempotent-Replayed"));
  assert.equal(first.length, 1, "one of them added something");
}

test("a key sent to both nodes at once adds one thing, also where nothing was ever written", async (t) => {
  const { database, nodes, at } = await startNodes(t);
  at(0, 2);
  for (let round = 0; round < 20; round += 1) {
    const { tokens } = await newProperties(nodes[0], 1);
    const caller = { tokens };
    const options = { ...caller, headers: { "Idempotency-Key": "once" } };
    // Both have seen the caller, so that they are equally quick.
    await Promise.all(nodes.map(({ call }) => call("configuration/get", {}, caller)));
    const opened = await Promise.all(nodes.map(({ call }) => call("messageThreads/add", guest, options)));
    checkOnce(opened);
    assert.equal((await nodes[1].threads(everything, caller)).length, 1);

    const MessageThreadId = opened[0]?.body.MessageThreads[0]?.Id;
    const addition = { Messages: [{ MessageThreadId, Text: "Hello" }] };
    checkOnce(await Promise.all(nodes.map(({ call }) => call("messages/add", addition, options))));
    assert.equal((await nodes[0].messages({ MessageThreadIds: [MessageThreadId] }, caller)).length, 1);
  }
  await checkStored(database);
});

test("of two requests with one key and different bodies, at two nodes at once, one is refused", async (t) => {
  const { nodes } = await startNodes(t);
  for (let round = 0; round < 10; round += 1) {
    const options = { headers: { "Idempotency-Key": `${round}` } };
    const answers = await Promise.all([
      nodes[0].call("messageThreads/add", guest, options),
      nodes[1].call("messageThreads/add", johnDoe, options),
    ]);
    assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 400]);
  }
  assert.equal((await nodes[0].threads()).length, 10);
});

/** What one of two nodes does to the same thread. */
type Change = "message" | "reply" | "resolve" | "reopen";
const changes = fc.array(fc.constantFrom<Change>("message", "message", "reply", "resolve", "resolve", "reopen"), {
  minLength: 4,
  maxLength: 12,
  size: "max",
});

test("what two nodes do to one thread at once is all in it, and the thread is what its log says", async (t) => {
  const { database, nodes, at } = await startNodes(t);
  await fc.assert(
    fc.asyncProperty(fc.tuple(changes, changes), fc.constantFrom(0, 5, -5), async (all, ahead) => {
      at(0, ahead);
      const thread = await nodes[0].addThread();
      const made: string[] = [];
      await Promise.all(
        nodes.map(async (node, index) => {
          for (const change of all[index] ?? []) {
            if (change === "message") made.push(...(await node.addMessages(thread)));
            else if (change === "reply") made.push(await node.staff("reply", thread));
            else assert.equal(await node.staff(change, thread), thread);
          }
        }),
      );
      const listed = await Promise.all(nodes.map(({ messages }) => messages({ MessageThreadIds: [thread] })));
      assert.deepEqual(listed[0], listed[1]);
      assert.deepEqual(listed[0]?.toSorted(), made.toSorted());
      assert.deepEqual(await nodes[0].thread(thread), await nodes[1].thread(thread));
      await checkStored(database);
    }),
    { numRuns: 12 },
  );
});

for (const ahead of [7, -7]) {
  test(`sockets and feeds miss nothing of a property's beginning when the other node's clock is ${ahead} s ahead`, async (t) => {
    const { nodes, at } = await startNodes(t);
    at(0, ahead);
    const { tokens } = await newProperties(nodes[0], 1);
    const sockets = await Promise.all(nodes.map(({ url }) => openSocket(t, url, { tokens })));
    const positions = await Promise.all(nodes.map(({ call }) => call("events/getAll", { After: "now" }, { tokens })));
    const thread = await nodes[0].addThread(undefined, { tokens });
    const sent: string[] = [];
    for (const node of [...nodes, ...nodes]) {
      const { body } = await node.addTo([thread], { tokens });
      sent.push(...body.Messages.map(({ Message }) => Message.Id));
    }
    for (const socket of sockets) assert.deepEqual(await socket.messages(sent.length), sent);
    for (const { body } of positions) {
      const fed = await nodes[1].call("events/getAll", { After: body.Position }, { tokens });
      assert.deepEqual(
        fed.body.Events.map(({ Value }) => Value.Id),
        sent,
      );
    }
    const { body } = await nodes[1].call("messages/getAll", { MessageThreadIds: [thread] }, { tokens });
    assert.deepEqual(
      body.Messages.map(({ Id }) => Id),
      sent.toReversed(),
    );
    const times = body.Messages.map(({ CreatedUtc }) => CreatedUtc).toReversed();
    assert.deepEqual(times, times.toSorted(), "time never runs backwards");
    const [updated] = (await nodes[0].call("messageThreads/getAll", { MessageThreadIds: [thread] }, { tokens })).body
      .MessageThreads;
    assert.equal(updated?.UpdatedUtc, times.at(-1), "the last change");
  });
}
