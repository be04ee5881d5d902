import assert from "node:assert/strict";
import { test } from "node:test";
import { setIntegrationEnabled } from "../../../src/administration/integrations.ts";
import { listIntegrations } from "../../../src/store/directory/directory.ts";
import { resend } from "../../../src/store/webhooks/deliveries.ts";
import { forgetSecrets, listWebhookEndpoints } from "../../../src/store/webhooks/endpoints.ts";
import { hold, startReceiver } from "../../support/delivery/receiver.ts";
import {
  administratorOf,
  announcedIds,
  batchOf,
  deliveriesOf,
  registerWebhook,
} from "../../support/delivery/webhooks.ts";
import { gross, net, world } from "../../support/server/world.ts";

test("a 410 of the old URL does not disable the one that was registered meanwhile", async (t) => {
  const [old, current] = [await startReceiver(t), await startReceiver(t)];
  const server = await world(t, {}, { random: () => 0 });
  const { addThread, addMessages, at, app } = server;
  await registerWebhook(server, old.url);
  const release = hold(old);
  const [message] = await addMessages(await addThread(gross));
  await old.requests(1);
  await registerWebhook(server, current.url);
  release(410);
  await server.app.settled();
  const [endpoint] = await listWebhookEndpoints(app.store.db);
  assert.deepEqual([endpoint?.url, endpoint?.is_enabled], [current.url, 1]);
  at(6);
  app.wake();
  await current.requests(1);
  assert.deepEqual(announcedIds(current.received), [message]);
});

/** When each attempt but the first is due, in seconds after it. */
const dueAfter = [5, 305, 2105, 9305, 27_305, 63_305, 113_705, 185_705, 272_105];

test("a delivery that is sent again by hand during its last attempt is sent again", async (t) => {
  const receiver = await startReceiver(t, () => 500);
  const server = await world(t, {}, { random: () => 0 });
  const { addThread, addMessages, at, app } = server;
  await registerWebhook(server, receiver.url);
  await addMessages(await addThread(gross));
  await receiver.requests(1);
  let release = hold(receiver);
  for (let attempt = 2; attempt <= 10; attempt += 1) {
    release(500);
    await server.app.settled();
    release = hold(receiver);
    at(dueAfter[attempt - 2] ?? 0);
    app.wake();
    await receiver.requests(attempt);
  }
  const [delivery] = await deliveriesOf(server);
  await resend(app.store.db, delivery?.id ?? "", app.clock());
  release(500);
  receiver.respond(() => 200);
  await receiver.requests(11);
  await server.app.settled();
  const [again] = await deliveriesOf(server);
  assert.deepEqual([again?.state, again?.attempts], ["delivered", 11]);
});

test("a clock that is set back holds up no announcement", async (t) => {
  const receiver = await startReceiver(t);
  const server = await world(t);
  const { addThread, addMessages, at } = server;
  await registerWebhook(server, receiver.url);
  const thread = await addThread(gross);
  at(3600);
  await addMessages(thread);
  await receiver.requests(1);
  await server.app.settled();
  at(0);
  await addMessages(thread);
  await receiver.requests(2);
});

test("a long backlog at one property lets the others have their turn", async (t) => {
  const receiver = await startReceiver(t);
  const server = await world(t);
  const { addThread, addMessages, at, app } = server;
  await registerWebhook(server, receiver.url);
  const [atGross, atNet] = [await addThread(gross), await addThread(net)];
  const release = hold(receiver);
  await addMessages(atGross);
  await receiver.requests(1);
  at(1);
  for (let count = 0; count < 3; count += 1) await addMessages(...Array.from({ length: 100 }, () => atGross));
  at(2);
  await addMessages(atNet);
  at(3);
  for (let count = 0; count < 3; count += 1) await addMessages(...Array.from({ length: 100 }, () => atGross));
  release(200);
  app.wake();
  await receiver.until((received) => announcedIds(received).length === 1 + 300 + 3 + 300);
  const places = receiver.received.map((one) => batchOf(one).EnterpriseId);
  assert.ok(places.indexOf(net) < places.lastIndexOf(gross), "what came before the last hundreds is sent before them");
});

test("integrations can be administered while the secrets of webhooks are forgotten", async (t) => {
  const receiver = await startReceiver(t);
  const server = await world(t);
  const { app } = server;
  await registerWebhook(server, receiver.url, { kind: "integration" });
  await app.store.db.transaction(forgetSecrets);
  const [integration] = await listIntegrations(app.store.db, app.clock());
  await setIntegrationEnabled(administratorOf(server), integration?.id ?? "", false);
  const [changed] = await listIntegrations(app.store.db, app.clock());
  assert.equal(changed?.is_enabled, 0);
});
