import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { invalid, unknown } from "../../core/problem.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import { listAll } from "../directory/directory.ts";
import { forgetSecretKey } from "../directory/installation.ts";
import { lateral, postgresOnly, query, sql } from "../query.ts";
import type { WebhookEndpointRow as StoredEndpointRow, WebhookQueueRow } from "../rows.ts";

/** A general webhook is sent events of conversations, an integration webhook those of integrations themselves. */
export type WebhookKind = StoredEndpointRow["kind"];

/**
 * Where a client is sent events: one URL for each kind (contract, section 6). `events` is a JSON array of what it
 * subscribes to; the old secret signs beside the new one until it expires.
 */
export type WebhookEndpointRow = Omit<StoredEndpointRow, "leased_until" | "lease_holder"> & {
  readonly client_name: string;
};

export interface NewWebhookEndpoint {
  readonly id: string;
  readonly clientId: string;
  readonly kind: WebhookKind;
  readonly url: string;
  /** What it subscribes to. When `undefined`, an endpoint that exists keeps what it has. */
  readonly events: readonly string[] | undefined;
  /** Sealed. */
  readonly secret: Uint8Array;
  readonly created: Microseconds;
}

const defaultEvents = JSON.stringify(["MessageAdded"]);

/** Of `endpoint` and its `client`. */
export const endpointColumns = `
  endpoint.id, endpoint.client_id, client.name AS client_name, endpoint.kind, endpoint.url, endpoint.events,
  endpoint.secret, endpoint.old_secret, endpoint.old_secret_expires, endpoint.is_enabled, endpoint.disabled_reason,
  endpoint.failing_since, endpoint.created`;

/** An endpoint with its client. */
const endpoints = sql`
    SELECT ${endpointColumns} FROM webhook_endpoint AS endpoint
    ${lateral("client", "client", "client.id = endpoint.client_id")}`;

type ById = { readonly id: string };

export const queries = {
  list: query<WebhookEndpointRow, { after: string }>`${endpoints}
    WHERE endpoint.id > :after ORDER BY endpoint.id LIMIT 500`,
  find: query<WebhookEndpointRow, ById>`${endpoints}
    WHERE endpoint.id = :id`,
  ofClient: query<WebhookEndpointRow, { clientId: string; kind: WebhookKind }>`${endpoints}
    WHERE endpoint.client_id = :clientId AND endpoint.kind = :kind`,
  insert: query<never, Omit<NewWebhookEndpoint, "events"> & { events: string }>`
    INSERT INTO webhook_endpoint (id, client_id, kind, url, events, secret, is_enabled, leased_until, created)
    VALUES (:id, :clientId, :kind, :url, :events, :secret, TRUE, 0, :created)`,
  update: query<never, { id: string; url: string; events: string | null }>`
    UPDATE webhook_endpoint
    SET url = :url, events = coalesce(:events, events), is_enabled = TRUE, disabled_reason = NULL, failing_since = NULL
    WHERE id = :id`,
  enable: query<never, ById>`
    UPDATE webhook_endpoint SET is_enabled = TRUE, disabled_reason = NULL, failing_since = NULL WHERE id = :id`,
  disable: query<never, { id: string; reason: string }>`
    UPDATE webhook_endpoint SET is_enabled = FALSE, disabled_reason = :reason WHERE id = :id`,
  rotate: query<never, { id: string; secret: Uint8Array; oldExpires: Microseconds }>`
    UPDATE webhook_endpoint
    SET secret = :secret, old_secret = CASE WHEN length(secret) > 0 THEN secret END, old_secret_expires = :oldExpires
    WHERE id = :id`,
  forgetSecret: query<never, { id: string; secret: Uint8Array }>`
    UPDATE webhook_endpoint
    SET secret = :secret, old_secret = NULL, is_enabled = FALSE, disabled_reason = 'Its secret was forgotten.'
    WHERE id = :id`,
  forgetDeliveries: query<never, ById>`
    UPDATE webhook_delivery SET state = 'failed' WHERE webhook_endpoint_id = :id AND state = 'waiting'`,
  // A transaction that adds events to these rows waits for the lock. Events of other rows are not skipped.
  lockWaiting: query<Pick<WebhookQueueRow, "enterprise_id" | "integration_id">, ById>`
    SELECT enterprise_id, integration_id FROM webhook_queue
    WHERE webhook_endpoint_id = :id AND waiting_since IS NOT NULL ${postgresOnly("FOR UPDATE")}`,
  skip: query<never, { enterpriseId: string; id: string; integrationId: string }>`
    UPDATE webhook_queue SET waiting_since = NULL, position = coalesce((
      SELECT created FROM property WHERE property.enterprise_id = :enterpriseId AND property.created > webhook_queue.position
    ), position)
    WHERE enterprise_id = :enterpriseId AND webhook_endpoint_id = :id AND integration_id = :integrationId`,
};

