import { LRUCache } from "lru-cache";
import { tokenDigest } from "../../core/tokens.ts";
import type { Reader } from "../../store/db.ts";
import { clientOfToken, listClients } from "../../store/directory/directory.ts";

/** Finds the name of the client that a client token belongs to; `null` for a token that no client has. */
export type ClientNameOf = (token: string) => Promise<string | null>;

/** How many tokens are remembered. */
export const maxRemembered = 1000;

/** Remembers the names of tokens, since a client never changes either. */
export function clientNames(reader: Reader): ClientNameOf {
  const known = new LRUCache<string, string>({ max: maxRemembered });
  return async (token) => {
    const remembered = known.get(token);
    if (remembered !== undefined) return remembered;
    // When the database fails, the request is recorded without a name.
    const name = await nameOf(reader, token).catch(() => undefined);
    if (name === undefined) return null;
    known.set(token, name);
    return name;
  };
}

async function nameOf(reader: Reader, token: string): Promise<string | undefined> {
  const id = await clientOfToken(reader, tokenDigest(token));
  return (await listClients(reader)).find((client) => client.id === id)?.name;
}
