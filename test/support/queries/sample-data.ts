import { nilIdentifier } from "../../../src/core/identifiers.ts";
import type { Db, Row } from "../../../src/store/db.ts";
import { sampleDigest, sampleId, sampleStart, sampleTime, second } from "./sample-names.ts";
import { staffRows } from "./sample-staff.ts";

/** How much of everything there is. The first enterprise has much more than the others. */
export interface SampleSize {
  readonly enterprises: number;
  /** At the first enterprise; the others have five each. */
  readonly threads: number;
  /** In the first thread of the first enterprise; the others have two each. */
  readonly messages: number;
  /** To the first endpoint at the first enterprise; the others have three each. */
  readonly deliveries: number;
}

/** How many enterprises the first integration covers; the others cover one each. */
export const portfolio = 3;

/** The number of an enterprise at which nothing has happened. */
export const untouched = 1_000_000;

/** How many rows go into one statement. */
const some = 5000;

/**
 * Fills a database with a client, an integration and a webhook for each enterprise, and with what was said there. The
 * first client, with its first integration, has threads at the enterprises of its portfolio.
 */
export async function fillWithSamples(db: Db, size: SampleSize): Promise<void> {
  for (const [table, rows] of Object.entries(sampleRows(size))) {
    for (let index = 0; index < rows.length; index += some) {
      await db.transaction((transaction) => transaction.insert(table, rows.slice(index, index + some)));
    }
  }
}

/** Every row, table by table: one comes after those that it refers to. */
export function sampleRows(size: SampleSize): Readonly<Record<string, readonly Row[]>> {
  const numbers = Array.from({ length: size.enterprises }, (_, number) => number);
  const conversations = numbers.map((number) => conversationAt(number, size));
  const deliveries = numbers.flatMap((number) => deliveriesAt(number, number === 0 ? size.deliveries : 3));
  return {
    ...partnerRows(numbers),
    ...staffRows(numbers),
    ...integrationRows(numbers),
    property: conversations.map(({ log }, number) => ({
      enterprise_id: sampleId("enterprise", number),
      sequence: log.length,
      created: Number(log.at(-1)?.created ?? 0),
    })),
    property_log: conversations.flatMap(({ log }) => log),
    message_thread: conversations.flatMap(({ threads }) => threads),
    message: conversations.flatMap(({ messages }) => messages),
    inbox_count: numbers.map((number) => ({
      enterprise_id: sampleId("enterprise", number),
      assignee_id: sampleId("user", number),
      open_threads: 1,
      awaiting_threads: 1,
      resolved_threads: 1,
    })),
    thread_reading: conversations.flatMap(({ threads }) =>
      threads.slice(0, 5).map(({ enterprise_id = "", id = "" }) => ({
        enterprise_id,
        message_thread_id: id,
        user_id: sampleId("user", 0),
        position: 5,
      })),
    ),
    idempotency_key: conversations.flatMap(({ messages }) =>
      messages.filter((_, index) => index % 4 === 0).map(keyFor),
    ),
    webhook_endpoint: numbers.map((number) => ({
      id: sampleId("endpoint", number),
      client_id: sampleId("client", number),
      kind: "general",
      url: `https://partner-${number}.example/`,
      events: '["MessageAdded"]',
      secret: Buffer.from("sealed"),
      is_enabled: 1,
      leased_until: sampleStart + number,
      created: sampleStart,
    })),
    webhook_queue: numbers.flatMap((number) => [
      queueOf(number, number),
      ...(number > 0 && number < portfolio ? [queueOf(0, number)] : []),
    ]),
    webhook_delivery: deliveries,
    webhook_attempt: deliveries.map(({ enterprise_id = "", id = "", created = 0 }) => ({
      enterprise_id,
      webhook_delivery_id: id,
      number: 1,
      started: created,
      latency: second,
      status: 500,
      error: null,
      request_headers: "{}",
      response_headers: "{}",
      response_body: "",
    })),
  };
}

function partnerRows(numbers: readonly number[]) {
  return {
    client: numbers.map((number) => ({
      id: sampleId("client", number),
      name: `Client ${number}`,
      token_digest: sampleDigest("client", number),
      is_enabled: 1,
      created: sampleStart,
    })),
    enterprise: [...numbers, untouched].map((number) => ({
      id: sampleId("enterprise", number),
      name: `Hotel ${number}`,
      time_zone_identifier: "Europe/Prague",
      default_language_code: "cs-CZ",
      is_enabled: 1,
      created: sampleStart,
      updated: sampleStart,
    })),
  };
}

