import type { Db } from "../store/db.ts";
import { clientOfToken, listClients } from "../store/directory.ts";
import { tokenDigest } from "../tokens.ts";

/** Finds the name of the client that a client token belongs to; `null` for a token that is nobody's. */
export type ClientNameOf = (token: string) => Promise<string | null>;

/** A client keeps its token and its name, so that each is looked for once. */
export function clientNames(db: Db): ClientNameOf {
  const known = new Map<string, string>();
  return async (token) => {
    const remembered = known.get(token);
    if (remembered !== undefined) return remembered;
    // Who it was is not worth a failure.
    const name = await nameOf(db, token).catch(() => undefined);
    if (name === undefined) return null;
    known.set(token, name);
    return name;
  };
}

async function nameOf(db: Db, token: string): Promise<string | undefined> {
  const id = await clientOfToken(db, tokenDigest(token));
  return (await listClients(db)).find((client) => client.id === id)?.name;
}
