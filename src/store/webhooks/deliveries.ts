import { setImmediate } from "node:timers/promises";
import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { unknown } from "../../core/problem.ts";
import { firstRow, type Reader, type ReadWriter, type Transaction } from "../db.ts";
import type { WebhookKind } from "./endpoints.ts";

/** `failed` once its last attempt has failed. */
export type DeliveryState = "waiting" | "delivered" | "failed";

/** One request to an endpoint, frozen: every attempt sends the same body under the same id. */
export interface DeliveryRow {
  readonly enterprise_id: string;
  readonly id: string;
  readonly webhook_endpoint_id: string;
  readonly integration_id: string;
  readonly created: Microseconds;
  readonly state: DeliveryState;
  /** When the next attempt is due; it says nothing of a delivery that does not wait. */
  readonly due: Microseconds;
  readonly attempts: number;
  /** How many of the attempts count in the schedule. */
  readonly failures: number;
  /** Sealed. */
  readonly body: Uint8Array;
}

/** A delivery in a list, with what the last attempt came to. */
export interface ListedDeliveryRow extends DeliveryRow {
  readonly client_name: string;
  readonly kind: WebhookKind;
  /** Whether the endpoint is. */
  readonly is_enabled: 0 | 1;
  readonly status: number | null;
  readonly error: string | null;
}

export type NewDelivery = Pick<DeliveryRow, "enterprise_id" | "id" | "webhook_endpoint_id" | "integration_id" | "body">;

export interface AttemptRow {
  readonly number: number;
  readonly started: Microseconds;
  /** In microseconds, from the start to the end of the answer or the failure. */
  readonly latency: number;
  readonly status: number | null;
  /** Why it failed, in a sentence. */
  readonly error: string | null;
  /** JSON objects; values are strings, or arrays of them. */
  readonly request_headers: string;
  readonly response_headers: string | null;
  readonly response_body: string | null;
}

/** Of `delivery`. */
export const deliveryColumns = `
  delivery.enterprise_id, delivery.id, delivery.webhook_endpoint_id, delivery.integration_id, delivery.created,
  delivery.state, delivery.due, delivery.attempts, delivery.failures, delivery.body`;

const listed = (index: string, condition: string) => `
  SELECT ${deliveryColumns}, client.name AS client_name, endpoint.kind, endpoint.is_enabled, last.status, last.error
  FROM webhook_delivery AS delivery INDEXED BY ${index}
  CROSS JOIN webhook_endpoint AS endpoint ON endpoint.id = delivery.webhook_endpoint_id
  CROSS JOIN client ON client.id = endpoint.client_id
  LEFT JOIN webhook_attempt AS last ON last.enterprise_id = delivery.enterprise_id
    AND last.webhook_delivery_id = delivery.id AND last.number = delivery.attempts
  WHERE ${condition}`;

export const queries = {
  insert: `
    INSERT INTO webhook_delivery
      (enterprise_id, id, webhook_endpoint_id, integration_id, created, state, due, attempts, failures, body)
    VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', ?6, 0, 0, ?7)`,
  newest: `
    ${listed("webhook_delivery_by_age", "delivery.created >= ?1")}
    ORDER BY delivery.created DESC, delivery.id DESC LIMIT ?2 + 0`,
  newestFailed: `
    ${listed("webhook_delivery_failed", "delivery.state = 'failed' AND delivery.created >= ?1")}
    ORDER BY delivery.created DESC, delivery.id DESC LIMIT ?2 + 0`,
  find: listed("webhook_delivery_by_id", "delivery.id = ?1"),
  attempts: `
    SELECT number, started, latency, status, error, request_headers, response_headers, response_body
    FROM webhook_attempt WHERE enterprise_id = ?1 AND webhook_delivery_id = ?2 ORDER BY number`,
  resend: `
    UPDATE webhook_delivery SET state = 'waiting', due = ?3, failures = 0 WHERE enterprise_id = ?1 AND id = ?2`,
  resendFailed: `
    UPDATE webhook_delivery SET state = 'waiting', due = ?3, failures = 0
    WHERE enterprise_id = ?1 AND id = ?2 AND state = 'failed'`,
  someFailed: `
    SELECT enterprise_id, id, created FROM webhook_delivery
    WHERE state = 'failed' AND (created, id) > (?1, ?2) ORDER BY created, id LIMIT 500`,
  someOld: `
    SELECT enterprise_id, id FROM webhook_delivery
    WHERE state = 'delivered' AND created < ?1 ORDER BY created LIMIT ?2 + 0 /*! FOR UPDATE SKIP LOCKED */`,
  remove: "DELETE FROM webhook_delivery WHERE enterprise_id = ?1 AND id = ?2 AND state = 'delivered'",
};

/** Adds a request to an endpoint's deliveries, to be sent from `due` on. */
export async function insertDelivery(
  transaction: Transaction,
  delivery: NewDelivery,
  now: Microseconds,
  due: Microseconds,
): Promise<DeliveryRow> {
  const { enterprise_id, id, webhook_endpoint_id, integration_id, body } = delivery;
  await transaction.run(queries.insert, enterprise_id, id, webhook_endpoint_id, integration_id, now, due, body);
  return { ...delivery, created: now, state: "waiting", due, attempts: 0, failures: 0 };
}

/** The newest deliveries since a moment, at most `limit` of them. */
export function listDeliveries(reader: Reader, since: Microseconds, onlyFailed: boolean, limit: number) {
  return reader.all<ListedDeliveryRow>(onlyFailed ? queries.newestFailed : queries.newest, since, limit);
}

/** @throws Problem (invalid) for an unknown delivery */
export async function findDelivery(db: Reader, id: string): Promise<ListedDeliveryRow> {
  const delivery = await firstRow<ListedDeliveryRow>(db, queries.find, id);
  if (!delivery) throw unknown("delivery", id);
  return delivery;
}

/** Every attempt of a delivery, the first one first. */
export function attemptsOf(db: Reader, { enterprise_id, id }: DeliveryRow): Promise<AttemptRow[]> {
  return db.all<AttemptRow>(queries.attempts, enterprise_id, id);
}

/** Sends a delivery again, from the start of the schedule. @throws Problem (invalid) for an unknown delivery */
export async function resend(db: ReadWriter, id: string, now: Microseconds): Promise<void> {
  const { enterprise_id } = await findDelivery(db, id);
  await db.transaction((transaction) => transaction.run(queries.resend, enterprise_id, id, now));
}

/**
 * Sends every failed delivery since a moment again, each once and some hundreds at a time.
 * @returns how many there were
 */
export async function resendFailed(db: ReadWriter, since: Microseconds, now: Microseconds): Promise<number> {
  let count = 0;
  for (let after: Pick<DeliveryRow, "created" | "id"> | undefined = { created: since, id: nilIdentifier }; after; ) {
    const { created, id } = after;
    const rows: DeliveryRow[] = await db.transaction(async (transaction) => {
      const some = await transaction.all<DeliveryRow>(queries.someFailed, created, id);
      for (const row of some) await transaction.run(queries.resendFailed, row.enterprise_id, row.id, now);
      return some;
    });
    count += rows.length;
    after = rows.at(-1);
    await setImmediate();
  }
  return count;
}

/** Removes at most `limit` of the deliveries that succeeded before a moment, with their attempts. */
export async function removeDelivered(transaction: Transaction, before: Microseconds, limit: number): Promise<void> {
  const rows = await transaction.all<Pick<DeliveryRow, "enterprise_id" | "id">>(queries.someOld, before, limit);
  for (const { enterprise_id, id } of rows) await transaction.run(queries.remove, enterprise_id, id);
}
