import assert from "node:assert/strict";
import { test } from "node:test";
import { staffOperations } from "../../src/api/staff/operations.ts";
import { nameOf } from "../../src/protocol/operation.ts";
import type { StaffLink } from "../../src/protocol/staff/links.ts";
import type { StaffUser } from "../../src/protocol/staff/people.ts";
import type { DeliveryRecord } from "../../src/protocol/staff/webhooks.ts";
import { rightsOf, type StaffRole } from "../../src/staff/sign-in/rights.ts";
import { entriesAfter } from "../../src/store/log/property-log.ts";
import { type DeskAnswer, type FrontDesk, frontDesk, type Receptionist } from "../support/browser/front-desk.ts";
import { gross, net } from "../support/server/world.ts";

const secret = "Words of Gross alone";

interface Property {
  readonly enterpriseId: string;
  readonly threadId: string;
  /** Somebody who works there. */
  readonly colleague: Receptionist;
  /** Of the installation, by the names of the properties that they are asked for with. */
  readonly records: Readonly<Record<string, string>>;
}

/** What to ask of an operation so that it is about a property. */
function inputAbout({ enterpriseId, threadId, colleague, records }: Property, example: object): object {
  const values: Readonly<Record<string, unknown>> = {
    MessageThreadId: threadId,
    EnterpriseId: enterpriseId,
    EnterpriseIds: [enterpriseId],
    UserId: colleague.id,
    Memberships: [{ EnterpriseId: enterpriseId, Role: "Agent" }],
    Id: crypto.randomUUID(),
    Email: `${crypto.randomUUID()}@hotel.example`,
    Position: 1_000_000,
    Query: secret,
    Limitation: { Count: 10 },
    ...records,
  };
  return Object.fromEntries(Object.entries(example).map(([name, value]) => [name, values[name] ?? value]));
}

/** The id of an open link of a person. */
async function openLink(owner: Receptionist, UserId: string): Promise<string> {
  await owner.ask("users/reset", { UserId });
  const { Links } = await owner.ask<{ readonly Links: readonly StaffLink[] }>("links/getAll");
  return Links.find((link) => link.UserId === UserId)?.Id ?? "";
}

async function openThread(desk: FrontDesk, EnterpriseId: string, Text: string): Promise<string> {
  const { body } = await desk.call("messageThreads/add", { OriginalSender: Text, Subject: Text, EnterpriseId });
  const MessageThreadId = body.MessageThreads[0]?.Id ?? "";
  await desk.call("messages/add", { Messages: [{ MessageThreadId, Text }] });
  return MessageThreadId;
}

/** A client, connected to a property, that has a webhook, and what the webhook was sent of that. */
async function installRecords(owner: Receptionist, enterpriseId: string): Promise<Property["records"]> {
  type Installed = Readonly<Record<string, string>> & { readonly Deliveries: readonly DeliveryRecord[] };
  const ask = (operation: string, input: object = {}) => owner.ask<Installed>(operation, input);
  const Url = "http://127.0.0.1:9/hook";
  const { ClientId = "" } = await ask("clients/add", { Name: "Bot" });
  const { WebhookId = "" } = await ask("webhooks/set", { ClientId, Kind: "Integration", Url });
  const { IntegrationId = "" } = await ask("integrations/add", { ClientId, EnterpriseIds: [enterpriseId] });
  const { Deliveries } = await ask("webhooks/getDeliveries");
  return { ClientId, WebhookId, IntegrationId, DeliveryId: Deliveries[0]?.Id ?? "", Url };
}

/** Everything that a property has, so that a change is seen. */
async function stateOf(desk: FrontDesk, owner: Receptionist, { enterpriseId, threadId }: Property) {
  const log = await entriesAfter(desk.app.store.db, enterpriseId, 0, 1000);
  const { Users } = await owner.ask<{ Users: readonly StaffUser[] }>("users/getAll");
  const people = Users.filter(({ Memberships }) => Memberships.some((one) => one.EnterpriseId === enterpriseId));
  const replies = await owner.ask("savedReplies/getAll", { EnterpriseIds: [enterpriseId] });
  const property = (await owner.ask("session/get")).Properties.find(({ Id }) => Id === enterpriseId);
  return { log, people, replies, property, thread: (await owner.open(threadId)).Thread };
}

