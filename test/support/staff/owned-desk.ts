import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import type { ClientRecord, IntegrationRecord, PropertyRecord } from "../../../src/protocol/staff/installation.ts";
import type { DeliveryRecord, WebhookRecord } from "../../../src/protocol/staff/webhooks.ts";
import { frontDesk } from "../browser/front-desk.ts";

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
export async function ownedDesk(t: TestContext) {
  const desk = await frontDesk(t);
  const owner = await desk.hire("Olga", "Owner");
  const ask = (operation: string, input: object = {}) => owner.ask<Installed>(operation, input);
  const refusal = async (operation: string, input: object): Promise<string> => {
    const { status, body } = await owner.call(operation, input);
    assert.equal(status, 400);
    return body.Message;
  };
  return { desk, owner, ask, refusal };
}

type OwnedDesk = Awaited<ReturnType<typeof ownedDesk>>;

/** A partner that an owner has connected to a new property. */
export async function connected({ desk, ask }: Pick<OwnedDesk, "desk" | "ask">) {
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
