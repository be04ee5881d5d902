import { type Microseconds, minutes, seconds } from "../../core/clock.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import type { LogEvent } from "../log/log-events.ts";
import { lateral, postgresOnly, query } from "../query.ts";
import { type AttemptRow, type DeliveryRow, deliveryColumns, insertDelivery } from "./deliveries.ts";
import { endpointColumns, type WebhookEndpointRow } from "./endpoints.ts";
import { areHeld } from "./hold.ts";
import { advanceQueue, longestWaiting, type QueueRow, queuedEvents } from "./queue.ts";

/** A worker's right to call an endpoint. Until the lease is over, no other worker calls the endpoint. */
export interface Lease {
  readonly holder: string;
  readonly until: Microseconds;
}

/** How long a lease lasts: longer than a call takes. */
export const leaseTime = seconds(10);

/** How far the clocks of two processes may be apart before one takes the other's leases for a mistake. */
const maxClockDifference = minutes(1);

/** An endpoint that no worker has leased and that something is due for, and whether its last attempt failed. */
export type IdleEndpoint = Pick<WebhookEndpointRow, "id"> & { readonly is_failing: 0 | 1 };

/** Makes the sealed body of a new delivery; `undefined` when the endpoint is subscribed to none of the events. */
export type Freeze = (
  endpoint: WebhookEndpointRow,
  queue: QueueRow,
  events: readonly LogEvent[],
) => { readonly id: string; readonly body: Uint8Array } | undefined;

/** How many deliveries that must not be sent, or batches without an event to send, one claim goes past. */
const maxLeftOut = 50;

/** A delivery that is due, and the endpoint that is leased for it. */
export interface Claim {
  readonly endpoint: WebhookEndpointRow;
  readonly delivery: DeliveryRow;
}

/** What an attempt came to. */
export type Outcome =
  | { readonly kind: "delivered"; readonly made: MadeAttempt }
  | ({ readonly kind: "failed" } & Failure)
  /** The failure also disables the endpoint. The delivery keeps its place in the schedule until it is enabled again. */
  | ({ readonly kind: "disabling"; readonly reason: string } & Failure)
  /** No request was made. One is to be made at `due`, and nothing is recorded until then. */
  | { readonly kind: "postponed"; readonly due: Microseconds }
  /** The server stopped before the endpoint answered: nothing is recorded, and the next claim sends it again. */
  | { readonly kind: "cutShort" };

/** The request and the answer of an attempt, as they are recorded. */
export type MadeAttempt = Omit<AttemptRow, "number">;