export function listWebhookEndpoints(reader: Reader): Promise<WebhookEndpointRow[]> {
  return listAll((after) => reader.all(queries.list, { after }));
}

/** @throws Problem (invalid) for an unknown endpoint */
export async function findWebhookEndpoint(reader: Reader, id: string): Promise<WebhookEndpointRow> {
  const endpoint = await firstRow(reader, queries.find, { id });
  if (!endpoint) throw unknown("webhook", id);
  return endpoint;
}

export function webhookEndpointOf(
  reader: Reader,
  clientId: string,
  kind: WebhookKind,
): Promise<WebhookEndpointRow | undefined> {
  return firstRow(reader, queries.ofClient, { clientId, kind });
}

/** Registers a client's URL, or changes it: an endpoint that exists keeps its id, its secret and what waits for it. */
export async function setWebhookEndpoint(
  transaction: Transaction,
  endpoint: NewWebhookEndpoint,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const { clientId, kind, url } = endpoint;
  const events = endpoint.events ? JSON.stringify(endpoint.events) : null;
  const existing = await webhookEndpointOf(transaction, clientId, kind);
  if (existing) {
    mustHaveSecret(existing);
    await transaction.run(queries.update, { id: existing.id, url, events });
    return { id: existing.id, isNew: false };
  }
  await transaction.run(queries.insert, { ...endpoint, events: events ?? defaultEvents });
  return { id: endpoint.id, isNew: true };
}

/** Has everything sent that waits; with `skip`, only what is part of a delivery already. */
export async function enableWebhookEndpoint(transaction: Transaction, id: string, skip: boolean): Promise<void> {
  mustHaveSecret(await findWebhookEndpoint(transaction, id));
  await transaction.run(queries.enable, { id });
  if (!skip) return;
  const rows = await transaction.all(queries.lockWaiting, { id });
  for (const { enterprise_id: enterpriseId, integration_id: integrationId } of rows) {
    await transaction.run(queries.skip, { enterpriseId, id, integrationId });
  }
}

function mustHaveSecret({ id, secret }: WebhookEndpointRow): void {
  if (secret.length > 0) return;
  throw invalid(`The webhook ${id} has no secret any more; it needs a new one first.`, {
    code: "secretForgotten",
    what: "webhook",
    id,
  });
}

/** Has nothing more sent. Events wait until the endpoint is enabled. */
export async function disableWebhookEndpoint(transaction: Transaction, id: string, reason: string): Promise<void> {
  await findWebhookEndpoint(transaction, id);
  await transaction.run(queries.disable, { id, reason });
}

/** Gives the endpoint a new secret, sealed; the one it had signs too until `oldExpires`. */
export async function rotateWebhookSecret(
  transaction: Transaction,
  id: string,
  secret: Uint8Array,
  oldExpires: Microseconds,
): Promise<void> {
  await findWebhookEndpoint(transaction, id);
  await transaction.run(queries.rotate, { id, secret, oldExpires });
}

/**
 * Forgets every secret, after the key that sealed them was lost. Webhooks are disabled until they have new secrets, and
 * deliveries that wait are given up, since their bodies can't be opened. Events that are not part of one go on waiting.
 */
export async function forgetSecrets(transaction: Transaction): Promise<void> {
  await forgetSecretKey(transaction);
  for (let after = nilIdentifier; ; ) {
    const endpoints = await transaction.all(queries.list, { after });
    for (const { id } of endpoints) {
      await transaction.run(queries.forgetSecret, { id, secret: new Uint8Array() });
      await transaction.run(queries.forgetDeliveries, { id });
    }
    const last = endpoints.at(-1);
    if (!last) return;
    after = last.id;
  }
}
