import { systemClock } from "../../src/core/clock.ts";
import { uuidv7Source } from "../../src/core/identifiers.ts";
import { newToken, tokenDigest } from "../../src/core/tokens.ts";
import {
  changeDirectory,
  insertClient,
  insertEnterprise,
  insertIntegration,
} from "../../src/store/directory/directory.ts";
import type { Store } from "../../src/store/store.ts";
import type { Tokens } from "./processes.ts";

/** A partner's application, with access to some properties one by one. */
export interface Partner {
  readonly clientId: string;
  readonly enterpriseIds: readonly string[];
  /** For each property. */
  readonly tokens: readonly Tokens[];
}

/** Adds a client and so many properties, and connects it to each by an integration of its own. */
export async function addPartner({ db }: Store, name: string, properties: number): Promise<Partner> {
  const newIdentifier = uuidv7Source(systemClock);
  const created = systemClock();
  const clientId = newIdentifier();
  const ClientToken = newToken();
  const tokens = Array.from({ length: properties }, () => ({ ClientToken, AccessToken: newToken() }));
  const enterpriseIds = tokens.map(() => newIdentifier());
  await changeDirectory(db, async (transaction) => {
    await insertClient(transaction, { id: clientId, name, tokenDigest: tokenDigest(ClientToken), created });
    for (const [index, id] of enterpriseIds.entries()) {
      const enterprise = { id, name: `Property ${index}`, timeZoneIdentifier: "UTC", defaultLanguageCode: "en-US" };
      await insertEnterprise(transaction, { ...enterprise, created });
      const digest = tokenDigest(tokens[index]?.AccessToken ?? "");
      const integration = { id: newIdentifier(), clientId, enterpriseIds: [id], tokenDigest: digest, created };
      await insertIntegration(transaction, integration);
    }
  });
  return { clientId, enterpriseIds, tokens };
}
