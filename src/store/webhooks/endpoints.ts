import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { invalid, unknown } from "../../core/problem.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import { listAll } from "../directory/directory.ts";
import { forgetSecretKey } from "../directory/installation.ts";

/** A general webhook is sent events of conversations, an integration webhook those of integrations themselves. */
export type WebhookKind = "general" | "integration";

/** Where a client is sent events: one URL for each kind (contract, section 6). */
export interface WebhookEndpointRow {
  readonly id: string;
  readonly client_id: string;
  readonly client_name: string;
  readonly kind: WebhookKind;
  readonly url: string;
  /** JSON array of what it subscribes to. */
  readonly events: string;
  readonly secret: Uint8Array;
  /** The secret before, which signs beside it until it expires. */
  readonly old_secret: Uint8Array | null;
  readonly old_secret_expires: Microseconds | null;
  readonly is_enabled: 0 | 1;
  readonly disabled_reason: string | null;
  readonly failing_since: Microseconds | null;
  readonly created: Microseconds;
}

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

export const queries = {
  list: `
    SELECT ${endpointColumns} FROM webhook_endpoint AS endpoint CROSS JOIN client ON client.id = endpoint.client_id
    WHERE endpoint.id > ?1 ORDER BY endpoint.id LIMIT 500`,
  find: `
    SELECT ${endpointColumns} FROM webhook_endpoint AS endpoint CROSS JOIN client ON client.id = endpoint.client_id
    WHERE endpoint.id = ?1`,
  ofClient: `
    SELECT ${endpointColumns} FROM webhook_endpoint AS endpoint CROSS JOIN client ON client.id = endpoint.client_id
    WHERE endpoint.client_id = ?1 AND endpoint.kind = ?2`,
  insert: `
    INSERT INTO webhook_endpoint (id, client_id, kind, url, events, secret, is_enabled, leased_until, created)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, TRUE, 0, ?7)`,
  update: `
    UPDATE webhook_endpoint
    SET url = ?2, events = coalesce(?3, events), is_enabled = TRUE, disabled_reason = NULL, failing_since = NULL WHERE id = ?1`,
  enable: `
    UPDATE webhook_endpoint SET is_enabled = TRUE, disabled_reason = NULL, failing_since = NULL WHERE id = ?1`,
  disable: "UPDATE webhook_endpoint SET is_enabled = FALSE, disabled_reason = ?2 WHERE id = ?1",
  rotate: `
    UPDATE webhook_endpoint
    SET secret = ?2, old_secret = CASE WHEN length(secret) > 0 THEN secret END, old_secret_expires = ?3 WHERE id = ?1`,
  forgetSecret: `
    UPDATE webhook_endpoint
    SET secret = ?2, old_secret = NULL, is_enabled = FALSE, disabled_reason = 'Its secret was forgotten.' WHERE id = ?1`,
  forgetDeliveries: `
    UPDATE webhook_delivery SET state = 'failed' WHERE webhook_endpoint_id = ?1 AND state = 'waiting'`,
  // A transaction that adds events to these rows waits for the lock. Events of other rows are not skipped.
  lockWaiting: `
    SELECT enterprise_id, integration_id FROM webhook_queue
    WHERE webhook_endpoint_id = ?1 AND waiting_since IS NOT NULL /*! FOR UPDATE */`,
  skip: `
    UPDATE webhook_queue SET waiting_since = NULL, position = coalesce((
      SELECT created FROM property WHERE property.enterprise_id = ?1 AND property.created > webhook_queue.position
    ), position)
    WHERE enterprise_id = ?1 AND webhook_endpoint_id = ?2 AND integration_id = ?3`,
};

export function listWebhookEndpoints(reader: Reader): Promise<WebhookEndpointRow[]> {
  return listAll<WebhookEndpointRow>(reader, queries.list);
}

/** @throws Problem (invalid) for an unknown endpoint */
export async function findWebhookEndpoint(reader: Reader, id: string): Promise<WebhookEndpointRow> {
  const endpoint = await firstRow<WebhookEndpointRow>(reader, queries.find, id);
  if (!endpoint) throw unknown("webhook", id);
  return endpoint;
}

export function webhookEndpointOf(reader: Reader, clientId: string, kind: WebhookKind) {
  return firstRow<WebhookEndpointRow>(reader, queries.ofClient, clientId, kind);
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
    await transaction.run(queries.update, existing.id, url, events);
    return { id: existing.id, isNew: false };
  }
  const { id, secret, created } = endpoint;
  await transaction.run(queries.insert, id, clientId, kind, url, events ?? defaultEvents, secret, created);
  return { id, isNew: true };
}

/** Has everything sent that waits; with `skip`, only what is part of a delivery already. */
export async function enableWebhookEndpoint(transaction: Transaction, id: string, skip: boolean): Promise<void> {
  mustHaveSecret(await findWebhookEndpoint(transaction, id));
  await transaction.run(queries.enable, id);
  if (!skip) return;
  const rows = await transaction.all<{ enterprise_id: string; integration_id: string }>(queries.lockWaiting, id);
  for (const { enterprise_id, integration_id } of rows) {
    await transaction.run(queries.skip, enterprise_id, id, integration_id);
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
  await transaction.run(queries.disable, id, reason);
}

/** Gives the endpoint a new secret, sealed; the one it had signs too until `oldExpires`. */
export async function rotateWebhookSecret(
  transaction: Transaction,
  id: string,
  secret: Uint8Array,
  oldExpires: Microseconds,
): Promise<void> {
  await findWebhookEndpoint(transaction, id);
  await transaction.run(queries.rotate, id, secret, oldExpires);
}

/**
 * Forgets every secret, after the key that sealed them was lost. Webhooks are disabled until they have new secrets, and
 * deliveries that wait are given up, since their bodies can't be opened. Events that are not part of one go on waiting.
 */
export async function forgetSecrets(transaction: Transaction): Promise<void> {
  await forgetSecretKey(transaction);
  for (let after = nilIdentifier; ; ) {
    const endpoints = await transaction.all<WebhookEndpointRow>(queries.list, after);
    for (const { id } of endpoints) {
      await transaction.run(queries.forgetSecret, id, new Uint8Array());
      await transaction.run(queries.forgetDeliveries, id);
    }
    const last = endpoints.at(-1);
    if (!last) return;
    after = last.id;
  }
}
