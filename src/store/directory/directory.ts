import { setImmediate } from "node:timers/promises";
import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { invalid, unknown } from "../../core/problem.ts";
import { firstRow, type Reader, type ReadWriter, type Transaction, type Value } from "../db.ts";
import { forgetIntegration, markEnterprise } from "../webhooks/queue.ts";

/** The operator's records: who may do what at which property. */
export interface ClientRow {
  readonly id: string;
  readonly name: string;
  readonly is_enabled: 0 | 1;
  readonly created: Microseconds;
}

export interface EnterpriseRow {
  readonly id: string;
  readonly name: string;
  readonly time_zone_identifier: string;
  readonly default_language_code: string;
  readonly is_enabled: 0 | 1;
  readonly created: Microseconds;
  readonly updated: Microseconds;
}

export interface IntegrationRow {
  readonly id: string;
  readonly client_id: string;
  readonly client_name: string;
  readonly primary_enterprise_id: string;
  /** How many it covers, the primary one included. */
  readonly enterprises: number;
  readonly is_enabled: 0 | 1;
  readonly created: Microseconds;
  readonly tokens: number;
}

/** One integration, with what it is called. */
export interface IntegrationRecord {
  readonly id: string;
  readonly client_id: string;
  readonly client_name: string;
  readonly primary_enterprise_id: string;
  readonly enterprise_name: string;
  readonly is_enabled: 0 | 1;
}

export interface NewClient {
  readonly id: string;
  readonly name: string;
  readonly tokenDigest: Uint8Array;
  readonly created: Microseconds;
}

export interface NewEnterprise {
  readonly id: string;
  readonly name: string;
  readonly timeZoneIdentifier: string;
  readonly defaultLanguageCode: string;
  readonly created: Microseconds;
}

export interface NewIntegration {
  readonly id: string;
  readonly clientId: string;
  /** The first one is the primary one. */
  readonly enterpriseIds: readonly string[];
  readonly tokenDigest: Uint8Array;
  readonly created: Microseconds;
}

export const queries = {
  changed: "UPDATE installation SET directory_version = directory_version + 1 WHERE id = 1",
  clients: "SELECT id, name, is_enabled, created FROM client WHERE id > ?1 ORDER BY id LIMIT 500",
  clientName: "SELECT name FROM client WHERE id = ?1",
  clientOfToken: "SELECT id FROM client WHERE token_digest = ?1",
  insertClient: "INSERT INTO client (id, name, token_digest, is_enabled, created) VALUES (?1, ?2, ?3, TRUE, ?4)",
  enableClient: "UPDATE client SET is_enabled = ?2 WHERE id = ?1",
  enterprises: `
    SELECT id, name, time_zone_identifier, default_language_code, is_enabled, created, updated
    FROM enterprise WHERE id > ?1 ORDER BY id LIMIT 500`,
  enterpriseName: "SELECT name FROM enterprise WHERE id = ?1",
  insertEnterprise: `
    INSERT INTO enterprise (id, name, time_zone_identifier, default_language_code, is_enabled, created, updated)
    VALUES (?1, ?2, ?3, ?4, TRUE, ?5, ?5)`,
  enableEnterprise: "UPDATE enterprise SET is_enabled = ?2, updated = ?3 WHERE id = ?1",
  integrations: `
    SELECT integration.id, integration.client_id, client.name AS client_name, integration.primary_enterprise_id,
      (SELECT count(*) FROM integration_enterprise WHERE integration_id = integration.id) AS enterprises,
      integration.is_enabled, integration.created,
      (SELECT count(*) FROM access_token WHERE integration_id = integration.id AND (expires IS NULL OR expires > ?2))
        AS tokens
    FROM integration CROSS JOIN client ON client.id = integration.client_id
    WHERE integration.id > ?1
    ORDER BY integration.id LIMIT 500`,
  integration: `
    SELECT integration.id, integration.client_id, client.name AS client_name, integration.primary_enterprise_id,
      enterprise.name AS enterprise_name, integration.is_enabled
    FROM integration
    CROSS JOIN client ON client.id = integration.client_id
    CROSS JOIN enterprise ON enterprise.id = integration.primary_enterprise_id
    WHERE integration.id = ?1`,
  insertIntegration: `
    INSERT INTO integration (id, client_id, primary_enterprise_id, is_enabled, created) VALUES (?1, ?2, ?3, TRUE, ?4)`,
  insertLink: "INSERT INTO integration_enterprise (integration_id, enterprise_id, linked) VALUES (?1, ?2, ?3)",
  deleteTokens: "DELETE FROM access_token WHERE integration_id = ?1",
  deleteLinks: "DELETE FROM integration_enterprise WHERE integration_id = ?1",
  deleteIntegration: "DELETE FROM integration WHERE id = ?1",
  enableIntegration: "UPDATE integration SET is_enabled = ?2 WHERE id = ?1",
  insertToken: "INSERT INTO access_token (digest, integration_id, created) VALUES (?1, ?2, ?3)",
  expireTokens: `
    UPDATE access_token SET expires = ?2 WHERE integration_id = ?1 AND (expires IS NULL OR expires > ?2)`,
};

