import assert from "node:assert/strict";
import { test } from "node:test";
import { staffOperations } from "../../src/api/staff/operations.ts";
import { type FrontDesk, frontDesk, type Receptionist } from "../support/browser/front-desk.ts";
import { net, nobody } from "../support/server/world.ts";

import { connected, ownedDesk } from "../support/staff/owned-desk.ts";

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

test("only owners administer the installation, and no answer is kept", async (t) => {
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