interface Failure {
  readonly made: MadeAttempt;
  /** When to try again; `null` when this was the last attempt. */
  readonly nextDue: Microseconds | null;
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
const isFree = `(
  endpoint.lease_holder IS NULL OR endpoint.leased_until <= :now
  OR endpoint.leased_until > :now + ${leaseTime + maxClockDifference})`;

const queued = "webhook_queue WHERE waiting_since IS NOT NULL";
const delayed = "webhook_delivery WHERE state = 'waiting'";

type ById = { readonly id: string };
type DeliveryKey = { readonly enterpriseId: string; readonly deliveryId: string };

export const queries = {
  idle: query<IdleEndpoint, { now: Microseconds }>`
    WITH RECURSIVE ${waiting("queued", queued)}, ${waiting("delayed", delayed)}
    SELECT endpoint.id, endpoint.failing_since IS NOT NULL AS is_failing
    FROM (SELECT id FROM queued UNION SELECT id FROM delayed) AS candidate
    ${lateral("webhook_endpoint", "endpoint", "endpoint.id = candidate.id")}
    ${lateral("client", "client", "client.id = endpoint.client_id")}
    WHERE endpoint.is_enabled AND client.is_enabled AND NOT ${areHeld}
      AND ${isFree}
      AND (
        EXISTS (SELECT 1 FROM ${queued} AND webhook_endpoint_id = endpoint.id)
        OR EXISTS (SELECT 1 FROM ${delayed} AND webhook_endpoint_id = endpoint.id AND due <= :now)
      )
    ORDER BY endpoint.leased_until`,
  nextDue: query<{ readonly due: Microseconds | null }, { now: Microseconds }>`
    WITH RECURSIVE ${waiting("waiting", delayed)}
    SELECT min((
      SELECT due FROM ${delayed} AND webhook_endpoint_id = waiting.id AND due > :now ORDER BY due LIMIT 1
    )) AS due
    FROM waiting WHERE waiting.id IS NOT NULL`,
  // A worker skips an endpoint whose row another worker has locked. Once that one has committed, the lease is taken.
  take: query<WebhookEndpointRow, { id: string; now: Microseconds }>`
    SELECT ${endpointColumns} FROM webhook_endpoint AS endpoint
    ${lateral("client", "client", "client.id = endpoint.client_id")}
    WHERE endpoint.id = :id AND endpoint.is_enabled AND ${isFree} AND NOT ${areHeld}
    ${postgresOnly("FOR NO KEY UPDATE OF endpoint SKIP LOCKED")}`,
  lease: query<never, { id: string; holder: string; until: Microseconds }>`
    UPDATE webhook_endpoint SET lease_holder = :holder, leased_until = :until WHERE id = :id`,
  release: query<never, { id: string; holder: string; now: Microseconds }>`
    UPDATE webhook_endpoint SET lease_holder = NULL, leased_until = :now WHERE id = :id AND lease_holder = :holder`,
  due: query<DeliveryRow, { endpointId: string; now: Microseconds }>`
    SELECT ${deliveryColumns} FROM webhook_delivery AS delivery
    WHERE webhook_endpoint_id = :endpointId AND state = 'waiting' AND due <= :now
    ORDER BY due LIMIT 1`,
  mayHear: query<{ readonly found: 1 }, { integrationId: string; enterpriseId: string }>`
    SELECT 1 AS found FROM integration
    ${lateral("enterprise", "enterprise", "enterprise.id = :enterpriseId AND enterprise.is_enabled")}
    WHERE integration.id = :integrationId AND integration.is_enabled`,
  current: query<DeliveryRow, DeliveryKey>`
    SELECT ${deliveryColumns} FROM webhook_delivery AS delivery
    WHERE enterprise_id = :enterpriseId AND id = :deliveryId ${postgresOnly("FOR UPDATE")}`,
  insertAttempt: query<never, DeliveryKey & AttemptRow>`
    INSERT INTO webhook_attempt (enterprise_id, webhook_delivery_id, number, started, latency, status, error,
      request_headers, response_headers, response_body)
    VALUES (:enterpriseId, :deliveryId, :number, :started, :latency, :status, :error,
      :request_headers, :response_headers, :response_body)`,
  settle: query<never, DeliveryKey & Standing>`
    UPDATE webhook_delivery SET state = :state, due = :due, attempts = attempts + 1, failures = :failures
    WHERE enterprise_id = :enterpriseId AND id = :deliveryId`,
  postpone: query<never, DeliveryKey & { due: Microseconds }>`
    UPDATE webhook_delivery SET due = :due
    WHERE enterprise_id = :enterpriseId AND id = :deliveryId AND state = 'waiting'`,
  giveUp: query<never, DeliveryKey>`
    UPDATE webhook_delivery SET state = 'failed'
    WHERE enterprise_id = :enterpriseId AND id = :deliveryId AND state = 'waiting'`,
  succeeded: query<never, ById>`
    UPDATE webhook_endpoint SET failing_since = NULL WHERE id = :id AND failing_since IS NOT NULL`,
  // What an answer says of an endpoint does not hold once the operator has changed or enabled it meanwhile.
  failed: query<never, { id: string; url: string; now: Microseconds }>`
    UPDATE webhook_endpoint SET failing_since = :now WHERE id = :id AND failing_since IS NULL AND url = :url`,
  disable: query<never, { id: string; url: string; reason: string; failingSince: Microseconds | null }>`
    UPDATE webhook_endpoint SET is_enabled = FALSE, disabled_reason = :reason
    WHERE id = :id AND url = :url AND failing_since IS NOT DISTINCT FROM :failingSince`,
};

/** Where a delivery stands in its schedule. */
type Standing = Pick<DeliveryRow, "state" | "due" | "failures">;

/** Endpoints that are free and have something due, those that were called longest ago first. */
export function idleEndpoints(reader: Reader, now: Microseconds): Promise<IdleEndpoint[]> {
  return reader.all(queries.idle, { now });
}

/** When the next delivery is due that is not due yet, if there is any. */
export async function nextDue(reader: Reader, now: Microseconds): Promise<Microseconds | undefined> {
  const row = await firstRow(reader, queries.nextDue, { now });
  return row?.due ?? undefined;
}

/**
 * Leases an endpoint for what it is to be sent next: a delivery, or events that have been due for longer, which become
 * a delivery. `undefined` when nothing is due any more, when another worker was first, or when one transaction would
 * have to leave out too much.
 */
export async function claim(
  transaction: Transaction,
  endpointId: string,
  lease: Lease,
  now: Microseconds,
  freeze: Freeze,
): Promise<Claim | undefined> {
  const endpoint = await firstRow(transaction, queries.take, { id: endpointId, now });
  const delivery = endpoint && (await nextDelivery(transaction, endpoint, now, freeze));
  if (!delivery) return undefined;
  await transaction.run(queries.lease, { id: endpointId, holder: lease.holder, until: lease.until });
  return { endpoint, delivery };
}

async function nextDelivery(
  transaction: Transaction,
  endpoint: WebhookEndpointRow,
  now: Microseconds,
  freeze: Freeze,
): Promise<DeliveryRow | undefined> {
  for (let leftOut = 0; leftOut < maxLeftOut; leftOut += 1) {
    const due = await firstRow(transaction, queries.due, { endpointId: endpoint.id, now });
    const queue = await longestWaiting(transaction, endpoint.id);
    if (due && (!queue || due.due <= queue.waiting_since)) {
      if (await maySend(transaction, endpoint, due)) return due;
      await transaction.run(queries.giveUp, { enterpriseId: due.enterprise_id, deliveryId: due.id });
      continue;
    }
    if (!queue) return undefined;
    const delivery = await freezeNext(transaction, endpoint, queue, now, freeze);
    if (delivery) return delivery;
  }
  return undefined;
}

/** An integration that was disabled or deleted meanwhile is sent nothing about guests, only what concerns itself. */
async function maySend(reader: Reader, { kind }: WebhookEndpointRow, delivery: DeliveryRow): Promise<boolean> {
  if (kind === "integration") return true;
  const listener = { integrationId: delivery.integration_id, enterpriseId: delivery.enterprise_id };
  return (await firstRow(reader, queries.mayHear, listener)) !== undefined;
}

async function freezeNext(
  transaction: Transaction,
  endpoint: WebhookEndpointRow,
  queue: QueueRow,
  now: Microseconds,
  freeze: Freeze,
): Promise<DeliveryRow | undefined> {
  // The position of a disabled integration stays where it is, so that it is sent all that it missed once it is enabled.
  const events = queue.is_enabled ? await queuedEvents(transaction, queue) : [];
  await advanceQueue(transaction, queue, events);
  const frozen = events.length > 0 ? freeze(endpoint, queue, events) : undefined;
  if (!frozen) return undefined;
  const { enterprise_id, webhook_endpoint_id, integration_id } = queue;
  const delivery = { enterprise_id, webhook_endpoint_id, integration_id, ...frozen };
  // Due before everything else: when its first attempt is cut short, nothing newer may go before it.
  return insertDelivery(transaction, delivery, now, 0);
}

/** Records what an attempt came to, and frees the endpoint. */
export async function recordOutcome(
  transaction: Transaction,
  { endpoint, delivery }: Claim,
  outcome: Outcome,
  holder: string,
  now: Microseconds,
): Promise<void> {
  // An endpoint that was leased to another worker meanwhile stays with that one.
  await transaction.run(queries.release, { id: endpoint.id, holder, now });
  if (outcome.kind === "cutShort") return;
  const key = { enterpriseId: delivery.enterprise_id, deliveryId: delivery.id };
  if (outcome.kind === "postponed") return transaction.run(queries.postpone, { ...key, due: outcome.due });
  const current = await firstRow(transaction, queries.current, key);
  if (!current) return;
  await transaction.run(queries.insertAttempt, { ...key, ...outcome.made, number: current.attempts + 1 });

  // While this attempt failed, another worker delivered it or it was sent again by hand: that goes before.
  const isOverruled =
    outcome.kind !== "delivered" && (current.state === "delivered" || current.failures !== delivery.failures);
  const { state, due, failures } = isOverruled ? current : standingAfter(outcome, current);
  await transaction.run(queries.settle, { ...key, state, due, failures });
  if (!isOverruled) await recordAtEndpoint(transaction, endpoint, outcome, now);
}

/** Where a delivery stands after an attempt. */
function standingAfter(
  outcome: Exclude<Outcome, { kind: "postponed" | "cutShort" }>,
  { failures }: DeliveryRow,
): Standing {
  if (outcome.kind === "delivered") return { state: "delivered", due: 0, failures };
  const { nextDue } = outcome;
  if (nextDue === null) return { state: "failed", due: 0, failures: failures + 1 };
  return { state: "waiting", due: nextDue, failures: failures + 1 };
}

async function recordAtEndpoint(
  transaction: Transaction,
  { id, url, failing_since }: WebhookEndpointRow,
  outcome: Outcome,
  now: Microseconds,
): Promise<void> {
  if (outcome.kind === "delivered") return transaction.run(queries.succeeded, { id });
  if (outcome.kind === "disabling") {
    await transaction.run(queries.disable, { id, url, reason: outcome.reason, failingSince: failing_since });
  }
  await transaction.run(queries.failed, { id, url, now });
}
