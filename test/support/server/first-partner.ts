import { innboxData, innboxJson } from "./process.ts";

/** A partner of a real installation, as the operator's commands make the first one. */
export interface FirstPartner {
  readonly clientId: string;
  readonly tokens: { readonly ClientToken: string; readonly AccessToken: string };
}

/** Adds a property, a client, and an integration of the two. */
export async function addFirstPartner(database: string): Promise<FirstPartner> {
  const place = ["--database", database];
  const enterprise = await innboxData("enterprise", "add", "--name", "Grand Hotel", ...place);
  const client = await innboxJson<Record<"Id" | "ClientToken", string>>("client", "add", "--name", "Bot", ...place);
  const ids = ["--client", client.Id, "--enterprise", enterprise];
  const AccessToken = await innboxData("integration", "add", ...ids, ...place);
  return { clientId: client.Id, tokens: { ClientToken: client.ClientToken, AccessToken } };
}
