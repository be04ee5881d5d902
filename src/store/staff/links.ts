import { days, type Microseconds } from "../../core/clock.ts";
import { newSecret, tokenDigest } from "../../core/tokens.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";

/** What a link that is good once lets its holder do. */
export type LinkPurpose = "FirstOwner" | "Invitation" | "Reset";

export interface LinkRow {
  readonly purpose: LinkPurpose;
  /** Null for the first owner, whom nobody knows yet. */
  readonly user_id: string | null;
  /** Who made it; null for the operator, by a command. */
  readonly maker_id: string | null;
}

/** A link that can still be used, without its secret. */
export interface OpenLinkRow extends LinkRow {
  /** Names the link, and does not open it. */
  readonly id: string;
  readonly user_name: string | null;
  readonly user_email: string | null;
  readonly user_is_owner: 0 | 1 | null;
  readonly maker_name: string | null;
  readonly created: Microseconds;
  readonly expires: Microseconds;
}

type StoredLinkRow = Omit<OpenLinkRow, "id"> & { readonly digest: Uint8Array };

const day = days(1);

/** How long a link is good. */
const lifetimes: Readonly<Record<LinkPurpose, Microseconds>> = { FirstOwner: day, Invitation: 7 * day, Reset: day };

const openColumns = `
  link.digest, link.purpose, link.user_id, link.maker_id, link.created, link.expires,
  person.name AS user_name, person.email AS user_email, person.is_owner AS user_is_owner,
  maker.name AS maker_name`;

const people = `
  LEFT JOIN staff_user AS person ON person.id = link.user_id
  LEFT JOIN staff_user AS maker ON maker.id = link.maker_id`;

export const queries = {
  find: "SELECT purpose, user_id, maker_id FROM staff_link WHERE digest = ?1 AND expires > ?2",
  page: `
    SELECT ${openColumns} FROM staff_link AS link ${people}
    WHERE link.digest > ?1 AND link.expires > ?2 ORDER BY link.digest LIMIT 500`,
  ofUsers: `
    SELECT ${openColumns} FROM json_each(?1) AS wanted
    CROSS JOIN staff_link AS link ON link.user_id = wanted.value AND link.expires > ?2 ${people}`,
  ofId: `
    SELECT ${openColumns} FROM staff_link AS link ${people}
    WHERE link.digest BETWEEN ?1 AND ?2 AND link.expires > ?3`,
  delete: "DELETE FROM staff_link WHERE digest = ?1",
  insert: `
    INSERT INTO staff_link (digest, purpose, user_id, maker_id, created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
  take: "DELETE FROM staff_link WHERE digest = ?1 AND expires > ?2 RETURNING purpose, user_id, maker_id",
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
 * @param makerId  with whose rights it ends; null for the operator
 * @returns its secret, which is not kept
 */
export async function newLink(
  transaction: Transaction,
  purpose: LinkPurpose,
  userId: string | null,
  makerId: string | null,
  now: Microseconds,
): Promise<string> {
  const secret = newSecret();
  await transaction.run(queries.removeOld, now);
  await forgetLinks(transaction, userId);
  await transaction.run(queries.insert, tokenDigest(secret), purpose, userId, makerId, now, now + lifetimes[purpose]);
  return secret;
}

/** What a link is for; `undefined` when it was used, replaced or never made, or has expired. */
export function findLink(reader: Reader, secret: string, now: Microseconds): Promise<LinkRow | undefined> {
  return firstRow<LinkRow>(reader, queries.find, tokenDigest(secret), now);
}

/** The same for who uses it: of several at once, one gets it. */
export function takeLink(transaction: Transaction, secret: string, now: Microseconds): Promise<LinkRow | undefined> {
  return firstRow<LinkRow>(transaction, queries.take, tokenDigest(secret), now);
}

/** Every link that can still be used, by and by. */
export async function openLinks(reader: Reader, now: Microseconds): Promise<OpenLinkRow[]> {
  const rows: StoredLinkRow[] = [];
  for (;;) {
    const some = await reader.all<StoredLinkRow>(queries.page, rows.at(-1)?.digest ?? new Uint8Array(), now);
    if (some.length === 0) return rows.map(withId);
    rows.push(...some);
  }
}

/** Those that are for these people. */
export async function openLinksOf(reader: Reader, userIds: readonly string[], now: Microseconds) {
  const rows = await reader.all<StoredLinkRow>(queries.ofUsers, JSON.stringify(userIds), now);
  return rows.map(withId);
}

/** The one of this id. */
export async function findOpenLink(
  reader: Reader,
  id: string,
  now: Microseconds,
): Promise<(OpenLinkRow & { readonly digest: Uint8Array }) | undefined> {
  const start = Buffer.from(id.replaceAll("-", ""), "hex");
  const rest = digestLength - start.length;
  const from = Buffer.concat([start, Buffer.alloc(rest)]);
  const row = await firstRow<StoredLinkRow>(
    reader,
    queries.ofId,
    from,
    Buffer.concat([start, Buffer.alloc(rest, 0xff)]),
    now,
  );
  return row && { ...row, ...withId(row) };
}

const digestLength = 32;

/** The first half of what is kept of the secret, which says nothing of the secret itself. */
function withId({ digest, ...link }: StoredLinkRow): OpenLinkRow {
  const digits = Buffer.from(digest).toString("hex", 0, digestLength / 2);
  return { id: digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"), ...link };
}

export async function deleteLink(transaction: Transaction, digest: Uint8Array): Promise<void> {
  await transaction.run(queries.delete, digest);
}

/** @param userId  null for those of the first owner */
export async function forgetLinks(transaction: Transaction, userId: string | null): Promise<void> {
  if (userId === null) await transaction.run(queries.forgetFirstOwner);
  else await transaction.run(queries.forgetOf, userId);
}
