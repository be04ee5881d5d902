import { setImmediate } from "node:timers/promises";
import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { invalid, unknown } from "../../core/problem.ts";
import { firstRow, type Reader, type ReadWriter, type Transaction } from "../db.ts";
import { lateral, query } from "../query.ts";
import type { ClientRow, EnterpriseRow, IntegrationRow } from "../rows.ts";
import { forgetIntegration, markEnterprise } from "../webhooks/queue.ts";

/** The operator's records: who may do what at which property. */
export type ListedClient = Omit<ClientRow, "token_digest">;

export type ListedEnterprise = Omit<EnterpriseRow, "reply_target_minutes">;

/** An integration as a list shows it. */
export type ListedIntegration = IntegrationRow & {
  readonly client_name: string;
  /** How many enterprises it covers, the primary one included. */
  readonly enterprises: number;
  /** How many of its tokens work. */
  readonly tokens: number;
};

/** One integration, with what its client and its primary enterprise are called. */
export type IntegrationRecord = Omit<IntegrationRow, "created"> & {
  readonly client_name: string;
  readonly enterprise_name: string;
};

export type NewClient = {
  readonly id: string;
  readonly name: string;
  readonly tokenDigest: Uint8Array;
  readonly created: Microseconds;
};

export type NewEnterprise = {
  readonly id: string;
  readonly name: string;
  readonly timeZoneIdentifier: string;
  readonly defaultLanguageCode: string;
  readonly created: Microseconds;
};

export interface NewIntegration {
  readonly id: string;
  readonly clientId: string;
  /** The first one is the primary one. */
  readonly enterpriseIds: readonly string[];
  readonly tokenDigest: Uint8Array;
  readonly created: Microseconds;
}

export const queries = {
  changed: query`UPDATE installation SET directory_version = directory_version + 1 WHERE id = 1`,
  clients: query<ListedClient, { after: string }>`
    SELECT id, name, is_enabled, created FROM client WHERE id > :after ORDER BY id LIMIT 500`,
  clientName: query<Pick<ClientRow, "name">, { id: string }>`SELECT name FROM client WHERE id = :id`,
  clientOfToken: query<Pick<ClientRow, "id">, { digest: Uint8Array }>`
    SELECT id FROM client WHERE token_digest = :digest`,
  insertClient: query<never, NewClient>`
    INSERT INTO client (id, name, token_digest, is_enabled, created) VALUES (:id, :name, :tokenDigest, TRUE, :created)`,
  enableClient: query<never, { id: string; isEnabled: 0 | 1 }>`
    UPDATE client SET is_enabled = :isEnabled WHERE id = :id`,
  enterprises: query<ListedEnterprise, { after: string }>`
    SELECT id, name, time_zone_identifier, default_language_code, is_enabled, created, updated
    FROM enterprise WHERE id > :after ORDER BY id LIMIT 500`,
  enterpriseName: query<Pick<EnterpriseRow, "name">, { id: string }>`SELECT name FROM enterprise WHERE id = :id`,
  insertEnterprise: query<never, NewEnterprise>`
    INSERT INTO enterprise (id, name, time_zone_identifier, default_language_code, is_enabled, created, updated)
    VALUES (:id, :name, :timeZoneIdentifier, :defaultLanguageCode, TRUE, :created, :created)`,
  enableEnterprise: query<never, { id: string; isEnabled: 0 | 1; updated: Microseconds }>`
    UPDATE enterprise SET is_enabled = :isEnabled, updated = :updated WHERE id = :id`,
  integrations: query<ListedIntegration, { after: string; now: Microseconds }>`
    SELECT integration.id, integration.client_id, client.name AS client_name, integration.primary_enterprise_id,
      (SELECT count(*) FROM integration_enterprise WHERE integration_id = integration.id) AS enterprises,
      integration.is_enabled, integration.created,
      (SELECT count(*) FROM access_token WHERE integration_id = integration.id AND (expires IS NULL OR expires > :now))
        AS tokens
    FROM integration ${lateral("client", "client", "client.id = integration.client_id")}
    WHERE integration.id > :after
    ORDER BY integration.id LIMIT 500`,
  integration: query<IntegrationRecord, { id: string }>`
    SELECT integration.id, integration.client_id, client.name AS client_name, integration.primary_enterprise_id,
      enterprise.name AS enterprise_name, integration.is_enabled
    FROM integration
    ${lateral("client", "client", "client.id = integration.client_id")}
    ${lateral("enterprise", "enterprise", "enterprise.id = integration.primary_enterprise_id")}
    WHERE integration.id = :id`,
  insertIntegration: query<
    never,
    { id: string; clientId: string; primaryEnterpriseId: string | null; created: Microseconds }
  >`
    INSERT INTO integration (id, client_id, primary_enterprise_id, is_enabled, created)
    VALUES (:id, :clientId, :primaryEnterpriseId, TRUE, :created)`,
  insertLink: query<never, { id: string; enterpriseId: string; linked: Microseconds }>`
    INSERT INTO integration_enterprise (integration_id, enterprise_id, linked) VALUES (:id, :enterpriseId, :linked)`,
  deleteTokens: query<never, { id: string }>`DELETE FROM access_token WHERE integration_id = :id`,
  deleteLinks: query<never, { id: string }>`DELETE FROM integration_enterprise WHERE integration_id = :id`,
  deleteIntegration: query<never, { id: string }>`DELETE FROM integration WHERE id = :id`,
  enableIntegration: query<never, { id: string; isEnabled: 0 | 1 }>`
    UPDATE integration SET is_enabled = :isEnabled WHERE id = :id`,
  insertToken: query<never, { digest: Uint8Array; id: string; created: Microseconds }>`
    INSERT INTO access_token (digest, integration_id, created) VALUES (:digest, :id, :created)`,
  expireTokens: query<never, { id: string; expires: Microseconds }>`
    UPDATE access_token SET expires = :expires WHERE integration_id = :id AND (expires IS NULL OR expires > :expires)`,
};