function integrationRows(numbers: readonly number[]) {
  return {
    integration: numbers.map((number) => ({
      id: sampleId("integration", number),
      client_id: sampleId("client", number),
      primary_enterprise_id: sampleId("enterprise", number),
      is_enabled: 1,
      created: sampleStart,
    })),
    integration_enterprise: numbers.flatMap((number) => [
      linkOf(number, number),
      ...(number > 0 && number < portfolio ? [linkOf(0, number)] : []),
    ]),
    access_token: numbers.map((number) => ({
      digest: sampleDigest("integration", number),
      integration_id: sampleId("integration", number),
      created: sampleStart,
      expires: null,
    })),
  };
}

function linkOf(integration: number, enterprise: number): Row {
  return {
    integration_id: sampleId("integration", integration),
    enterprise_id: sampleId("enterprise", enterprise),
    linked: sampleStart,
  };
}

/** Every twentieth has events that wait. */
function queueOf(client: number, enterprise: number): Row {
  return {
    enterprise_id: sampleId("enterprise", enterprise),
    webhook_endpoint_id: sampleId("endpoint", client),
    integration_id: sampleId("integration", client),
    position: sampleStart,
    waiting_since: enterprise % 20 === 0 ? sampleTime(enterprise) : null,
  };
}

/** All threads of an enterprise and what happened to them, in the order of its log. */
function conversationAt(enterprise: number, size: SampleSize) {
  const enterprise_id = sampleId("enterprise", enterprise);
  // The properties of the portfolio are all written to by the client that it belongs to.
  const client_id = sampleId("client", enterprise < portfolio ? 0 : enterprise);
  const threads: Row[] = [];
  const messages: Row[] = [];
  const log: Row[] = [];
  const append = (kind: string, message_thread_id: string, message_id: string | null) => {
    const created = sampleTime(log.length) + enterprise;
    log.push({ enterprise_id, sequence: log.length + 1, created, kind, client_id, message_thread_id, message_id });
    return created;
  };
  for (let thread = 0; thread < (enterprise === 0 ? size.threads : 5); thread += 1) {
    const id = sampleId("thread", enterprise * 1_000_000 + thread);
    const created = append("ThreadAdded", id, null);
    let updated = created;
    const count = enterprise === 0 && thread === 0 ? size.messages : 2;
    for (let index = 0; index < count; index += 1) {
      const messageId = sampleId("message", enterprise * 1_000_000 + messages.length);
      updated = append("MessageAdded", id, messageId);
      const keys = { enterprise_id, message_thread_id: id, created: updated, id: messageId, client_id };
      messages.push({ ...keys, document: `{"Id":"${messageId}"}` });
    }
    // Every tenth waits for a reply, and every second one of the others is resolved.
    const isAwaiting = thread % 10 === 0;
    const isResolved = !isAwaiting && thread % 2 === 0;
    threads.push({
      ...{ enterprise_id, client_id, created, id, updated, document: `{"Id":"${id}"}` },
      is_resolved: isResolved ? 1 : 0,
      assignee_id: thread % 3 === 0 ? sampleId("user", enterprise) : nilIdentifier,
      waiting_since: isAwaiting ? updated : null,
      last_position: log.length,
      counted: isResolved ? 3 : isAwaiting ? 2 : 1,
      summarized: updated,
    });
  }
  return { threads, messages, log };
}

function keyFor({ enterprise_id = "", client_id = "", id = "", created = 0 }: Row): Row {
  const answer = { body_digest: Buffer.from("digest"), answer: "{}" };
  return { enterprise_id, client_id, operation: "messages/add", key: id, created, ...answer };
}

/** Most have been delivered; at every twentieth enterprise one of ten waits, and one of ten has failed. */
function deliveriesAt(enterprise: number, count: number): Row[] {
  const states: Readonly<Record<number, string>> = enterprise % 20 === 0 ? { 1: "waiting", 2: "failed" } : {};
  return Array.from({ length: count }, (_, index) => ({
    enterprise_id: sampleId("enterprise", enterprise),
    id: sampleId("delivery", enterprise * 1_000_000 + index),
    webhook_endpoint_id: sampleId("endpoint", enterprise),
    integration_id: sampleId("integration", enterprise),
    created: sampleTime(index) + enterprise,
    state: states[index % 10] ?? "delivered",
    due: sampleTime(index),
    attempts: 1,
    failures: 1,
    body: Buffer.from("sealed"),
  }));
}
