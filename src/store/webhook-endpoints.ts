import type { Microseconds } from "../clock.ts";
import { invalid } from "../errors.ts";
import { type Db, first, type Reader, type Transaction } from "./db.ts";
import { listAll } from "./directory.ts";

/** General ones hear of messages, integration ones of the integrations themselves. */
export type WebhookKind = "general" | "integration";

/** Where a client hears of events: one URL for each kind (contract, section 6). */
export interface WebhookEndpointRow {
  readonly id: string;
  readonly client_id: string;
  readonly client_name: string;
  readonly kind: WebhookKind;
  readonly url: string;
  /** JSON array of what it subscribes to. */
  readonly events: string;
  readonly secret: Uint8Array;
  /** Signs too, until it expires. */
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
  readonly events: readonly string[];
  /** Sealed. */
  readonly secret: Uint8Array;
  readonly created: Microseconds;
}

const columns = `
  endpoint.id, endpoint.client_id, client.name AS client_name, endpoint.kind, endpoint.url, endpoint.events,
  endpoint.secret, endpoint.old_secret, endpoint.old_secret_expires, endpoint.is_enabled, endpoint.disabled_reason,
  endpoint.failing_since, endpoint.created`;

export const queries = {
  list: `
    SELECT ${columns} FROM webhook_endpoint AS endpoint CROSS JOIN client ON client.id = endpoint.client_id
    WHERE endpoint.id > ?1 ORDER BY endpoint.id LIMIT 500`,
  find: `
    SELECT ${columns} FROM webhook_endpoint AS endpoint CROSS JOIN client ON client.id = endpoint.client_id
    WHERE endpoint.id = ?1`,
  ofClient: `
    SELECT ${columns} FROM webhook_endpoint AS endpoint CROSS JOIN client ON client.id = endpoint.client_id
    WHERE endpoint.client_id = ?1 AND endpoint.kind = ?2`,
  insert: `
    INSERT INTO webhook_endpoint (id, client_id, kind, url, events, secret, is_enabled, leased_until, created)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, 1, 0, ?7)`,
  update: `
    UPDATE webhook_endpoint
    SET url = ?2, events = ?3, is_enabled = 1, disabled_reason = NULL, failing_since = NULL WHERE id = ?1`,
  enable: `
    UPDATE webhook_endpoint SET is_enabled = 1, disabled_reason = NULL, failing_since = NULL WHERE id = ?1`,
  disable: "UPDATE webhook_endpoint SET is_enabled = 0, disabled_reason = ?2 WHERE id = ?1",
  rotate: "UPDATE webhook_endpoint SET secret = ?2, old_secret = secret, old_secret_expires = ?3 WHERE id = ?1",
  skip: `
    UPDATE webhook_queue SET waiting_since = NULL, position = max(position, coalesce(
      (SELECT created FROM property WHERE property.enterprise_id = webhook_queue.enterprise_id), 0))
    WHERE webhook_endpoint_id = ?1 AND waiting_since IS NOT NULL`,
};

export function listWebhookEndpoints(db: Db): Promise<WebhookEndpointRow[]> {
  return listAll<WebhookEndpointRow>(db, queries.list);
}

/** @throws Problem (invalid) for an unknown endpoint */
export async function findWebhookEndpoint(reader: Reader, id: string): Promise<WebhookEndpointRow> {
  const endpoint = await first<WebhookEndpointRow>(reader, queries.find, id);
  if (!endpoint) throw invalid(`There is no webhook ${id}; see innbox webhook list.`);
  return endpoint;
}

export function webhookEndpointOf(reader: Reader, clientId: string, kind: WebhookKind) {
  return first<WebhookEndpointRow>(reader, queries.ofClient, clientId, kind);
}

/** Registers a client's URL, or changes it: an endpoint that exists keeps its id, its secret and what waits for it. */
export async function setWebhookEndpoint(
  transaction: Transaction,
  endpoint: NewWebhookEndpoint,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const { clientId, kind, url } = endpoint;
  const events = JSON.stringify(endpoint.events);
  const existing = await webhookEndpointOf(transaction, clientId, kind);
  if (existing) {
    await transaction.run(queries.update, existing.id, url, events);
    return { id: existing.id, isNew: false };
  }
  const { id, secret, created } = endpoint;
  await transaction.run(queries.insert, id, clientId, kind, url, events, secret, created);
  return { id, isNew: true };
}

/** What waits goes out; `skip` leaves out the events that are not part of a delivery yet. */
export async function enableWebhookEndpoint(transaction: Transaction, id: string, skip: boolean): Promise<void> {
  await findWebhookEndpoint(transaction, id);
  if (skip) await transaction.run(queries.skip, id);
  await transaction.run(queries.enable, id);
}

/** Nothing more is sent; events go on waiting. */
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
