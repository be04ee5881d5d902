import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { addIntegration, deleteIntegration, setIntegrationEnabled } from "../../../src/administration/integrations.ts";
import { tokenDigest } from "../../../src/core/tokens.ts";
import {
  changeDirectory,
  clientOfToken,
  enableClient,
  enableEnterprise,
} from "../../../src/store/directory/directory.ts";
import { resend } from "../../../src/store/webhooks/deliveries.ts";
import { hold, startReceiver } from "../../support/delivery/receiver.ts";
import {
  administratorOf,
  announcedIds,
  batchOf,
  deliveriesOf,
  registerWebhook,
} from "../../support/delivery/webhooks.ts";
import { client2AtGross, client2AtNet, net, world } from "../../support/server/world.ts";

const { ClientToken: clientToken } = client2AtGross.tokens;

/** Client 2, which has one integration at Gross, one at Net, a thread at each, and an endpoint. */
async function worldOfClient2(t: TestContext) {
  const receiver = await startReceiver(t);
  const server = await world(t, {}, { random: () => 0 });
  await registerWebhook(server, receiver.url, { clientToken });
  const { app, addThread, staff } = server;
  const { db } = app.store;
  const atGross = await addThread(undefined, client2AtGross);
  const atNet = await addThread(undefined, client2AtNet);
  const clientId = await clientOfToken(db, tokenDigest(clientToken));

  /** The staff writes to a guest, which it can whatever is disabled, and all that is due is sent. */
  async function announce(threadId: string): Promise<string> {
    const id = await staff("reply", threadId);
    await server.app.settled();
    return id;
  }
  /** Disables or enables one of the things that a client hears through. */
  const switches = {
    integration: async (isEnabled: boolean) => setIntegrationEnabled(administratorOf(server), atNetId, isEnabled),
    enterprise: (isEnabled: boolean) =>
      changeDirectory(db, (transaction) => enableEnterprise(transaction, net, isEnabled, app.clock())),
    client: (isEnabled: boolean) =>
      changeDirectory(db, (transaction) => enableClient(transaction, clientId, isEnabled)),
  };
  const first = await announce(atNet);
  const { IntegrationId: atNetId } = batchOf((await receiver.requests(1))[0] ?? assert.fail());
  /** What was announced since the world began. */
  const heard = () => announcedIds(receiver.received).filter((id) => id !== first);
  return { ...server, receiver, clientId, atNetId, atGross, atNet, announce, switches, heard };
}

for (const name of ["integration", "enterprise", "client"] as const) {
  test(`nothing is announced through a disabled ${name}, and what was missed once it is enabled`, async (t) => {
    const { atNet, announce, switches, heard, at, ...server } = await worldOfClient2(t);
    await switches[name](false);
    const missed = [await announce(atNet), await announce(atNet)];
    at(3600);
    missed.push(await announce(atNet));
    assert.deepEqual(heard(), []);
    await switches[name](true);
    await server.app.settled();
    assert.deepEqual(heard(), missed);
    const later = await announce(atNet);
    assert.deepEqual(heard(), [...missed, later]);
  });

  test(`what was missed through a disabled ${name} is announced once, however often it is switched`, async (t) => {
    const { atNet, announce, switches, heard, ...server } = await worldOfClient2(t);
    const expected = [];
    for (let round = 0; round < 3; round += 1) {
      await switches[name](false);
      await switches[name](false);
      expected.push(await announce(atNet));
      await switches[name](true);
      await switches[name](true);
      await server.app.settled();
    }
    assert.deepEqual(heard(), expected);
  });
}

test("more than one batch is missed through a disabled integration, and comes in order", async (t) => {
  const { atNet, staff, switches, heard, ...server } = await worldOfClient2(t);
  await switches.integration(false);
  const missed = [];
  for (let count = 0; count < 120; count += 1) missed.push(await staff("reply", atNet));
  await server.app.settled();
  await switches.integration(true);
  await server.app.settled();
  assert.deepEqual(heard(), missed);
  assert.deepEqual(
    server.receiver.received.map((one) => batchOf(one).Events.length),
    [1, 100, 20],
  );
});

