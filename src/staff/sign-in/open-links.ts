import type { Microseconds } from "../../core/clock.ts";
import type { Reader } from "../../store/db.ts";
import { findOpenLink, type OpenLinkRow, openLinks, openLinksOf } from "../../store/staff/links.ts";
import { answersFor, type Manager, membershipsByPerson, peopleAt, type Rights } from "../live/people.ts";
import { isBackedBy, type LinkMaker, makerOf } from "./link-makers.ts";

/** An open link, and whether it is good: once its maker may not make it any more, the server refuses its holder. */
export interface OpenLink {
  readonly row: OpenLinkRow;
  readonly isGood: boolean;
  /** What the person may do whom the link lets in; `undefined` for a link that lets in the first owner. */
  readonly person: Rights | undefined;
}

/** All open links, the one that expires next first. */
export async function listOpenLinks(reader: Reader, now: Microseconds): Promise<readonly OpenLink[]> {
  return judged(reader, await openLinks(reader, now));
}

/** The open links that a manager may revoke, the one that expires next first. */
export async function openLinksFor(reader: Reader, manager: Manager, now: Microseconds): Promise<readonly OpenLink[]> {
  const links = await judged(reader, await visibleRows(reader, manager, now));
  return links.filter(({ person }) => person && answersFor(manager, person));
}

/** The open link with this id; `undefined` when there is none that the manager may revoke. */
export async function findOpenLinkFor(
  reader: Reader,
  manager: Manager,
  id: string,
  now: Microseconds,
): ReturnType<typeof findOpenLink> {
  const row = await findOpenLink(reader, id, now);
  const person = row && (await personsBehind(reader, [row])).get(row.id);
  return person && answersFor(manager, person) ? row : undefined;
}

async function judged(reader: Reader, rows: readonly OpenLinkRow[]): Promise<OpenLink[]> {
  const people = await personsBehind(reader, rows);
  const makers = new Map<string | null, LinkMaker>();
  const links: OpenLink[] = [];
  for (const row of rows.toSorted((a, b) => a.expires - b.expires)) {
    if (!makers.has(row.maker_id)) makers.set(row.maker_id, await makerOf(reader, row));
    const person = people.get(row.id);
    links.push({ row, person, isGood: !person || isBackedBy(makers.get(row.maker_id), person) });
  }
  return links;
}

/** The open links of everybody whom the manager may see. */
async function visibleRows(reader: Reader, { caller, scope }: Manager, now: Microseconds): Promise<OpenLinkRow[]> {
  if (caller.isOwner) return openLinks(reader, now);
  const people = await peopleAt(reader, scope.enterpriseIds);
  return openLinksOf(
    reader,
    people.map(({ id }) => id),
    now,
  );
}

/** The rights of the person whom each link lets in, by the link's id. A link for the first owner has no person yet. */
async function personsBehind(reader: Reader, rows: readonly OpenLinkRow[]): Promise<ReadonlyMap<string, Rights>> {
  const ids = rows.flatMap(({ user_id }) => user_id ?? []);
  const memberships = await membershipsByPerson(reader, ids);
  const rights = new Map<string, Rights>();
  for (const { id, user_id, user_is_owner } of rows) {
    if (user_id === null) continue;
    rights.set(id, { is_owner: user_is_owner === 1 ? 1 : 0, memberships: memberships.get(user_id) ?? [] });
  }
  return rights;
}
