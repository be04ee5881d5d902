import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Reader } from "../db.ts";
import { lateral, query } from "../query.ts";
import type { InstallationRow } from "../rows.ts";
import type { ListedEnterprise } from "./directory.ts";

/** An enterprise that an integration is connected to, and since when. */
export type LinkedEnterpriseRow = ListedEnterprise & { readonly linked: Microseconds };

/** What a pair of tokens opens, and until when. */
export interface AccessRow {
  readonly client_id: string;
  readonly client_is_enabled: 0 | 1;
  readonly integration_id: string;
  readonly integration_is_enabled: 0 | 1;
  readonly primary_enterprise_id: string;
  readonly expires: Microseconds | null;
}

export const queries = {
  directoryVersion: query<Pick<InstallationRow, "directory_version">>`
    SELECT directory_version FROM installation WHERE id = 1`,
  access: query<AccessRow, { clientTokenDigest: Uint8Array; accessTokenDigest: Uint8Array }>`
    SELECT client.id AS client_id, client.is_enabled AS client_is_enabled,
      integration.id AS integration_id, integration.is_enabled AS integration_is_enabled,
      integration.primary_enterprise_id, access_token.expires
    FROM access_token
    JOIN integration ON integration.id = access_token.integration_id
    JOIN client ON client.id = integration.client_id
    WHERE access_token.digest = :accessTokenDigest AND client.token_digest = :clientTokenDigest`,
  enterprises: query<LinkedEnterpriseRow, { integrationId: string }>`
    SELECT enterprise.id, enterprise.name, enterprise.time_zone_identifier, enterprise.default_language_code,
      enterprise.is_enabled, enterprise.created, enterprise.updated, link.linked
    FROM integration_enterprise AS link
    ${lateral("enterprise", "enterprise", "enterprise.id = link.enterprise_id")}
    WHERE link.integration_id = :integrationId`,
};

/** Changes whenever a client, an enterprise, an integration or a token does, by whichever process. */
export async function directoryVersion(reader: Reader): Promise<number> {
  const row = await firstRow(reader, queries.directoryVersion);
  return row?.directory_version ?? 0;
}

/** What the pair of tokens opens; `undefined` when they are unknown or not of the same client. */
export function findAccess(
  reader: Reader,
  clientTokenDigest: Uint8Array,
  accessTokenDigest: Uint8Array,
): Promise<AccessRow | undefined> {
  return firstRow(reader, queries.access, { clientTokenDigest, accessTokenDigest });
}

export function enterprisesOf(reader: Reader, integrationId: string): Promise<LinkedEnterpriseRow[]> {
  return reader.all(queries.enterprises, { integrationId });
}
