import type { Microseconds } from "../clock.ts";
import { formatDateTime } from "../protocol/date-time.ts";
import type { IntegrationWebhook } from "../protocol/webhooks.ts";
import type { Transaction } from "../store/db.ts";
import {
  changeDirectory,
  deleteIntegration as deleteRecords,
  enableIntegration,
  findIntegration,
  type IntegrationRecord,
  insertIntegration,
  rotateToken,
} from "../store/directory.ts";
import { insertDelivery } from "../store/webhook-deliveries.ts";
import { webhookEndpointOf } from "../store/webhook-endpoints.ts";
import { markIntegration } from "../store/webhook-queue.ts";
import { newToken, tokenDigest } from "../tokens.ts";
import type { Administrator } from "./administrator.ts";

/**
 * Connects a client to a property or, the primary one first, to several.
 * @returns its id and its access token, which is not kept
 * @throws Problem (invalid) for an unknown client or enterprise
 */
export async function addIntegration(
  administrator: Administrator,
  clientId: string,
  enterpriseIds: readonly string[],
): Promise<{ readonly id: string; readonly accessToken: string }> {
  const { clock, newIdentifier } = administrator;
  const id = newIdentifier();
  const accessToken = newToken();
  const created = clock();
  await change(administrator, id, async (transaction) => {
    const integration = { id, clientId, enterpriseIds, tokenDigest: tokenDigest(accessToken), created };
    await insertIntegration(transaction, integration);
    return (record) => ({
      Action: "IntegrationCreated",
      Data: {
        Enterprise: { Id: record.primary_enterprise_id, Name: record.enterprise_name },
        Service: null,
        Requestor: null,
        AccessToken: accessToken,
        CreatedUtc: formatDateTime(created),
        IsEnabled: true,
        Integration: named(record),
      },
    });
  });
  return { id, accessToken };
}

/** @throws Problem (invalid) for an unknown integration */
export async function setIntegrationEnabled(administrator: Administrator, id: string, isEnabled: boolean) {
  await change(administrator, id, async (transaction) => {
    const before = await findIntegration(transaction, id);
    await enableIntegration(transaction, id, isEnabled);
    if (isEnabled) await markIntegration(transaction, id, administrator.clock());
    if ((before.is_enabled === 1) === isEnabled) return undefined;
    const Action = isEnabled ? "IntegrationEnabled" : "IntegrationDisabled";
    return (record) => ({ Action, Data: { Integration: named(record) } });
  });
}

/**
 * Gives an integration a new access token; those that it has work until `oldExpires`.
 * @returns the token, which is not kept
 * @throws Problem (invalid) for an unknown integration
 */
export async function rotateAccessToken(
  administrator: Administrator,
  id: string,
  now: Microseconds,
  oldExpires: Microseconds,
): Promise<string> {
  const accessToken = newToken();
  await change(administrator, id, async (transaction) => {
    await rotateToken(transaction, id, tokenDigest(accessToken), now, oldExpires);
    return (record) => ({
      Action: "IntegrationApiKeyCreated",
      Data: { Integration: named(record), ApiKey: accessToken },
    });
  });
  return accessToken;
}

/** Ends a connection and its tokens; threads and messages stay. @throws Problem (invalid) for an unknown integration */
export async function deleteIntegration(administrator: Administrator, id: string): Promise<void> {
  const DeletedUtc = formatDateTime(administrator.clock());
  await change(administrator, id, async (transaction) => {
    const record = await findIntegration(transaction, id);
    await deleteRecords(transaction, id);
    const webhook: IntegrationWebhook = {
      Action: "IntegrationDeleted",
      Data: { DeletedUtc, Integration: named(record) },
    };
    await announce(administrator, transaction, record, webhook);
    return undefined;
  });
}

type Describe = (record: IntegrationRecord) => IntegrationWebhook;

/** One change of the records, and what the client is told of it, both or neither. */
async function change(
  administrator: Administrator,
  id: string,
  work: (transaction: Transaction) => Promise<Describe | undefined>,
): Promise<void> {
  await changeDirectory(administrator.store.db, async (transaction) => {
    const describe = await work(transaction);
    if (!describe) return;
    const record = await findIntegration(transaction, id);
    await announce(administrator, transaction, record, describe(record));
  });
}

async function announce(
  { clock, newIdentifier, secretBox }: Administrator,
  transaction: Transaction,
  { id: integrationId, client_id, primary_enterprise_id: enterpriseId }: IntegrationRecord,
  webhook: IntegrationWebhook,
): Promise<void> {
  const endpoint = await webhookEndpointOf(transaction, client_id, "integration");
  if (!endpoint) return;
  const id = newIdentifier();
  const body = (await secretBox()).seal(JSON.stringify(webhook), id);
  const now = clock();
  await insertDelivery(transaction, { enterpriseId, id, endpointId: endpoint.id, integrationId, body }, now, now);
}

/** An integration has no name of its own: it goes by its client's. */
function named({ id, client_name }: IntegrationRecord) {
  return { Id: id, Name: client_name };
}
