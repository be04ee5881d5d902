import assert from "node:assert/strict";
import { test } from "node:test";
import { connectorOperations } from "../../src/api/connector/operations.ts";
import { worldOperations } from "../../src/api/sandbox/operations.ts";
import { staffOperations } from "../../src/api/staff/operations.ts";
import { nameOf } from "../../src/protocol/operation.ts";
import { frontDesk } from "../support/browser/front-desk.ts";
import { inSql } from "../support/database/in-sql.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { gross, nobody } from "../support/server/world.ts";

/** A command of Innbox's, or a flag of one. */
const commandLine = /\binnbox [a-z]|(?<![\w-])--[a-z]/;

const uuidPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The request of an operation's example, but that every id is one that nothing has, apart from the property's. */
function strange(value: unknown, name = ""): unknown {
  if (/^EnterpriseIds?$/.test(name)) return Array.isArray(value) ? [gross] : gross;
  if (typeof value === "string") return uuidPattern.test(value) ? nobody : value;
  if (Array.isArray(value)) return value.map((one) => strange(one));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, strange(one, key)]));
}

/** Requests that are refused: about nothing that there is, and with nothing in them. */
function refusedInputs(example: object): object[] {
  return [strange(example) as object, {}, Object.fromEntries(Object.keys(example).map((name) => [name, 17]))];
}

function mustNameNoCommand(name: string, answer: { readonly status: number; readonly text: string }): void {
  const { Message } = (answer.status === 200 ? {} : JSON.parse(answer.text)) as { readonly Message?: string };
  if (Message !== undefined) assert.doesNotMatch(Message, commandLine, `${name}: ${answer.status}`);
}

test("no answer of the Connector API or the staff API tells people to type a command", async (t) => {
  const desk = await frontDesk(t);
  const owner = await desk.hire("Olga", "Owner");
  const refused = new Set<string>();
  for (const { description } of staffOperations) {
    const name = nameOf(description);
    // What ends the session comes to nothing else.
    if (name === "session/end") continue;
    for (const input of refusedInputs(description.example.request)) {
      const answer = await owner.call(name, input);
      mustNameNoCommand(name, answer);
      if (answer.status !== 200) refused.add(answer.body.Message);
    }
  }
  for (const { description } of connectorOperations) {
    const name = nameOf(description);
    for (const input of refusedInputs(description.example.request))
      mustNameNoCommand(name, await desk.call(name, input));
  }
  for (const what of ["client", "integration", "webhook", "delivery"])
    assert.ok(refused.has(`There is no ${what} ${nobody}.`), `${what} was asked for in vain`);
});

test("a webhook whose secret was forgotten says what it needs, and no command", async (t) => {
  const desk = await frontDesk(t);
  const owner = await desk.hire("Olga", "Owner");
  const ask = async (operation: string, input: object) =>
    (await owner.ask(operation, input)) as unknown as Readonly<Record<string, string>>;
  const { ClientId } = await ask("clients/add", { Name: "Bot" });
  const Url = "http://127.0.0.1:9/hook";
  const { WebhookId = "" } = await ask("webhooks/set", { ClientId, Kind: "General", Url });
  await desk.app.store.db.transaction((transaction) =>
    transaction.run(...inSql("UPDATE webhook_endpoint SET secret = ?2 WHERE id = ?1", WebhookId, new Uint8Array())),
  );
  const answer = await owner.call("webhooks/enable", { WebhookId });
  assert.equal(answer.status, 400);
  assert.match(answer.body.Message, /has no secret any more/);
  mustNameNoCommand("webhooks/enable", answer);
});

test("no answer of the sandbox's own API tells people to type a command", async (t) => {
  const server = await startTestSandbox(t);
  for (const { description } of worldOperations) {
    const name = nameOf(description);
    for (const input of refusedInputs(description.example.request))
      mustNameNoCommand(name, await server.sandbox(name, input));
  }
});
