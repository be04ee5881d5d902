import { days, type Microseconds } from "../../core/clock.ts";
import { newSecret, tokenDigest } from "../../core/tokens.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import { each, lateral, query } from "../query.ts";
import type { StaffLinkRow, StaffUserRow } from "../rows.ts";

/** What a link that is good once lets its holder do. */
export type LinkPurpose = StaffLinkRow["purpose"];

/**
 * What a link is for. It has no `user_id` when it is for the first owner, whose account does not exist yet, and no
 * `maker_id` when the operator made it by a command.
 */
export type LinkRow = Pick<StaffLinkRow, "purpose" | "user_id" | "maker_id">;

type StoredLinkRow = StaffLinkRow & {
  readonly user_name: StaffUserRow["name"] | null;
  readonly user_email: StaffUserRow["email"] | null;
  readonly user_is_owner: StaffUserRow["is_owner"] | null;
  readonly maker_name: StaffUserRow["name"] | null;
};

/** A link that can still be used, without its secret. Its id names the link and does not open it. */
export type OpenLinkRow = Omit<StoredLinkRow, "digest"> & { readonly id: string };

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
  find: query<LinkRow, { digest: Uint8Array; now: Microseconds }>`
    SELECT purpose, user_id, maker_id FROM staff_link WHERE digest = :digest AND expires > :now`,
  page: query<StoredLinkRow, { after: Uint8Array; now: Microseconds }>`
    SELECT ${openColumns} FROM staff_link AS link ${people}
    WHERE link.digest > :after AND link.expires > :now ORDER BY link.digest LIMIT 500`,
  ofUsers: query<StoredLinkRow, { userIds: readonly string[]; now: Microseconds }>`
    SELECT ${openColumns} FROM ${each("userIds", "wanted")}
    ${lateral("staff_link", "link", "link.user_id = wanted.value AND link.expires > :now")} ${people}`,
  ofId: query<StoredLinkRow, { from: Uint8Array; to: Uint8Array; now: Microseconds }>`
    SELECT ${openColumns} FROM staff_link AS link ${people}
    WHERE link.digest BETWEEN :from AND :to AND link.expires > :now`,
  delete: query<never, { digest: Uint8Array }>`DELETE FROM staff_link WHERE digest = :digest`,
  insert: query<never, LinkParameters & { digest: Uint8Array; created: Microseconds; expires: Microseconds }>`
    INSERT INTO staff_link (digest, purpose, user_id, maker_id, created, expires)
    VALUES (:digest, :purpose, :userId, :makerId, :created, :expires)`,
  take: query<LinkRow, { digest: Uint8Array; now: Microseconds }>`
    DELETE FROM staff_link WHERE digest = :digest AND expires > :now RETURNING purpose, user_id, maker_id`,
  forgetOf: query<never, { userId: string }>`DELETE FROM staff_link WHERE user_id = :userId`,
  forgetFirstOwner: query`DELETE FROM staff_link WHERE user_id IS NULL`,
  // A few at a time, as each new link pays for it.
  removeOld: query<never, { now: Microseconds }>`
    DELETE FROM staff_link
    WHERE expires <= (
      SELECT max(expires) FROM (
        SELECT expires FROM staff_link WHERE expires <= :now ORDER BY expires LIMIT 8
      ) AS oldest)`,
};

type LinkParameters = {
  readonly purpose: LinkPurpose;
  readonly userId: string | null;
  readonly makerId: string | null;
};

/**
 * Makes a link in the place of those that the person has.
 * @param userId  null for the first owner, whose account does not exist yet
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
  await transaction.run(queries.removeOld, { now });
  await forgetLinks(transaction, userId);
  const times = { created: now, expires: now + lifetimes[purpose] };
  await transaction.run(queries.insert, { digest: tokenDigest(secret), purpose, userId, makerId, ...times });
  return secret;
}

/** What a link is for; `undefined` when it was used, replaced or never made, or has expired. */
export function findLink(reader: Reader, secret: string, now: Microseconds): Promise<LinkRow | undefined> {
  return firstRow(reader, queries.find, { digest: tokenDigest(secret), now });
}

/** Finds a link and deletes it: of several requests that use it at once, one gets it. */
export function takeLink(transaction: Transaction, secret: string, now: Microseconds): Promise<LinkRow | undefined> {
  return firstRow(transaction, queries.take, { digest: tokenDigest(secret), now });
}

/** Every link that can still be used, read page by page. */
export async function openLinks(reader: Reader, now: Microseconds): Promise<OpenLinkRow[]> {
  const rows: StoredLinkRow[] = [];
  for (;;) {
    const page = await reader.all(queries.page, { after: rows.at(-1)?.digest ?? new Uint8Array(), now });
    if (page.length === 0) return rows.map(withId);
    rows.push(...page);
  }
}

/** Those that are for these people. */
export async function openLinksOf(reader: Reader, userIds: readonly string[], now: Microseconds) {
  const rows = await reader.all(queries.ofUsers, { userIds, now });
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
  const to = Buffer.concat([start, Buffer.alloc(rest, 0xff)]);
  const row = await firstRow(reader, queries.ofId, { from, to, now });
  return row && { ...row, ...withId(row) };
}

const digestLength = 32;

/** The first half of what is kept of the secret, which says nothing of the secret itself. */
function withId({ digest, ...link }: StoredLinkRow): OpenLinkRow {
  const digits = Buffer.from(digest).toString("hex", 0, digestLength / 2);
  return { id: digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5"), ...link };
}

export async function deleteLink(transaction: Transaction, digest: Uint8Array): Promise<void> {
  await transaction.run(queries.delete, { digest });
}

/** @param userId  null for those of the first owner */
export async function forgetLinks(transaction: Transaction, userId: string | null): Promise<void> {
  if (userId === null) await transaction.run(queries.forgetFirstOwner);
  else await transaction.run(queries.forgetOf, { userId });
}