export function listClients(reader: Reader): Promise<ClientRow[]> {
  return listAll<ClientRow>(reader, queries.clients);
}

export function listEnterprises(reader: Reader): Promise<EnterpriseRow[]> {
  return listAll<EnterpriseRow>(reader, queries.enterprises);
}

export function listIntegrations(reader: Reader, now: Microseconds): Promise<IntegrationRow[]> {
  return listAll<IntegrationRow>(reader, queries.integrations, now);
}

/** Reads a list by and by, so that a long one does not hold up everybody else. */
export async function listAll<R extends { readonly id: string }>(
  reader: Reader,
  query: string,
  ...parameters: Value[]
) {
  const rows: R[] = [];
  for (;;) {
    const some = await reader.all<R>(query, rows.at(-1)?.id ?? nilIdentifier, ...parameters);
    if (some.length === 0) return rows;
    rows.push(...some);
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
  await transaction.run(queries.insertClient, client.id, client.name, client.tokenDigest, client.created);
}

export async function insertEnterprise(transaction: Transaction, enterprise: NewEnterprise): Promise<void> {
  const { id, name, timeZoneIdentifier, defaultLanguageCode, created } = enterprise;
  await transaction.run(queries.insertEnterprise, id, name, timeZoneIdentifier, defaultLanguageCode, created);
}

/** @throws Problem (invalid) for an unknown client or enterprise */
export async function insertIntegration(transaction: Transaction, integration: NewIntegration): Promise<void> {
  const { id, clientId, enterpriseIds, tokenDigest, created } = integration;
  await mustBeClient(transaction, clientId);
  for (const enterpriseId of enterpriseIds) {
    await mustBeEnterprise(transaction, enterpriseId);
  }
  await transaction.run(queries.insertIntegration, id, clientId, enterpriseIds[0] ?? null, created);
  for (const enterpriseId of enterpriseIds) {
    await transaction.run(queries.insertLink, id, enterpriseId, created);
  }
  await transaction.run(queries.insertToken, tokenDigest, id, created);
}

/** @throws Problem (invalid) for an unknown client */
export async function enableClient(transaction: Transaction, id: string, isEnabled: boolean): Promise<void> {
  await mustBeClient(transaction, id);
  await transaction.run(queries.enableClient, id, isEnabled ? 1 : 0);
}

/** @throws Problem (invalid) for an unknown enterprise */
export async function enableEnterprise(
  transaction: Transaction,
  id: string,
  isEnabled: boolean,
  now: Microseconds,
): Promise<void> {
  await mustBeEnterprise(transaction, id);
  await transaction.run(queries.enableEnterprise, id, isEnabled ? 1 : 0, now);
  if (isEnabled) await markEnterprise(transaction, id, now);
}

/** @throws Problem (invalid) for an unknown integration */
export async function enableIntegration(transaction: Transaction, id: string, isEnabled: boolean): Promise<void> {
  await findIntegration(transaction, id);
  await transaction.run(queries.enableIntegration, id, isEnabled ? 1 : 0);
}

/** Removes an integration with its tokens and all that waits to be announced to it. */
export async function deleteIntegration(transaction: Transaction, id: string): Promise<void> {
  await forgetIntegration(transaction, id);
  await transaction.run(queries.deleteTokens, id);
  await transaction.run(queries.deleteLinks, id);
  await transaction.run(queries.deleteIntegration, id);
}

/** @throws Problem (invalid) for an unknown integration */
export async function findIntegration(reader: Reader, id: string): Promise<IntegrationRecord> {
  const record = await knownIntegration(reader, id);
  if (!record) throw unknown("integration", id);
  return record;
}

export function knownIntegration(reader: Reader, id: string): Promise<IntegrationRecord | undefined> {
  return firstRow<IntegrationRecord>(reader, queries.integration, id);
}

/** @throws Problem (invalid) for an unknown client */
export async function mustBeClient(reader: Reader, id: string): Promise<void> {
  if (!(await firstRow(reader, queries.clientName, id))) throw unknown("client", id);
}

/** @throws Problem (invalid) for an unknown token */
export async function clientOfToken(reader: Reader, digest: Uint8Array): Promise<string> {
  const row = await firstRow<{ id: string }>(reader, queries.clientOfToken, digest);
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
  await transaction.run(queries.expireTokens, id, oldExpires);
  await transaction.run(queries.insertToken, tokenDigest, id, now);
}

/** @throws Problem (invalid) for an unknown enterprise */
export async function mustBeEnterprise(reader: Reader, id: string): Promise<void> {
  if (!(await firstRow(reader, queries.enterpriseName, id))) throw unknown("enterprise", id);
}