const operations = staffOperations.filter(({ access }) => access !== "anyone" && access !== "signedIn");

for (const role of ["Agent", "Manager", "Owner"] as const satisfies readonly StaffRole[]) {
  test(`what the role ${role} allows, it allows at one's own properties alone`, async (t) => {
    const desk = await frontDesk(t);
    const owner = await desk.hire("Olga", "Owner");
    const person = role === "Owner" ? owner : await desk.hire("Alice", { [net]: role });
    const records = await installRecords(owner, net);
    const bob = await desk.hire("Bob", { [net]: "Agent" });
    const eve = await desk.hire("Eve", { [gross]: "Agent" });
    const own: Property = {
      enterpriseId: net,
      threadId: await openThread(desk, net, "Words of Net"),
      colleague: bob,
      records: { ...records, LinkId: await openLink(owner, bob.id) },
    };
    const other: Property = {
      enterpriseId: gross,
      threadId: await openThread(desk, gross, secret),
      colleague: eve,
      records: { ...records, LinkId: await openLink(owner, eve.id) },
    };
    const before = await stateOf(desk, owner, other);

    for (const { description, access } of operations) {
      const name = nameOf(description);
      const isAllowed = rightsOf[role].some((right) => right === access);
      const ask = (property: Property): Promise<DeskAnswer> =>
        person.call(name, inputAbout(property, description.example.request));
      const atOwn = await ask(own);
      assert.equal(atOwn.status, isAllowed ? 200 : 403, `${name} at one's own: ${atOwn.text}`);
      if (role === "Owner") continue;

      const elsewhere = await ask(other);
      const isAboutProperty = /"(?:MessageThreadId|EnterpriseIds?|Memberships|UserId|LinkId)"/.test(
        JSON.stringify(description.example.request),
      );
      if (isAboutProperty && name !== "presence/set") {
        const text = `${name} elsewhere: ${elsewhere.status} ${elsewhere.text}`;
        assert.ok([400, 403, 404].includes(elsewhere.status), text);
      }
      assert.doesNotMatch(elsewhere.text.replaceAll(/"Query":"[^"]*"/g, ""), new RegExp(secret), `${name} tells`);
    }
    if (role !== "Owner") assert.deepEqual(await stateOf(desk, owner, other), before, "nothing has changed elsewhere");
  });
}

test("without a session there is nothing but the way in", async (t) => {
  const desk = await frontDesk(t);
  for (const { description, access } of staffOperations) {
    if (access === "anyone") continue;
    const { resource, action, example } = description;
    const response = await fetch(`${desk.url}/api/staff/v1/${resource}/${action}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(example.request),
    });
    assert.equal(response.status, 401, `${resource}/${action}`);
  }
});

test("a person who loses a property sees nothing of it from then on", async (t) => {
  const desk = await frontDesk(t);
  const owner = await desk.hire("Olga", "Owner");
  const alice = await desk.hire("Alice", { [net]: "Agent", [gross]: "Agent" });
  await openThread(desk, gross, secret);
  assert.equal((await alice.list("All", { EnterpriseIds: [gross] })).length, 1);
  await owner.ask("memberships/set", { UserId: alice.id, EnterpriseId: gross, Role: null });
  assert.equal(
    (await alice.call("threads/getAll", { View: "All", EnterpriseIds: [gross], Limitation: { Count: 5 } })).status,
    403,
  );
  assert.doesNotMatch(
    (await alice.call("threads/getAll", { View: "All", Limitation: { Count: 50 } })).text,
    new RegExp(secret),
  );
});
