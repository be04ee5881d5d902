import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Respond, startReceiver } from "../support/delivery/receiver.ts";
import { announcedIds } from "../support/delivery/webhooks.ts";
import { isSignedWith } from "../support/server/partners.ts";
import { net } from "../support/server/world.ts";

import { connected, ownedDesk } from "../support/staff/owned-desk.ts";

/** The same with a webhook for messages. */
async function listening(t: TestContext, respond?: Respond) {
  const owned = await ownedDesk(t);
  const receiver = await startReceiver(t, respond);
  const partner = await connected(owned);
  const { ClientId } = partner;
  const { WebhookId, Secret } = await owned.ask("webhooks/set", { ClientId, Kind: "General", Url: receiver.url });
  const webhook = async () => (await owned.ask("webhooks/getAll")).Webhooks.find(({ Id }) => Id === WebhookId);
  return { ...owned, ...partner, receiver, WebhookId, secret: Secret ?? "", webhook };
}

test("a webhook that an owner sets is sent what happens, signed with the secret that was told", async (t) => {
  const { desk, ask, receiver, WebhookId, ClientId, secret, webhook, write } = await listening(t);
  const id = await write();
  const [received] = await receiver.requests(1);
  assert.ok(received && isSignedWith(secret, received.headers, received.text));
  assert.deepEqual(announcedIds(receiver.received), [id]);
  await desk.app.settled();
  const [delivery] = (await ask("webhooks/getDeliveries", { Count: 1 })).Deliveries;
  assert.deepEqual(
    [delivery?.Id, delivery?.WebhookId, delivery?.State, delivery?.AttemptCount, delivery?.LastStatus],
    [received.headers["webhook-id"], WebhookId, "Delivered", 1, 200],
  );

  const Url = `${receiver.url}/hook?token=hidden`;
  const again = await ask("webhooks/set", {
    ClientId,
    Kind: "General",
    Url,
    Events: ["MessageThreadUpdated", "MessageThreadUpdated"],
  });
  assert.deepEqual([again.WebhookId, again.Secret], [WebhookId, null]);
  const listed = await webhook();
  assert.deepEqual([listed?.Url, listed?.Events], [`${receiver.url}/hook?…`, ["MessageThreadUpdated"]]);
  assert.ok(!JSON.stringify(desk.logged).includes(secret));
});

test("while a webhook is disabled events wait for it, and may be left out", async (t) => {
  const { desk, ask, receiver, WebhookId, webhook, write } = await listening(t);
  await ask("webhooks/disable", { WebhookId });
  const listed = await webhook();
  assert.deepEqual([listed?.IsEnabled, listed?.DisabledReason], [false, "By an owner."]);
  const first = await write();
  await ask("webhooks/enable", { WebhookId });
  await receiver.requests(1);
  assert.deepEqual(announcedIds(receiver.received), [first]);

  await desk.app.settled();
  await ask("webhooks/disable", { WebhookId });
  await write();
  await ask("webhooks/enable", { WebhookId, Skip: true });
  const last = await write();
  await receiver.requests(2);
  assert.deepEqual(announcedIds(receiver.received), [first, last]);
});

test("a secret is replaced, and for a while both sign", async (t) => {
  const { ask, receiver, WebhookId, secret } = await listening(t);
  const tested = async (...secrets: readonly (string | null)[]) => {
    await ask("webhooks/test", { WebhookId });
    const { headers = {}, text = "" } = receiver.received.at(-1) ?? {};
    return secrets.map((one) => isSignedWith(one ?? "", headers, text));
  };
  const second = await ask("webhooks/rotateSecret", { WebhookId, OverlapSeconds: 3600 });
  assert.deepEqual(await tested(secret, second.Secret), [true, true]);
  const third = await ask("webhooks/rotateSecret", { WebhookId, OverlapSeconds: 0 });
  assert.deepEqual(await tested(second.Secret, third.Secret), [false, true]);
  assert.ok(Date.parse(third.OldSecretExpiresUtc) <= Date.now());
});

