import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { addStaff } from "../../../src/administration/staff.ts";
import { connectorOperations } from "../../../src/api/connector/operations.ts";
import { worldOperations } from "../../../src/api/sandbox/operations.ts";
import { staffOperations } from "../../../src/api/staff/operations.ts";
import { nameOf } from "../../../src/protocol/operation.ts";
import { frontDesk } from "../../support/browser/front-desk.ts";
import { type Asking, askWhileHeld, holdDatabase } from "../../support/database/held-database.ts";
import { everything } from "../../support/database/lived-in.ts";
import { startTestSandbox } from "../../support/sandbox/sandbox-server.ts";
import { engineDatabase, startSandbox } from "../../support/server/server.ts";
import { gross, net, publishedThread } from "../../support/server/world.ts";

/** The request limit of the servers that are asked in vain. */
const limit = { "request-timeout": "300ms" };

/** Whether an operation writes nothing, and so is answered while writing is refused: most say so by their names. */
function isReading(name: string): boolean {
  return /\/(?:get(?:[A-Z]\w*)?|search)$/.test(name) || ["presence/set", "webhooks/test"].includes(name);
}

/** What the world of the test has, by the names of the properties that it is asked for with. */
type Known = Readonly<Record<string, unknown>>;

/** The request of an operation's example, about what there is. */
function inputOf({ example }: (typeof staffOperations)[number]["description"], known: Known): object {
  return Object.fromEntries(Object.entries(example.request).map(([name, value]) => [name, known[name] ?? value]));
}

const password = "correct horse battery";

/** A database in which there is something for every operation, and what each is to be asked about. */
async function livedInDatabase(t: TestContext) {
  const database = await engineDatabase(t);
  // Nothing becomes due by itself.
  const clock = () => Date.UTC(2026, 4, 5, 10) * 1000;
  const desk = await frontDesk(t, { database }, { clock });
  const owner = await desk.hire("Olga", "Owner");
  type Answer = Readonly<Record<string, string>> & {
    readonly Deliveries: readonly { readonly Id: string }[];
    readonly Sessions: readonly { readonly Id: string }[];
    readonly Links: readonly { readonly Id: string }[];
    readonly SavedReply: { readonly Id: string };
  };
  const ask = (operation: string, input: object = {}) => owner.ask<Answer>(operation, input);
  const Url = "http://127.0.0.1:9/hook";
  const { ClientId } = await ask("clients/add", { Name: "Bot" });
  const { WebhookId } = await ask("webhooks/set", { ClientId, Kind: "Integration", Url });
  const { IntegrationId } = await ask("integrations/add", { ClientId, EnterpriseIds: [net] });
  await desk.app.settled();
  const { Deliveries } = await ask("webhooks/getDeliveries");
  const { SavedReply } = await ask("savedReplies/set", {
    EnterpriseId: gross,
    Shortcut: "late",
    LanguageCode: "en",
    Text: "We are there all night.",
  });
  const colleague = await desk.hire("Bob", { [gross]: "Agent", [net]: "Agent" });
  const Memberships = [{ EnterpriseId: gross, Role: "Agent" }];
  const { Link = "" } = await ask("users/invite", { Name: "Eva", Email: "eva@hotel.example", Memberships });
  const { Sessions } = await ask("sessions/getAll");
  const { Links } = await ask("links/getAll");
  await desk.app.stop();
  const known: Known = {
    ...{ ClientId, WebhookId, IntegrationId, DeliveryId: Deliveries[0]?.Id, Url },
    ...{
      SavedReplyId: SavedReply.Id,
      UserId: colleague.id,
      SessionId: Sessions[0]?.Id,
      LinkId: Links[0]?.Id,
      Token: Link.split("#")[1],
    },
    ...{ MessageThreadId: publishedThread, EnterpriseId: gross, EnterpriseIds: [gross], Memberships },
    ...{ Id: crypto.randomUUID(), Email: "olga@hotel.example", Password: password, OldPassword: password },
  };
  return { database, clock, cookie: owner.cookie, known };
}

test("what the Connector API and the staff API answer 408 is never stored", async (t) => {
  const { database, clock, cookie, known } = await livedInDatabase(t);
  const server = await startSandbox(t, { database, ...limit }, { clock });
  await server.app.settled();
  const before = await everything(database);
  const staff = async (name: string, input: object) => {
    const headers = { "Content-Type": "application/json", Cookie: cookie };
    const body = JSON.stringify(input);
    const response = await fetch(`${server.url}/api/staff/v1/${name}`, { method: "POST", headers, body });
    return { status: response.status, text: await response.text() };
  };
  const askings: Asking[] = [
    ...connectorOperations.map(({ description }) => ({
      name: nameOf(description),
      ask: () => server.call(nameOf(description), description.example.request),
    })),
    ...staffOperations.map(({ description }) => ({
      name: nameOf(description),
      ask: () => staff(nameOf(description), inputOf(description, known)),
    })),
  ];

  const held = await holdDatabase(t, database, () => server.app.store.db.transaction(async () => undefined));
  await askWhileHeld(askings, isReading);
  await held.release();
  await server.app.settled();
  assert.deepEqual(await everything(database), before);
});

/** The same of the sandbox's own: what is set there is kept in memory, and a scenario writes by itself, later. */
function isReadingInSandbox(name: string): boolean {
  return isReading(name) || /^(?:faults|clock|traffic)\//.test(name) || name === "scenarios/start";
}

test("what the sandbox's own API answers 408 is never stored", async (t) => {
  const database = await engineDatabase(t);
  const server = await startTestSandbox(t, { database, ...limit });
  const { store, clock, newIdentifier } = await server.world();
  const owner = { name: "Olga", email: "olga@hotel.example", isOwner: true, memberships: [] };
  await addStaff({ db: store.db, clock, newIdentifier }, owner, server.url);
  const before = await everything(database);
  const ask = (name: string, input: object) => {
    // The guest of a scenario is let in nowhere: what it does later is not the request's.
    const strangers = { ClientToken: "nobody", AccessToken: "nobody" };
    return server.sandbox(name, name === "scenarios/start" ? { ...input, ...strangers } : input);
  };
  const askings: Asking[] = worldOperations
    .filter(({ isUnlimited }) => !isUnlimited)
    .map(({ description }) => ({
      name: nameOf(description),
      ask: () => ask(nameOf(description), inputOf(description, { MessageThreadId: publishedThread })),
    }));

  const held = await holdDatabase(t, database, () => store.db.transaction(async () => undefined));
  await askWhileHeld(askings, isReadingInSandbox);
  await held.release();
  assert.deepEqual(await everything(database), before);
});

test("only what is done to a whole world, or to its clock, has no limit in time", () => {
  const unlimited = worldOperations
    .filter(({ isUnlimited }) => isUnlimited)
    .map(({ description }) => nameOf(description));
  assert.deepEqual(unlimited.sort(), ["autopilot/set", "clock/advance", "clock/set", "traffic/resend"]);
});
