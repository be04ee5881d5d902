import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { staffOperations } from "../../src/api/staff/operations.ts";
import type { ClientRecord, IntegrationRecord, PropertyRecord } from "../../src/protocol/staff/installation.ts";
import type { DeliveryRecord, WebhookRecord } from "../../src/protocol/staff/webhooks.ts";
import { type FrontDesk, frontDesk, type Receptionist } from "../support/browser/front-desk.ts";
import { type Respond, startReceiver } from "../support/delivery/receiver.ts";
import { announcedIds } from "../support/delivery/webhooks.ts";
import { isSignedWith } from "../support/server/partners.ts";
import { net, nobody } from "../support/server/world.ts";

/** The properties of the answers together; which of them are there has been held against the description. */
interface Installed {
  readonly ClientId: string;
  readonly ClientToken: string;
  readonly Clients: readonly ClientRecord[];
  readonly EnterpriseId: string;
  readonly Properties: readonly PropertyRecord[];
  readonly IntegrationId: string;
  readonly AccessToken: string;
  readonly OldTokenExpiresUtc: string;
  readonly Integrations: readonly IntegrationRecord[];
  readonly WebhookId: string;
  readonly Secret: string | null;
  readonly OldSecretExpiresUtc: string;
  readonly Webhooks: readonly WebhookRecord[];
  readonly Deliveries: readonly DeliveryRecord[];
  readonly Count: number;
  readonly Status: number | null;
  readonly Error: string | null;
  readonly Request: { readonly Headers: Readonly<Record<string, string>>; readonly Body: string };
  readonly Response: { readonly Body: string | null };
}

/** A sandbox and one of its owners. */
async function ownedDesk(t: TestContext) {
  const desk = await frontDesk(t);
  const owner = await desk.hire("Olga", "Owner");
  const ask = async (operation: string, input: object = {}) =>
    (await owner.ask(operation, input)) as unknown as Installed;
  const refusal = async (operation: string, input: object): Promise<string> => {
    const { status, body } = await owner.call(operation, input);
    assert.equal(status, 400);
    return body.Message;
  };
  return { desk, owner, ask, refusal };
}

type OwnedDesk = Awaited<ReturnType<typeof ownedDesk>>;

