import { type Microseconds, minutes, seconds } from "../../core/clock.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import type { LogEvent } from "../log/log-events.ts";
import { type AttemptRow, type DeliveryRow, deliveryColumns, insertDelivery } from "./deliveries.ts";
import { endpointColumns, type WebhookEndpointRow } from "./endpoints.ts";
import { areHeld } from "./hold.ts";
import { advance, longestWaiting, type QueueRow, queuedEvents } from "./queue.ts";

/** Whoever sends: nobody else touches its endpoints until the lease is over. */
export interface Lease {
  readonly holder: string;
  readonly until: Microseconds;
}

/** How long an endpoint belongs to whoever calls it: longer than a call takes. */
export const leaseTime = seconds(10);

/** How far the clocks of two processes may be apart before one takes the other's leases for a mistake. */
const maxClockDifference = minutes(1);

/** An endpoint that nobody serves and that something waits for. */
export interface IdleEndpoint {
  readonly id: string;
  /** Whether its last attempt failed. */
  readonly is_failing: 0 | 1;
}

/** Makes the sealed body of a new delivery; `undefined` when the endpoint has not subscribed to any of the events. */
export type Freeze = (
  endpoint: WebhookEndpointRow,
  queue: QueueRow,
  events: readonly LogEvent[],
) => { readonly id: string; readonly body: Uint8Array } | undefined;

/** How many deliveries that may not be sent, or batches that nobody subscribed to, one claim goes past. */
const maxLeftOut = 50;

/** A delivery that is due, and the endpoint that is leased for it. */
export interface Claim {
  readonly endpoint: WebhookEndpointRow;
  readonly delivery: DeliveryRow;
}

/** What an attempt came to. */
export interface Attempt extends Omit<AttemptRow, "number"> {
  readonly isDelivered: boolean;
  /** When it is to be made after all, and nothing is to be recorded until then. */
  readonly postponedTo?: Microseconds | undefined;
  /** When to try again after a failure; `null` when there is no further attempt. */
  readonly nextDue: Microseconds | null;
  /** Why the endpoint is to be disabled. */
  readonly disabledReason: string | null;
}

/** The endpoints that an index of what waits has rows of, by a jump from each to the next. */
const waiting = (name: string, rows: string) => `
  ${name} (id) AS (
    SELECT (SELECT webhook_endpoint_id FROM ${rows} ORDER BY webhook_endpoint_id LIMIT 1)
    UNION ALL
    SELECT (
      SELECT webhook_endpoint_id FROM ${rows} AND webhook_endpoint_id > ${name}.id
      ORDER BY webhook_endpoint_id LIMIT 1
    )
    FROM ${name} WHERE ${name}.id IS NOT NULL
  )`;

/** A lease that ends much later than leases do was given out before the clock was set back. */
const isFree = (now: string) => `(
  endpoint.lease_holder IS NULL OR endpoint.leased_until <= ${now}
  OR endpoint.leased_until > ${now} + ${leaseTime + maxClockDifference})`;

const queued = "webhook_queue WHERE waiting_since IS NOT NULL";
const delayed = "webhook_delivery WHERE state = 'waiting'";