export function listClients(reader: Reader): Promise<ListedClient[]> {
  return listAll((after) => reader.all(queries.clients, { after }));
}

export function listEnterprises(reader: Reader): Promise<ListedEnterprise[]> {
  return listAll((after) => reader.all(queries.enterprises, { after }));
}

export function listIntegrations(reader: Reader, now: Microseconds): Promise<ListedIntegration[]> {
  return listAll((after) => reader.all(queries.integrations, { after, now }));
}

/**
 * Reads a list page by page, and lets others have their turn in between.
 * @param page  reads what comes after an id
 */
export async function listAll<R extends { readonly id: string }>(page: (after: string) => Promise<R[]>): Promise<R[]> {
  const rows: R[] = [];
  for (;;) {
    const next = await page(rows.at(-1)?.id ?? nilIdentifier);
    if (next.length === 0) return rows;
    rows.push(...next);
    await setImmediate();
  }
}

/** One change of the records, and one at a time; every process that authenticates callers hears of it. */
export function changeDirectory<T>(db: ReadWriter, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  return db.transaction(async (transaction) => {
    await transaction.run(queries.changed);
    return work(transaction);
  });
}

export async function insertClient(transaction: Transaction, client: NewClient): Promise<void> {
  await transaction.run(queries.insertClient, client);
}

export async function insertEnterprise(transaction: Transaction, enterprise: NewEnterprise): Promise<void> {
  await transaction.run(queries.insertEnterprise, enterprise);
}

/** @throws Problem (invalid) for an unknown client or enterprise */
export async function insertIntegration(transaction: Transaction, integration: NewIntegration): Promise<void> {
  const { id, clientId, enterpriseIds, tokenDigest, created } = integration;
  await mustBeClient(transaction, clientId);
  for (const enterpriseId of enterpriseIds) {
    await mustBeEnterprise(transaction, enterpriseId);
  }
  const [primaryEnterpriseId = null] = enterpriseIds;
  await transaction.run(queries.insertIntegration, { id, clientId, primaryEnterpriseId, created });
  for (const enterpriseId of enterpriseIds) {
    await transaction.run(queries.insertLink, { id, enterpriseId, linked: created });
  }
  await transaction.run(queries.insertToken, { digest: tokenDigest, id, created });
}

/** @throws Problem (invalid) for an unknown client */
export async function enableClient(transaction: Transaction, id: string, isEnabled: boolean): Promise<void> {
  await mustBeClient(transaction, id);
  await transaction.run(queries.enableClient, { id, isEnabled: isEnabled ? 1 : 0 });
}

/** @throws Problem (invalid) for an unknown enterprise */
export async function enableEnterprise(
  transaction: Transaction,
  id: string,
  isEnabled: boolean,
  now: Microseconds,
): Promise<void> {
  await mustBeEnterprise(transaction, id);
  await transaction.run(queries.enableEnterprise, { id, isEnabled: isEnabled ? 1 : 0, updated: now });
  if (isEnabled) await markEnterprise(transaction, id, now);
}

/** @throws Problem (invalid) for an unknown integration */
export async function enableIntegration(transaction: Transaction, id: string, isEnabled: boolean): Promise<void> {
  await findIntegration(transaction, id);
  await transaction.run(queries.enableIntegration, { id, isEnabled: isEnabled ? 1 : 0 });
}

/** Removes an integration with its tokens and all that waits to be announced to it. */
export async function deleteIntegration(transaction: Transaction, id: string): Promise<void> {
  await forgetIntegration(transaction, id);
  await transaction.run(queries.deleteTokens, { id });
  await transaction.run(queries.deleteLinks, { id });
  await transaction.run(queries.deleteIntegration, { id });
}

/** @throws Problem (invalid) for an unknown integration */
export async function findIntegration(reader: Reader, id: string): Promise<IntegrationRecord> {
  const record = await knownIntegration(reader, id);
  if (!record) throw unknown("integration", id);
  return record;
}

export function knownIntegration(reader: Reader, id: string): Promise<IntegrationRecord | undefined> {
  return firstRow(reader, queries.integration, { id });
}

/** @throws Problem (invalid) for an unknown client */
export async function mustBeClient(reader: Reader, id: string): Promise<void> {
  if (!(await firstRow(reader, queries.clientName, { id }))) throw unknown("client", id);
}

/** @throws Problem (invalid) for an unknown token */
export async function clientOfToken(reader: Reader, digest: Uint8Array): Promise<string> {
  const row = await firstRow(reader, queries.clientOfToken, { digest });
  if (!row) throw invalid("There is no client with this token.", { code: "unknown", what: "clientToken" });
  return row.id;
}

/**
 * Gives the integration a new access token; those it had work until `oldExpires` at the longest.
 * @throws Problem (invalid) for an unknown integration
 */
export async function rotateToken(
  transaction: Transaction,
  id: string,
  tokenDigest: Uint8Array,
  now: Microseconds,
  oldExpires: Microseconds,
): Promise<void> {
  await findIntegration(transaction, id);
  await transaction.run(queries.expireTokens, { id, expires: oldExpires });
  await transaction.run(queries.insertToken, { digest: tokenDigest, id, created: now });
}

/** @throws Problem (invalid) for an unknown enterprise */
export async function mustBeEnterprise(reader: Reader, id: string): Promise<void> {
  if (!(await firstRow(reader, queries.enterpriseName, { id }))) throw unknown("enterprise", id);
}
