import { type Microseconds, minutes, seconds } from "../../core/clock.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import type { LogEvent } from "../log/log-events.ts";
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

/** An endpoint that no worker has leased and that something is due for. */
export interface IdleEndpoint {
  readonly id: string;
  /** Whether its last attempt failed. */
  readonly is_failing: 0 | 1;
}

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
  // A worker skips an endpoint whose row another worker has locked. Once that one has committed, the lease is taken.
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

/** Endpoints that are free and have something due, those that were called longest ago first. */
export function idleEndpoints(reader: Reader, now: Microseconds): Promise<IdleEndpoint[]> {
  return reader.all<IdleEndpoint>(queries.idle, now);
}

/** When the next delivery is due that is not due yet, if there is any. */
export async function nextDue(reader: Reader, now: Microseconds): Promise<Microseconds | undefined> {
  const row = await firstRow<{ due: Microseconds | null }>(reader, queries.nextDue, now);
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

/** An integration that was disabled or deleted meanwhile is sent nothing about guests, only what concerns itself. */
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
  await transaction.run(queries.release, endpoint.id, holder, now);
  if (outcome.kind === "cutShort") return;
  const { enterprise_id, id } = delivery;
  if (outcome.kind === "postponed") return transaction.run(queries.postpone, enterprise_id, id, outcome.due);
  const current = await firstRow<DeliveryRow>(transaction, queries.current, enterprise_id, id);
  if (!current) return;
  const { started, latency, status, error, request_headers, response_headers, response_body } = outcome.made;
  const answer = [status, error, request_headers, response_headers, response_body] as const;
  await transaction.run(queries.insertAttempt, enterprise_id, id, current.attempts + 1, started, latency, ...answer);

  // While this attempt failed, another worker delivered it or it was sent again by hand: that goes before.
  const isOverruled =
    outcome.kind !== "delivered" && (current.state === "delivered" || current.failures !== delivery.failures);
  const { state, due, failures } = isOverruled ? current : standingAfter(outcome, current);
  await transaction.run(queries.settle, enterprise_id, id, state, due, failures);
  if (!isOverruled) await recordAtEndpoint(transaction, endpoint, outcome, now);
}

/** Where a delivery stands after an attempt. */
function standingAfter(
  outcome: Exclude<Outcome, { kind: "postponed" | "cutShort" }>,
  { failures }: DeliveryRow,
): Pick<DeliveryRow, "state" | "due" | "failures"> {
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
  if (outcome.kind === "delivered") return transaction.run(queries.succeeded, id);
  if (outcome.kind === "disabling") await transaction.run(queries.disable, id, outcome.reason, url, failing_since);
  await transaction.run(queries.failed, id, now, url);
}