export const queries = {
  idle: `
    WITH RECURSIVE ${waiting("queued", queued)}, ${waiting("delayed", delayed)}
    SELECT endpoint.id, endpoint.failing_since IS NOT NULL AS is_failing
    FROM (SELECT id FROM queued UNION SELECT id FROM delayed) AS candidate
    CROSS JOIN webhook_endpoint AS endpoint ON endpoint.id = candidate.id
    CROSS JOIN client ON client.id = endpoint.client_id
    WHERE endpoint.is_enabled AND client.is_enabled AND NOT ${areHeld}
      AND ${isFree("?1")}
      AND (
        EXISTS (SELECT 1 FROM ${queued} AND webhook_endpoint_id = endpoint.id)
        OR EXISTS (SELECT 1 FROM ${delayed} AND webhook_endpoint_id = endpoint.id AND due <= ?1)
      )
    ORDER BY endpoint.leased_until`,
  nextDue: `
    WITH RECURSIVE ${waiting("waiting", delayed)}
    SELECT min((
      SELECT due FROM ${delayed} AND webhook_endpoint_id = waiting.id AND due > ?1 ORDER BY due LIMIT 1
    )) AS due
    FROM waiting WHERE waiting.id IS NOT NULL`,
  // Whoever comes second goes on to the next one; whoever waited for the first finds the lease taken.
  take: `
    SELECT ${endpointColumns} FROM webhook_endpoint AS endpoint CROSS JOIN client ON client.id = endpoint.client_id
    WHERE endpoint.id = ?1 AND endpoint.is_enabled AND ${isFree("?2")} AND NOT ${areHeld} /*! FOR NO KEY UPDATE OF endpoint SKIP LOCKED */`,
  lease: "UPDATE webhook_endpoint SET lease_holder = ?2, leased_until = ?3 WHERE id = ?1",
  release: `
    UPDATE webhook_endpoint SET lease_holder = NULL, leased_until = ?3 WHERE id = ?1 AND lease_holder = ?2`,
  due: `
    SELECT ${deliveryColumns} FROM webhook_delivery AS delivery WHERE webhook_endpoint_id = ?1 AND state = 'waiting' AND due <= ?2
    ORDER BY due LIMIT 1`,
  mayHear: `
    SELECT 1 AS found FROM integration CROSS JOIN enterprise ON enterprise.id = ?2 AND enterprise.is_enabled
    WHERE integration.id = ?1 AND integration.is_enabled`,
  current: `
    SELECT ${deliveryColumns} FROM webhook_delivery AS delivery WHERE enterprise_id = ?1 AND id = ?2 /*! FOR UPDATE */`,
  insertAttempt: `
    INSERT INTO webhook_attempt (enterprise_id, webhook_delivery_id, number, started, latency, status, error,
      request_headers, response_headers, response_body)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)`,
  settle: `
    UPDATE webhook_delivery SET state = ?3, due = ?4, attempts = attempts + 1, failures = ?5
    WHERE enterprise_id = ?1 AND id = ?2`,
  postpone: "UPDATE webhook_delivery SET due = ?3 WHERE enterprise_id = ?1 AND id = ?2 AND state = 'waiting'",
  giveUp: `
    UPDATE webhook_delivery SET state = 'failed' WHERE enterprise_id = ?1 AND id = ?2 AND state = 'waiting'`,
  succeeded: "UPDATE webhook_endpoint SET failing_since = NULL WHERE id = ?1 AND failing_since IS NOT NULL",
  // What an answer says of an endpoint does not hold once the operator has changed or enabled it meanwhile.
  failed: "UPDATE webhook_endpoint SET failing_since = ?2 WHERE id = ?1 AND failing_since IS NULL AND url = ?3",
  disable: `
    UPDATE webhook_endpoint SET is_enabled = FALSE, disabled_reason = ?2
    WHERE id = ?1 AND url = ?3 AND failing_since IS NOT DISTINCT FROM ?4`,
};

/** Endpoints that nobody serves and that have something due, those that were served longest ago first. */
export function idleEndpoints(reader: Reader, now: Microseconds): Promise<IdleEndpoint[]> {
  return reader.all<IdleEndpoint>(queries.idle, now);
}

/** When the next delivery is due that is not due yet, if there is any. */
export async function nextDue(reader: Reader, now: Microseconds): Promise<Microseconds | undefined> {
  const row = await firstRow<{ due: Microseconds | null }>(reader, queries.nextDue, now);
  return row?.due ?? undefined;
}

/**
 * Takes what an endpoint is to be sent next, and the endpoint with it: what has been due longest, be it a delivery or
 * events that wait to become one, which freezes them. `undefined` when there is nothing after all, or only more to
 * leave out than one transaction should.
 */
export async function claim(
  transaction: Transaction,
  endpointId: string,
  lease: Lease,
  now: Microseconds,
  freeze: Freeze,
): Promise<Claim | undefined> {
  const endpoint = await firstRow<WebhookEndpointRow>(transaction, queries.take, endpointId, now);
  const delivery = endpoint && (await nextDelivery(transaction, endpoint, now, freeze));
  if (!delivery) return undefined;
  await transaction.run(queries.lease, endpointId, lease.holder, lease.until);
  return { endpoint, delivery };
}

