import { changeDirectory, enableClient, insertClient } from "../store/directory.ts";
import { newToken, tokenDigest } from "../tokens.ts";
import type { Administrator } from "./administrator.ts";

type Keeper = Pick<Administrator, "store" | "clock" | "newIdentifier">;

/** Adds a partner's application. @returns its id and its client token, which is not kept */
export async function addClient(
  { store, clock, newIdentifier }: Keeper,
  name: string,
): Promise<{ readonly id: string; readonly token: string }> {
  const id = newIdentifier();
  const token = newToken();
  const client = { id, name, tokenDigest: tokenDigest(token), created: clock() };
  await changeDirectory(store.db, (transaction) => insertClient(transaction, client));
  return { id, token };
}

/** Lets an application in, or refuses all it asks. @throws Problem (invalid) for an unknown one */
export async function setClientEnabled({ store }: Pick<Keeper, "store">, id: string, isEnabled: boolean) {
  await changeDirectory(store.db, (transaction) => enableClient(transaction, id, isEnabled));
}
