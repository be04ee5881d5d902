import type { Microseconds } from "../core/clock.ts";
import { newToken, tokenDigest } from "../core/tokens.ts";
import type { IntegrationWebhook } from "../protocol/connector/webhooks.ts";
import { formatDateTime } from "../protocol/date-time.ts";
import type { Transaction } from "../store/db.ts";
import {
  changeDirectory,
  deleteIntegration as deleteRecords,
  enableIntegration,
  findIntegration,
  type IntegrationRecord,
  insertIntegration,
  knownIntegration,
  rotateToken,
} from "../store/directory/directory.ts";
import { insertDelivery } from "../store/webhooks/deliveries.ts";
import { webhookEndpointOf } from "../store/webhooks/endpoints.ts";
import { markIntegration } from "../store/webhooks/queue.ts";
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
  await change(administrator, clientId, id, async (transaction) => {
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
  const { client_id } = await findIntegration(administrator.db, id);
  await change(administrator, client_id, id, async (transaction, before) => {
    await enableIntegration(transaction, id, isEnabled);
    if (isEnabled) await markIntegration(transaction, id, administrator.clock());
    if ((before?.is_enabled === 1) === isEnabled) return undefined;
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
  const { client_id } = await findIntegration(administrator.db, id);
  await change(administrator, client_id, id, async (transaction) => {
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
  const { client_id } = await findIntegration(administrator.db, id);
  await change(administrator, client_id, id, async (transaction) => {
    await deleteRecords(transaction, id);
    return (record) => ({ Action: "IntegrationDeleted", Data: { DeletedUtc, Integration: named(record) } });
  });
}

type Describe = (record: IntegrationRecord) => IntegrationWebhook;

/** Changes the records and queues the webhook that announces it to the client, in one transaction. */
async function change(
  { db, clock, newIdentifier, secretBox }: Administrator,
  clientId: string,
  id: string,
  work: (transaction: Transaction, before: IntegrationRecord | undefined) => Promise<Describe | undefined>,
): Promise<void> {
  // Opened before the transaction: the first use of a key records it in a transaction of its own.
  const isHeard = await webhookEndpointOf(db, clientId, "integration");
  const box = isHeard ? await secretBox() : undefined;
  await changeDirectory(db, async (transaction) => {
    const before = await knownIntegration(transaction, id);
    const describe = await work(transaction, before);
    const record = before ?? (await knownIntegration(transaction, id));
    const endpoint = await webhookEndpointOf(transaction, clientId, "integration");
    if (!describe || !record || !endpoint || !box) return;
    const deliveryId = newIdentifier();
    const body = box.seal(JSON.stringify(describe(record)), deliveryId);
    const { primary_enterprise_id: enterprise_id } = record;
    const address = { webhook_endpoint_id: endpoint.id, enterprise_id, integration_id: id };
    const now = clock();
    await insertDelivery(transaction, { ...address, id: deliveryId, body }, now, now);
  });
}

/** An integration has no name of its own, so that announcements give it its client's. */
function named({ id, client_name }: IntegrationRecord) {
  return { Id: id, Name: client_name };
}
