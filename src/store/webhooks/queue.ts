import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import { eventsAfter, type LogEvent } from "../log/log-events.ts";
import type { LogChange } from "../log/property-log.ts";

/** The largest number of events in one delivery (contract, section 6). */
export const maxEvents = 100;

export interface QueueRow {
  readonly enterprise_id: string;
  readonly webhook_endpoint_id: string;
  readonly integration_id: string;
  readonly position: Microseconds;
  readonly waiting_since: Microseconds;
  readonly client_id: string;
  /** Whether the integration and the enterprise both are. */
  readonly is_enabled: 0 | 1;
}

export const queries = {
  mark: `
    INSERT INTO webhook_queue (enterprise_id, webhook_endpoint_id, integration_id, position, waiting_since)
    SELECT ?1, endpoint.id, link.integration_id, CAST(?3 AS BIGINT) - 1, ?4
    FROM webhook_endpoint AS endpoint
    CROSS JOIN integration_enterprise AS link ON link.enterprise_id = ?1
    CROSS JOIN integration ON integration.id = link.integration_id AND integration.client_id = ?2
    WHERE endpoint.client_id = ?2 AND endpoint.kind = 'general'
    ON CONFLICT (enterprise_id, webhook_endpoint_id, integration_id)
    DO UPDATE SET waiting_since = excluded.waiting_since WHERE webhook_queue.waiting_since IS NULL`,
  markIntegration: `
    UPDATE webhook_queue SET waiting_since = coalesce(waiting_since, ?2)
    WHERE integration_id = ?1
      AND enterprise_id IN (SELECT enterprise_id FROM integration_enterprise WHERE integration_id = ?1)`,
  markEnterprise: "UPDATE webhook_queue SET waiting_since = coalesce(waiting_since, ?2) WHERE enterprise_id = ?1",
  forgetIntegration: `
    DELETE FROM webhook_queue
    WHERE integration_id = ?1
      AND enterprise_id IN (SELECT enterprise_id FROM integration_enterprise WHERE integration_id = ?1)`,
  longestWaiting: `
    SELECT enterprise_id, webhook_endpoint_id, integration_id, position, waiting_since FROM webhook_queue
    WHERE webhook_endpoint_id = ?1 AND waiting_since IS NOT NULL
    ORDER BY waiting_since LIMIT 1 /*! FOR UPDATE SKIP LOCKED */`,
  // A statement of its own, so that on PostgreSQL it sees what was committed before the row was locked.
  listener: `
    SELECT integration.client_id, integration.is_enabled AND enterprise.is_enabled AS is_enabled
    FROM integration CROSS JOIN enterprise ON enterprise.id = ?2
    WHERE integration.id = ?1`,
  forget: "DELETE FROM webhook_queue WHERE enterprise_id = ?1 AND webhook_endpoint_id = ?2 AND integration_id = ?3",
  advance: `
    UPDATE webhook_queue SET position = ?4, waiting_since = ?5
    WHERE enterprise_id = ?1 AND webhook_endpoint_id = ?2 AND integration_id = ?3`,
};

/**
 * Marks that events of a client wait in a property's log from `created` on. Part of the transaction that appends them.
 * For a client without a webhook, the statement finds no endpoint and changes nothing.
 */
export async function markWaiting(
  transaction: Transaction,
  { enterpriseId, clientId, created }: LogChange,
  now: Microseconds,
): Promise<void> {
  await transaction.run(queries.mark, enterpriseId, clientId, created, now);
}

/** Has an integration sent what it missed while it was disabled. */
export async function markIntegration(transaction: Transaction, integrationId: string, now: Microseconds) {
  await transaction.run(queries.markIntegration, integrationId, now);
}

/** The same for an enterprise. */
export async function markEnterprise(transaction: Transaction, enterpriseId: string, now: Microseconds) {
  await transaction.run(queries.markEnterprise, enterpriseId, now);
}

/** Forgets how far an integration's events were sent, and those that wait. */
export async function forgetIntegration(transaction: Transaction, integrationId: string) {
  await transaction.run(queries.forgetIntegration, integrationId);
}

/**
 * The integration's events that have waited longest at an endpoint. Locks the row, so that no transaction adds more
 * meanwhile. A row that such a transaction has locked is left out: its commit wakes the worker again.
 */
export async function longestWaiting(transaction: Transaction, endpointId: string): Promise<QueueRow | undefined> {
  const row = await firstRow<Omit<QueueRow, "client_id" | "is_enabled">>(
    transaction,
    queries.longestWaiting,
    endpointId,
  );
  if (!row) return undefined;
  const { enterprise_id, webhook_endpoint_id, integration_id } = row;
  const listener = await firstRow<Pick<QueueRow, "client_id" | "is_enabled">>(
    transaction,
    queries.listener,
    integration_id,
    enterprise_id,
  );
  if (listener) return { ...row, ...listener };
  // The integration was deleted while an event was added for it.
  await transaction.run(queries.forget, enterprise_id, webhook_endpoint_id, integration_id);
  return longestWaiting(transaction, endpointId);
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
  const { enterprise_id, webhook_endpoint_id, integration_id, position } = queue;
  const next = events.at(-1)?.created ?? position;
  const since = events.length < maxEvents ? null : next;
  await transaction.run(queries.advance, enterprise_id, webhook_endpoint_id, integration_id, next, since);
}
