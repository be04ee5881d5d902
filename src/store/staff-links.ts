import { type Microseconds, microsecondsPerSecond } from "../clock.ts";
import { newSecret, tokenDigest } from "../tokens.ts";
import { first, type Reader, type Transaction } from "./db.ts";

/** What a link that is good once lets its holder do. */
export type LinkPurpose = "FirstOwner" | "Invitation" | "Reset";

export interface LinkRow {
  readonly purpose: LinkPurpose;
  /** Nobody's, for the first owner. */
  readonly user_id: string | null;
}

const day = 24 * 60 * 60 * microsecondsPerSecond;

/** How long a link is good. */
const lifetimes: Readonly<Record<LinkPurpose, Microseconds>> = { FirstOwner: day, Invitation: 7 * day, Reset: day };

export const queries = {
  find: "SELECT purpose, user_id FROM staff_link WHERE digest = ?1 AND expires > ?2",
  insert: "INSERT INTO staff_link (digest, purpose, user_id, created, expires) VALUES (?1, ?2, ?3, ?4, ?5)",
  take: "DELETE FROM staff_link WHERE digest = ?1 AND expires > ?2 RETURNING purpose, user_id",
  forgetOf: "DELETE FROM staff_link WHERE user_id = ?1",
  forgetFirstOwner: "DELETE FROM staff_link WHERE user_id IS NULL",
  // A few at a time, as each new link pays for it.
  removeOld: `
    DELETE FROM staff_link
    WHERE expires <= (
      SELECT max(expires) FROM (
        SELECT expires FROM staff_link WHERE expires <= ?1 ORDER BY expires LIMIT 8
      ) AS oldest)`,
};

/**
 * Makes a link in the place of those that the person has.
 * @param userId  null for the first owner, whom nobody knows yet
 * @returns its secret, which is not kept
 */
export async function newLink(
  transaction: Transaction,
  purpose: LinkPurpose,
  userId: string | null,
  now: Microseconds,
): Promise<string> {
  const secret = newSecret();
  await transaction.run(queries.removeOld, now);
  await forgetLinks(transaction, userId);
  await transaction.run(queries.insert, tokenDigest(secret), purpose, userId, now, now + lifetimes[purpose]);
  return secret;
}

/** What a link is for; `undefined` when it was used, replaced or never made, or has expired. */
export function findLink(reader: Reader, secret: string, now: Microseconds): Promise<LinkRow | undefined> {
  return first<LinkRow>(reader, queries.find, tokenDigest(secret), now);
}

/** The same for who uses it: of several at once, one gets it. */
export function takeLink(transaction: Transaction, secret: string, now: Microseconds): Promise<LinkRow | undefined> {
  return first<LinkRow>(transaction, queries.take, tokenDigest(secret), now);
}

/** @param userId  null for those of the first owner */
export async function forgetLinks(transaction: Transaction, userId: string | null): Promise<void> {
  if (userId === null) await transaction.run(queries.forgetFirstOwner);
  else await transaction.run(queries.forgetOf, userId);
}