test("a test says what the webhook answers, also when it fails", async (t) => {
  const { ask, receiver, WebhookId } = await listening(t, (_, response) => {
    response.writeHead(500).end("no such table: guests");
    return undefined;
  });
  const failed = await ask("webhooks/test", { WebhookId });
  assert.deepEqual(
    [failed.Status, failed.Error, failed.Response.Body],
    [500, "It answered 500.", "no such table: guests"],
  );
  const [received] = receiver.received;
  assert.deepEqual(
    [failed.Request.Headers["webhook-id"], failed.Request.Body],
    [received?.headers["webhook-id"], received?.text],
  );
  receiver.respond(() => 200);
  const mended = await ask("webhooks/test", { WebhookId });
  assert.deepEqual([mended.Status, mended.Error], [200, null]);
});

test("a delivery that was given up is listed by itself, and sent again, alone or with all of its kind", async (t) => {
  const { desk, ask, receiver, WebhookId, IntegrationId, write } = await listening(t, () => 500);
  await write();
  await receiver.requests(1);
  await desk.app.settled();
  const [waiting] = (await ask("webhooks/getDeliveries")).Deliveries;
  assert.deepEqual([waiting?.State, waiting?.LastStatus], ["Waiting", 500]);
  assert.ok(waiting?.NextAttemptUtc);
  // What waits for an integration that is disabled is given up when it is due.
  await ask("integrations/enable", { IntegrationId, IsEnabled: false });
  await ask("webhooks/resend", { DeliveryId: waiting.Id });
  await desk.app.settled();
  await ask("integrations/enable", { IntegrationId, IsEnabled: true });

  const [failed, ...others] = (await ask("webhooks/getDeliveries", { OnlyFailed: true })).Deliveries;
  assert.deepEqual([failed?.WebhookId, failed?.State, others], [WebhookId, "Failed", []]);
  const later = new Date(Date.now() + 3_600_000).toISOString();
  assert.deepEqual((await ask("webhooks/getDeliveries", { SinceUtc: later })).Deliveries, []);

  receiver.respond(() => 200);
  const before = receiver.received.length;
  assert.equal((await ask("webhooks/resend", { FailedSinceUtc: later })).Count, 0);
  assert.equal((await ask("webhooks/resend", { FailedSinceUtc: "2020-01-01T00:00:00Z" })).Count, 1);
  await receiver.requests(before + 1);
  await desk.app.settled();
  assert.equal((await ask("webhooks/resend", { DeliveryId: failed?.Id })).Count, 1);
  const received = await receiver.requests(before + 2);
  const ids = received.slice(before).map(({ headers }) => headers["webhook-id"]);
  assert.deepEqual(ids, [failed?.Id, failed?.Id]);
});

test("the webhook for integrations is told of what an owner does with them", async (t) => {
  const { ask } = await ownedDesk(t);
  const receiver = await startReceiver(t);
  const { ClientId } = await ask("clients/add", { Name: "Chatbot Inc." });
  const { Secret } = await ask("webhooks/set", { ClientId, Kind: "Integration", Url: receiver.url });
  const { IntegrationId, AccessToken } = await ask("integrations/add", { ClientId, EnterpriseIds: [net, net] });
  const rotated = await ask("integrations/rotateToken", { IntegrationId });
  const received = await receiver.requests(2);
  const told = received.map(
    ({ text }) => JSON.parse(text) as { Action: string; Data: Readonly<Record<string, string>> },
  );
  assert.deepEqual(
    told.map(({ Action, Data }) => [Action, Data.AccessToken ?? Data.ApiKey]),
    [
      ["IntegrationCreated", AccessToken],
      ["IntegrationApiKeyCreated", rotated.AccessToken],
    ],
  );
  assert.ok(received.every(({ headers, text }) => isSignedWith(Secret ?? "", headers, text)));
});
