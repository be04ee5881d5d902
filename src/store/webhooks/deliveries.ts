import { setImmediate } from "node:timers/promises";
import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { unknown } from "../../core/problem.ts";
import { firstRow, type Reader, type ReadWriter, type Transaction } from "../db.ts";
import { indexedBy, lateral, postgresOnly, query, sql } from "../query.ts";
import type { WebhookAttemptRow, WebhookDeliveryRow, WebhookEndpointRow } from "../rows.ts";

/**
 * One request to an endpoint, frozen: every attempt sends the same sealed body under the same id. `due` is when the next
 * attempt is due, while the delivery waits; `failures` is how many of the attempts count in the schedule. The state is
 * `failed` once the last attempt has failed.
 */
export type DeliveryRow = WebhookDeliveryRow;

/** A delivery in a list, with its endpoint, and the status or the error of the last attempt. */
export type ListedDeliveryRow = DeliveryRow &
  Pick<WebhookEndpointRow, "kind" | "is_enabled"> &
  Pick<WebhookAttemptRow, "status" | "error"> & { readonly client_name: string };

export type NewDelivery = Pick<DeliveryRow, "enterprise_id" | "id" | "webhook_endpoint_id" | "integration_id" | "body">;

/**
 * An attempt. The error is a sentence; headers are JSON objects whose values are strings, or arrays of them; the latency
 * is from the start to the end of the answer or to the failure.
 */
export type AttemptRow = Omit<WebhookAttemptRow, "enterprise_id" | "webhook_delivery_id">;

/** Of `delivery`. */
export const deliveryColumns = `
  delivery.enterprise_id, delivery.id, delivery.webhook_endpoint_id, delivery.integration_id, delivery.created,
  delivery.state, delivery.due, delivery.attempts, delivery.failures, delivery.body`;

const listed = (index: string, condition: string) => sql`
    SELECT ${deliveryColumns}, client.name AS client_name, endpoint.kind, endpoint.is_enabled, last.status, last.error
    FROM webhook_delivery AS delivery ${indexedBy(index)}
    ${lateral("webhook_endpoint", "endpoint", "endpoint.id = delivery.webhook_endpoint_id")}
    ${lateral("client", "client", "client.id = endpoint.client_id")}
    LEFT JOIN webhook_attempt AS last ON last.enterprise_id = delivery.enterprise_id
      AND last.webhook_delivery_id = delivery.id AND last.number = delivery.attempts
    WHERE ${condition}`;

type FailedDelivery = Pick<DeliveryRow, "enterprise_id" | "id" | "created">;

type DeliveryKey = { readonly enterpriseId: string; readonly id: string };

export const queries = {
  insert: query<
    never,
    DeliveryKey & {
      endpointId: string;
      integrationId: string;
      created: Microseconds;
      due: Microseconds;
      body: Uint8Array;
    }
  >`
    INSERT INTO webhook_delivery
      (enterprise_id, id, webhook_endpoint_id, integration_id, created, state, due, attempts, failures, body)
    VALUES (:enterpriseId, :id, :endpointId, :integrationId, :created, 'waiting', :due, 0, 0, :body)`,
  newest: query<ListedDeliveryRow, { since: Microseconds; limit: number }>`
    ${listed("webhook_delivery_by_age", "delivery.created >= :since")}
    ORDER BY delivery.created DESC, delivery.id DESC LIMIT :limit + 0`,
  newestFailed: query<ListedDeliveryRow, { since: Microseconds; limit: number }>`
    ${listed("webhook_delivery_failed", "delivery.state = 'failed' AND delivery.created >= :since")}
    ORDER BY delivery.created DESC, delivery.id DESC LIMIT :limit + 0`,
  find: query<ListedDeliveryRow, { id: string }>`${listed("webhook_delivery_by_id", "delivery.id = :id")}`,
  attempts: query<AttemptRow, DeliveryKey>`
    SELECT number, started, latency, status, error, request_headers, response_headers, response_body
    FROM webhook_attempt WHERE enterprise_id = :enterpriseId AND webhook_delivery_id = :id ORDER BY number`,
  resend: query<never, DeliveryKey & { due: Microseconds }>`
    UPDATE webhook_delivery SET state = 'waiting', due = :due, failures = 0
    WHERE enterprise_id = :enterpriseId AND id = :id`,
  resendFailed: query<never, DeliveryKey & { due: Microseconds }>`
    UPDATE webhook_delivery SET state = 'waiting', due = :due, failures = 0
    WHERE enterprise_id = :enterpriseId AND id = :id AND state = 'failed'`,
  someFailed: query<FailedDelivery, { created: Microseconds; id: string }>`
    SELECT enterprise_id, id, created FROM webhook_delivery
    WHERE state = 'failed' AND (created, id) > (:created, :id) ORDER BY created, id LIMIT 500`,
  someOld: query<Pick<DeliveryRow, "enterprise_id" | "id">, { before: Microseconds; limit: number }>`
    SELECT enterprise_id, id FROM webhook_delivery
    WHERE state = 'delivered' AND created < :before ORDER BY created LIMIT :limit + 0
    ${postgresOnly("FOR UPDATE SKIP LOCKED")}`,
  remove: query<never, DeliveryKey>`
    DELETE FROM webhook_delivery WHERE enterprise_id = :enterpriseId AND id = :id AND state = 'delivered'`,
};

