import assert from "node:assert/strict";
import { test } from "node:test";
import { holdWebhooks, releaseWebhooks } from "../../../src/store/webhooks/hold.ts";
import { startReceiver } from "../../support/delivery/receiver.ts";
import { announcedIds, registerWebhook } from "../../support/delivery/webhooks.ts";
import { startNodes } from "../../support/postgres/nodes.ts";
import { gross } from "../../support/server/world.ts";

test("while webhooks are held no node sends any, and a release sends all that waited, in its order", async (t) => {
  const receiver = await startReceiver(t, () => 500);
  const { nodes, at } = await startNodes(t);
  const [one, other] = nodes;
  await registerWebhook(one, receiver.url);
  const thread = await one.addThread(gross);
  const failedBefore = await one.addMessages(thread);
  for (const node of nodes) await node.app.settled();
  assert.equal(receiver.received.length, 1, "a delivery waits for its next attempt");
  receiver.respond(() => 200);

  await holdWebhooks(one.app.store.db, one.app.clock());
  const written: string[][] = [];
  for (const node of [one, other, one, other]) written.push(await node.addMessages(thread));
  at(86_400);
  for (const node of nodes) await node.app.settled();
  assert.equal(receiver.received.length, 1, "neither what waited nor what came meanwhile is sent");

  assert.equal(await releaseWebhooks(other.app.store.db), true);
  await receiver.until((received) => announcedIds(received.slice(1)).length >= 5);
  for (const node of nodes) await node.app.settled();
  // As always, what failed is tried again when it is due, behind what has waited longer for its first attempt.
  assert.deepEqual(announcedIds(receiver.received.slice(1)), [...written.flat(), ...failedBefore]);
  assert.equal(await releaseWebhooks(one.app.store.db), false, "once is enough");
});