async function nextDelivery(
  transaction: Transaction,
  endpoint: WebhookEndpointRow,
  now: Microseconds,
  freeze: Freeze,
): Promise<DeliveryRow | undefined> {
  for (let leftOut = 0; leftOut < maxLeftOut; leftOut += 1) {
    const due = await firstRow<DeliveryRow>(transaction, queries.due, endpoint.id, now);
    const queue = await longestWaiting(transaction, endpoint.id);
    if (due && (!queue || due.due <= queue.waiting_since)) {
      if (await maySend(transaction, endpoint, due)) return due;
      await transaction.run(queries.giveUp, due.enterprise_id, due.id);
      continue;
    }
    if (!queue) return undefined;
    const delivery = await freezeNext(transaction, endpoint, queue, now, freeze);
    if (delivery) return delivery;
  }
  return undefined;
}

/** An integration that was disabled or deleted meanwhile hears nothing more of its guests; of itself it does. */
async function maySend(reader: Reader, { kind }: WebhookEndpointRow, { integration_id, enterprise_id }: DeliveryRow) {
  return (
    kind === "integration" || (await firstRow(reader, queries.mayHear, integration_id, enterprise_id)) !== undefined
  );
}

async function freezeNext(
  transaction: Transaction,
  endpoint: WebhookEndpointRow,
  queue: QueueRow,
  now: Microseconds,
  freeze: Freeze,
): Promise<DeliveryRow | undefined> {
  // What a disabled integration misses stays in the log, behind the position, until it is enabled again.
  const events = queue.is_enabled ? await queuedEvents(transaction, queue) : [];
  await advance(transaction, queue, events);
  const frozen = events.length > 0 ? freeze(endpoint, queue, events) : undefined;
  if (!frozen) return undefined;
  const { enterprise_id, integration_id } = queue;
  const address = { enterpriseId: enterprise_id, endpointId: endpoint.id, integrationId: integration_id };
  // Due before everything else: should its first attempt be cut short, nothing newer may go before it.
  await insertDelivery(transaction, { ...address, ...frozen }, now, 0);
  return firstRow<DeliveryRow>(transaction, queries.current, enterprise_id, frozen.id);
}

/** Writes down what an attempt came to, and lets go of the endpoint. */
export async function record(
  transaction: Transaction,
  { endpoint, delivery }: Claim,
  attempt: Attempt,
  holder: string,
  now: Microseconds,
): Promise<void> {
  await release(transaction, endpoint.id, holder, now);
  const { postponedTo } = attempt;
  if (postponedTo) return transaction.run(queries.postpone, delivery.enterprise_id, delivery.id, postponedTo);
  const current = await firstRow<DeliveryRow>(transaction, queries.current, delivery.enterprise_id, delivery.id);
  if (!current) return;
  const { enterprise_id, id, attempts, failures } = current;
  const { started, latency, status, error, request_headers, response_headers, response_body } = attempt;
  const answer = [status, error, request_headers, response_headers, response_body] as const;
  await transaction.run(queries.insertAttempt, enterprise_id, id, attempts + 1, started, latency, ...answer);

  if (attempt.isDelivered) {
    await transaction.run(queries.settle, enterprise_id, id, "delivered", 0, failures);
    await transaction.run(queries.succeeded, endpoint.id);
    return;
  }
  // Delivered by who took it over, or sent again by hand, while this attempt was under way: that goes before.
  if (current.state === "delivered" || failures !== delivery.failures) {
    return transaction.run(queries.settle, enterprise_id, id, current.state, current.due, failures);
  }
  const state = attempt.nextDue === null ? "failed" : "waiting";
  await transaction.run(queries.settle, enterprise_id, id, state, attempt.nextDue ?? 0, failures + 1);
  const { disabledReason } = attempt;
  const asClaimed = [endpoint.url, endpoint.failing_since] as const;
  if (disabledReason) await transaction.run(queries.disable, endpoint.id, disabledReason, ...asClaimed);
  await transaction.run(queries.failed, endpoint.id, now, endpoint.url);
}

/** Lets go of an endpoint, unless somebody else has taken it over. It goes to the end of the line. */
export async function release(transaction: Transaction, endpointId: string, holder: string, now: Microseconds) {
  await transaction.run(queries.release, endpointId, holder, now);
}