/** A partner that an owner has connected to a new property. */
async function connected({ desk, ask }: Pick<OwnedDesk, "desk" | "ask">) {
  const { EnterpriseId } = await ask("properties/add", { Name: "Seaside" });
  const { ClientId, ClientToken } = await ask("clients/add", { Name: " Chatbot Inc. " });
  const { IntegrationId, AccessToken } = await ask("integrations/add", { ClientId, EnterpriseIds: [EnterpriseId] });
  const status = async (token = AccessToken) =>
    (await desk.call("configuration/get", {}, { tokens: { ClientToken, AccessToken: token } })).status;
  /** Answers the message's id. */
  const write = async () => {
    const options = { tokens: { ClientToken, AccessToken } };
    const thread = await desk.call("messageThreads/add", { OriginalSender: "Guest", Subject: "Stay" }, options);
    const MessageThreadId = thread.body.MessageThreads[0]?.Id;
    const { body } = await desk.call("messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] }, options);
    return body.Messages[0]?.Message.Id ?? "";
  };
  return { EnterpriseId, ClientId, ClientToken, IntegrationId, AccessToken, status, write };
}

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

test("a client that an owner adds and connects to a property calls the Connector API", async (t) => {
  const { desk, owner, ask } = await ownedDesk(t);
  const { EnterpriseId, ClientId, IntegrationId, ClientToken, AccessToken, write } = await connected({ desk, ask });

  await write();
  const [thread] = await owner.list("Awaiting", { EnterpriseIds: [EnterpriseId] });
  assert.equal(thread?.Subject, "Stay", "the owner works at the new property at once");

  const client = (await ask("clients/getAll")).Clients.find(({ Id }) => Id === ClientId);
  assert.deepEqual([client?.Name, client?.IsEnabled], ["Chatbot Inc.", true]);
  const property = (await ask("properties/getAll")).Properties.find(({ Id }) => Id === EnterpriseId);
  const { Name, TimeZoneIdentifier, DefaultLanguageCode, IsEnabled } = property ?? assert.fail("It is not listed.");
  assert.deepEqual([Name, TimeZoneIdentifier, DefaultLanguageCode, IsEnabled], ["Seaside", "UTC", "en-US", true]);
  const { Integrations } = await ask("integrations/getAll");
  const integration = Integrations.find(({ Id }) => Id === IntegrationId) ?? assert.fail("It is not listed.");
  const { ClientName, PrimaryEnterpriseId, EnterpriseCount, TokenCount } = integration;
  assert.deepEqual(
    [ClientName, PrimaryEnterpriseId, EnterpriseCount, TokenCount],
    ["Chatbot Inc.", EnterpriseId, 1, 1],
  );

  const lists = JSON.stringify([await ask("clients/getAll"), Integrations]);
  for (const token of [ClientToken, AccessToken]) {
    assert.ok(!lists.includes(token), "a token is told once");
    assert.ok(!JSON.stringify(desk.logged).includes(token), "and never logged");
  }
});

test("whatever an owner disables is shut out at the next request, until it is enabled again", async (t) => {
  const { desk, owner, ask } = await ownedDesk(t);
  const { EnterpriseId, ClientId, IntegrationId, status } = await connected({ desk, ask });
  for (const [operation, id] of [
    ["clients/enable", { ClientId }],
    ["integrations/enable", { IntegrationId }],
    ["properties/enable", { EnterpriseId }],
  ] as const) {
    assert.equal(await status(), 200);
    await ask(operation, { ...id, IsEnabled: false });
    assert.notEqual(await status(), 200, operation);
    const works = (await owner.ask("session/get")).Properties.some(({ Id }) => Id === EnterpriseId);
    assert.equal(works, operation !== "properties/enable");
    await ask(operation, { ...id, IsEnabled: true });
  }
  assert.equal(await status(), 200);
});

test("an access token is replaced, for a while or at once, and ends with its integration", async (t) => {
  const { desk, ask } = await ownedDesk(t);
  const { IntegrationId, AccessToken, status } = await connected({ desk, ask });
  const second = await ask("integrations/rotateToken", { IntegrationId });
  const hours = (Date.parse(second.OldTokenExpiresUtc) - Date.now()) / 3_600_000;
  assert.ok(hours > 23 && hours <= 24, "a day, unless told otherwise");
  assert.deepEqual([await status(AccessToken), await status(second.AccessToken)], [200, 200]);

  const third = await ask("integrations/rotateToken", { IntegrationId, OverlapSeconds: 0 });
  const statuses = [AccessToken, second.AccessToken, third.AccessToken].map((token) => status(token));
  assert.deepEqual(await Promise.all(statuses), [401, 401, 200]);

  await ask("integrations/delete", { IntegrationId });
  assert.equal(await status(third.AccessToken), 401);
  assert.ok((await ask("integrations/getAll")).Integrations.every(({ Id }) => Id !== IntegrationId));
});

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

test("what can't be is refused with a sentence", async (t) => {
  const { ask, refusal } = await ownedDesk(t);
  const { ClientId } = await ask("clients/add", { Name: "Chatbot Inc." });
  const Url = "http://127.0.0.1:9/hook";
  const hook = { ClientId, Kind: "General", Url };
  const refused: readonly [operation: string, input: object, sentence: RegExp][] = [
    ["clients/add", { Name: " " }, /^Name must not be empty\.$/],
    ["clients/enable", { ClientId: nobody, IsEnabled: true }, /^There is no client 0{8}-/],
    ["properties/add", { Name: "Moon", TimeZoneIdentifier: "Moon/Base" }, /^"Moon\/Base" is not an IANA time zone/],
    ["properties/add", { Name: "Moon", DefaultLanguageCode: "m" }, /^"m" is not a language code/],
    ["properties/enable", { EnterpriseId: nobody, IsEnabled: true }, /^There is no enterprise 0{8}-/],
    ["integrations/add", { ClientId: nobody, EnterpriseIds: [net] }, /^There is no client 0{8}-/],
    ["integrations/add", { ClientId, EnterpriseIds: [nobody] }, /^There is no enterprise 0{8}-/],
    ["integrations/rotateToken", { IntegrationId: nobody, OverlapSeconds: 40_000_000 }, /^OverlapSeconds must be/],
    ["integrations/rotateToken", { IntegrationId: nobody }, /^There is no integration 0{8}-/],
    ["integrations/delete", { IntegrationId: nobody }, /^There is no integration 0{8}-/],
    ["webhooks/set", { ...hook, Url: "nonsense" }, /^"nonsense" is not a URL\.$/],
    ["webhooks/set", { ...hook, Url: "http://10.0.0.7/" }, /is not an address of the public internet\.$/],
    [
      "webhooks/set",
      { ...hook, Kind: "Integration", Events: ["MessageAdded"] },
      /^Events is for general webhooks only/,
    ],
    [
      "webhooks/set",
      { ...hook, Events: ["MessageSent"] },
      /^Events\[0\] must be one of MessageAdded, MessageThreadUpdated\.$/,
    ],
    ["webhooks/enable", { WebhookId: nobody }, /^There is no webhook 0{8}-/],
    ["webhooks/test", { WebhookId: nobody }, /^There is no webhook 0{8}-/],
    ["webhooks/resend", {}, /^Give either DeliveryId or FailedSinceUtc\.$/],
    ["webhooks/resend", { DeliveryId: nobody, FailedSinceUtc: "2026-05-05T10:00:00Z" }, /^Give either/],
    ["webhooks/resend", { DeliveryId: nobody }, /^There is no delivery 0{8}-/],
  ];
  for (const [operation, input, sentence] of refused)
    assert.match(await refusal(operation, input), sentence, operation);
  assert.deepEqual((await ask("webhooks/getAll")).Webhooks, []);
});

test("nobody but owners administers the installation, and no answer is kept", async (t) => {
  const desk = await frontDesk(t);
  const owner = await desk.hire("Olga", "Owner");
  const others = [await desk.hire("Alice", { [net]: "Agent" }), await desk.hire("Mary", { [net]: "Manager" })];
  const lists = ["clients/getAll", "properties/getAll", "integrations/getAll", "webhooks/getAll"];
  for (const operation of lists) {
    for (const person of others) assert.equal((await person.call(operation)).status, 403, operation);
    assert.equal(await cacheControl(desk, owner, operation), "no-store");
  }
  const resources = ["clients", "integrations", "webhooks"];
  const ofOwners = staffOperations.filter(({ description }) => resources.includes(description.resource));
  assert.ok(ofOwners.length > 0 && ofOwners.every(({ access }) => access === "installation"));
});

async function cacheControl({ url }: FrontDesk, { cookie }: Receptionist, operation: string) {
  const headers = { "Content-Type": "application/json", Cookie: cookie };
  const response = await fetch(`${url}/api/staff/v1/${operation}`, { method: "POST", headers, body: "{}" });
  await response.text();
  return response.headers.get("cache-control");
}