/** Adds a request to an endpoint's deliveries, to be sent from `due` on. */
export async function insertDelivery(
  transaction: Transaction,
  delivery: NewDelivery,
  now: Microseconds,
  due: Microseconds,
): Promise<DeliveryRow> {
  await transaction.run(queries.insert, {
    enterpriseId: delivery.enterprise_id,
    id: delivery.id,
    endpointId: delivery.webhook_endpoint_id,
    integrationId: delivery.integration_id,
    created: now,
    due,
    body: delivery.body,
  });
  return { ...delivery, created: now, state: "waiting", due, attempts: 0, failures: 0 };
}

/** The newest deliveries since a moment, at most `limit` of them. */
export function listDeliveries(reader: Reader, since: Microseconds, onlyFailed: boolean, limit: number) {
  return reader.all(onlyFailed ? queries.newestFailed : queries.newest, { since, limit });
}

/** @throws Problem (invalid) for an unknown delivery */
export async function findDelivery(db: Reader, id: string): Promise<ListedDeliveryRow> {
  const delivery = await firstRow(db, queries.find, { id });
  if (!delivery) throw unknown("delivery", id);
  return delivery;
}

/** Every attempt of a delivery, the first one first. */
export function attemptsOf(db: Reader, { enterprise_id, id }: DeliveryRow): Promise<AttemptRow[]> {
  return db.all(queries.attempts, { enterpriseId: enterprise_id, id });
}

/** Sends a delivery again, from the start of the schedule. @throws Problem (invalid) for an unknown delivery */
export async function resend(db: ReadWriter, id: string, now: Microseconds): Promise<void> {
  const { enterprise_id } = await findDelivery(db, id);
  await db.transaction((transaction) => transaction.run(queries.resend, { enterpriseId: enterprise_id, id, due: now }));
}

/**
 * Sends every failed delivery since a moment again, each once and some hundreds at a time.
 * @returns how many there were
 */
export async function resendFailed(db: ReadWriter, since: Microseconds, now: Microseconds): Promise<number> {
  let count = 0;
  for (let after: Pick<DeliveryRow, "created" | "id"> | undefined = { created: since, id: nilIdentifier }; after; ) {
    const { created, id } = after;
    const rows: FailedDelivery[] = await db.transaction(async (transaction) => {
      const failed = await transaction.all(queries.someFailed, { created, id });
      for (const { enterprise_id: enterpriseId, id } of failed) {
        await transaction.run(queries.resendFailed, { enterpriseId, id, due: now });
      }
      return failed;
    });
    count += rows.length;
    after = rows.at(-1);
    await setImmediate();
  }
  return count;
}

/** Removes at most `limit` of the deliveries that succeeded before a moment, with their attempts. */
export async function removeDelivered(transaction: Transaction, before: Microseconds, limit: number): Promise<void> {
  const rows = await transaction.all(queries.someOld, { before, limit });
  for (const { enterprise_id: enterpriseId, id } of rows) await transaction.run(queries.remove, { enterpriseId, id });
}
