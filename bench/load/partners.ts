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

export type Partner = Awaited<ReturnType<typeof addPartner>>;

const newIdentifier = uuidv7Source(systemClock);

/** Adds so many properties. @returns their ids */
export async function addProperties({ db }: Store, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, newIdentifier);
  await changeDirectory(db, async (transaction) => {
    for (const [index, id] of ids.entries()) {
      const enterprise = { id, name: `Property ${index}`, timeZoneIdentifier: "UTC", defaultLanguageCode: "en-US" };
      await insertEnterprise(transaction, { ...enterprise, created: systemClock() });
    }
  });
  return ids;
}

/** Adds a partner's application, and connects it to each property by an integration of its own, with tokens of its own. */
export async function addPartner({ db }: Store, name: string, enterpriseIds: readonly string[]) {
  const clientId = newIdentifier();
  const ClientToken = newToken();
  const created = systemClock();
  const tokens = enterpriseIds.map(() => ({ ClientToken, AccessToken: newToken() }));
  await changeDirectory(db, async (transaction) => {
    await insertClient(transaction, { id: clientId, name, tokenDigest: tokenDigest(ClientToken), created });
    for (const [index, id] of enterpriseIds.entries()) {
      const digest = tokenDigest(tokens[index]?.AccessToken ?? "");
      const integration = { id: newIdentifier(), clientId, enterpriseIds: [id], tokenDigest: digest, created };
      await insertIntegration(transaction, integration);
    }
  });
  return { clientId, enterpriseIds, tokens };
}