test("other integrations of the client go on hearing while one is disabled, and other enterprises too", async (t) => {
  const { atGross, atNet, announce, switches, heard } = await worldOfClient2(t);
  for (const name of ["integration", "enterprise"] as const) await switches[name](false);
  await announce(atNet);
  const announced = await announce(atGross);
  assert.deepEqual(heard(), [announced]);
});

test("other clients go on hearing while one is disabled", async (t) => {
  const { atNet, announce, switches, heard, addThread, addMessages, ...server } = await worldOfClient2(t);
  const other = await startReceiver(t);
  await registerWebhook(server, other.url);
  await switches.client(false);
  await announce(atNet);
  const ids = await addMessages(await addThread());
  await server.app.settled();
  assert.deepEqual([heard(), announcedIds(other.received)], [[], ids]);
});

test("a new integration hears of what is added from then on", async (t) => {
  const { atNet, clientId, announce, receiver, ...server } = await worldOfClient2(t);
  const { id } = await addIntegration(administratorOf(server), clientId, [net]);
  const announced = await announce(atNet);
  const told = receiver.received.map((one) => batchOf(one)).filter(({ IntegrationId }) => IntegrationId === id);
  assert.deepEqual(
    told.map(({ Events }) => Events.map(({ Value }) => Value.Id)),
    [[announced]],
  );
});

for (const name of ["integration", "enterprise"] as const) {
  test(`a retry that falls due while its ${name} is disabled is given up, and can be sent again later`, async (t) => {
    const { app, receiver, atNet, announce, switches, heard, at } = await worldOfClient2(t);
    receiver.respond(() => 500);
    const announced = await announce(atNet);
    receiver.respond(() => 200);
    await switches[name](false);
    at(3600);
    await app.settled();
    assert.deepEqual(heard(), [announced]);
    const [delivery] = await deliveriesOf({ app });
    assert.deepEqual([delivery?.state, delivery?.attempts], ["failed", 1]);
    await switches[name](true);
    await resend(app.store.db, delivery?.id ?? "", app.clock());
    await app.settled();
    assert.deepEqual(heard(), [announced, announced]);
  });
}

test("a retry that falls due while its client is disabled is made once it is enabled", async (t) => {
  const { receiver, atNet, announce, switches, heard, at, ...server } = await worldOfClient2(t);
  receiver.respond(() => 500);
  const announced = await announce(atNet);
  receiver.respond(() => 200);
  await switches.client(false);
  at(3600);
  await server.app.settled();
  assert.deepEqual(heard(), [announced]);
  await switches.client(true);
  await server.app.settled();
  assert.deepEqual(heard(), [announced, announced]);
});

test("a deleted integration hears nothing more, not even what waited for it", async (t) => {
  const { atNet, atGross, atNetId, announce, staff, switches, heard, receiver, ...server } = await worldOfClient2(t);
  await switches.integration(false);
  await announce(atNet);
  const release = hold(receiver);
  const announced = [await staff("reply", atGross)];
  await receiver.requests(2);
  await staff("reply", atNet);
  await deleteIntegration(administratorOf(server), atNetId);
  await staff("reply", atNet);
  release(200);
  announced.push(await announce(atGross));
  assert.deepEqual(heard(), announced);
});

test("a retry that falls due after its integration was deleted is not made", async (t) => {
  const { receiver, atNet, atNetId, announce, heard, at, ...server } = await worldOfClient2(t);
  receiver.respond(() => 500);
  const announced = await announce(atNet);
  await deleteIntegration(administratorOf(server), atNetId);
  at(3600);
  await server.app.settled();
  assert.deepEqual(heard(), [announced]);
  assert.deepEqual(
    (await deliveriesOf(server)).map(({ state }) => state),
    ["failed", "delivered"],
  );
});
