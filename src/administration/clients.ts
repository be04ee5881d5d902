import { newToken, tokenDigest } from "../core/tokens.ts";
import { changeDirectory, enableClient, insertClient } from "../store/directory/directory.ts";
import type { Administrator } from "./administrator.ts";

type Keeper = Pick<Administrator, "db" | "clock" | "newIdentifier">;

/** Adds a partner's application. @returns its id and its client token, which is not kept */
export async function addClient(
  { db, clock, newIdentifier }: Keeper,
  name: string,
): Promise<{ readonly id: string; readonly token: string }> {
  const id = newIdentifier();
  const token = newToken();
  const client = { id, name, tokenDigest: tokenDigest(token), created: clock() };
  await changeDirectory(db, (transaction) => insertClient(transaction, client));
  return { id, token };
}

/** Lets a client in, or refuses each of its requests. @throws Problem (invalid) for an unknown one */
export async function setClientEnabled({ db }: Pick<Keeper, "db">, id: string, isEnabled: boolean) {
  await changeDirectory(db, (transaction) => enableClient(transaction, id, isEnabled));
}
