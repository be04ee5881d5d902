import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import { eventsAfter, type LogEvent } from "../log/log-events.ts";
import type { LogChange } from "../log/property-log.ts";
import { lateral, postgresOnly, query } from "../query.ts";
import type { IntegrationRow, WebhookQueueRow } from "../rows.ts";

/** The largest number of events in one delivery (contract, section 6). */
export const maxEvents = 100;

/** How far one integration's events at a property were sent to an endpoint, and since when more of them wait. */
type StoredQueueRow = Omit<WebhookQueueRow, "waiting_since"> & { readonly waiting_since: Microseconds };

/** The integration of a queue, and whether it and the enterprise are both enabled. */
type Listener = Pick<IntegrationRow, "client_id" | "is_enabled">;

export type QueueRow = StoredQueueRow & Listener;

/** What a queue is found by. */
type QueueKey = { readonly enterpriseId: string; readonly endpointId: string; readonly integrationId: string };

export const queries = {
  mark: query<never, LogChange & { now: Microseconds }>`
    INSERT INTO webhook_queue (enterprise_id, webhook_endpoint_id, integration_id, position, waiting_since)
    SELECT :enterpriseId, endpoint.id, link.integration_id, CAST(:created AS BIGINT) - 1, :now
    FROM webhook_endpoint AS endpoint
    ${lateral("integration_enterprise", "link", "link.enterprise_id = :enterpriseId")}
    ${lateral("integration", "integration", "integration.id = link.integration_id AND integration.client_id = :clientId")}
    WHERE endpoint.client_id = :clientId AND endpoint.kind = 'general'
    ON CONFLICT (enterprise_id, webhook_endpoint_id, integration_id)
    DO UPDATE SET waiting_since = excluded.waiting_since WHERE webhook_queue.waiting_since IS NULL`,
  markIntegration: query<never, { integrationId: string; now: Microseconds }>`
    UPDATE webhook_queue SET waiting_since = coalesce(waiting_since, :now)
    WHERE integration_id = :integrationId
      AND enterprise_id IN (SELECT enterprise_id FROM integration_enterprise WHERE integration_id = :integrationId)`,
  markEnterprise: query<never, { enterpriseId: string; now: Microseconds }>`
    UPDATE webhook_queue SET waiting_since = coalesce(waiting_since, :now) WHERE enterprise_id = :enterpriseId`,
  forgetIntegration: query<never, { integrationId: string }>`
    DELETE FROM webhook_queue
    WHERE integration_id = :integrationId
      AND enterprise_id IN (SELECT enterprise_id FROM integration_enterprise WHERE integration_id = :integrationId)`,
  longestWaiting: query<StoredQueueRow, { endpointId: string }>`
    SELECT enterprise_id, webhook_endpoint_id, integration_id, position, waiting_since FROM webhook_queue
    WHERE webhook_endpoint_id = :endpointId AND waiting_since IS NOT NULL
    ORDER BY waiting_since LIMIT 1 ${postgresOnly("FOR UPDATE SKIP LOCKED")}`,
  // A statement of its own, so that on PostgreSQL it sees what was committed before the row was locked.
  listener: query<Listener, { integrationId: string; enterpriseId: string }>`
    SELECT integration.client_id, integration.is_enabled AND enterprise.is_enabled AS is_enabled
    FROM integration ${lateral("enterprise", "enterprise", "enterprise.id = :enterpriseId")}
    WHERE integration.id = :integrationId`,
  forget: query<never, QueueKey>`
    DELETE FROM webhook_queue
    WHERE enterprise_id = :enterpriseId AND webhook_endpoint_id = :endpointId AND integration_id = :integrationId`,
  advance: query<never, QueueKey & { position: Microseconds; waitingSince: Microseconds | null }>`
    UPDATE webhook_queue SET position = :position, waiting_since = :waitingSince
    WHERE enterprise_id = :enterpriseId AND webhook_endpoint_id = :endpointId AND integration_id = :integrationId`,
};

/**
 * Marks that events of a client wait in a property's log from `created` on. Part of the transaction that appends them.
 * For a client without a webhook, the statement finds no endpoint and changes nothing.
 */
export async function markWaiting(transaction: Transaction, change: LogChange, now: Microseconds): Promise<void> {
  await transaction.run(queries.mark, { ...change, now });
}

/** Has an integration sent what it missed while it was disabled. */
export async function markIntegration(transaction: Transaction, integrationId: string, now: Microseconds) {
  await transaction.run(queries.markIntegration, { integrationId, now });
}

/** The same for an enterprise. */
export async function markEnterprise(transaction: Transaction, enterpriseId: string, now: Microseconds) {
  await transaction.run(queries.markEnterprise, { enterpriseId, now });
}

/** Forgets how far an integration's events were sent, and those that wait. */
export async function forgetIntegration(transaction: Transaction, integrationId: string) {
  await transaction.run(queries.forgetIntegration, { integrationId });
}

/**
 * The integration's events that have waited longest at an endpoint. Locks the row, so that no transaction adds more
 * meanwhile. A row that such a transaction has locked is left out: its commit wakes the worker again.
 */
export async function longestWaiting(transaction: Transaction, endpointId: string): Promise<QueueRow | undefined> {
  const row = await firstRow(transaction, queries.longestWaiting, { endpointId });
  if (!row) return undefined;
  const key = keyOf(row);
  const { integrationId, enterpriseId } = key;
  const listener = await firstRow(transaction, queries.listener, { integrationId, enterpriseId });
  if (listener) return { ...row, ...listener };
  // The integration was deleted while an event was added for it.
  await transaction.run(queries.forget, key);
  return longestWaiting(transaction, endpointId);
}

function keyOf({ enterprise_id, webhook_endpoint_id, integration_id }: StoredQueueRow): QueueKey {
  return { enterpriseId: enterprise_id, endpointId: webhook_endpoint_id, integrationId: integration_id };
}

/** The next events of a queue, at most as many as one delivery may have. */
export function queuedEvents(reader: Reader, { enterprise_id, client_id, position }: QueueRow): Promise<LogEvent[]> {
  const scope = { clientId: client_id, enterpriseIds: [enterprise_id] };
  return eventsAfter(reader, scope, new Map([[enterprise_id, position]]), maxEvents);
}

/**
 * Moves a queue behind `events`. When there are fewer than one delivery may have, nothing waits any more; otherwise the
 * rest waits since the last of them, and queues that have waited for longer go first.
 */
export async function advanceQueue(
  transaction: Transaction,
  queue: QueueRow,
  events: readonly LogEvent[],
): Promise<void> {
  const position = events.at(-1)?.created ?? queue.position;
  const waitingSince = events.length < maxEvents ? null : position;
  await transaction.run(queries.advance, { ...keyOf(queue), position, waitingSince });
}
