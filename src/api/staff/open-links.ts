import type { Microseconds } from "../../core/clock.ts";
import { Problem } from "../../core/problem.ts";
import { formatDateTime } from "../../protocol/date-time.ts";
import { getAllLinks, revokeLink, type StaffLink } from "../../protocol/staff/links.ts";
import { answersFor, type Manager, membershipsByPerson, peopleAt, type Rights } from "../../staff/live/people.ts";
import { isBackedBy, type LinkMaker, makerOf } from "../../staff/sign-in/link-makers.ts";
import type { Reader } from "../../store/db.ts";
import { deleteLink, findOpenLink, type OpenLinkRow, openLinks, openLinksOf } from "../../store/staff/links.ts";
import { type StaffOperation, staffOperation } from "./operation.ts";

const getAll = staffOperation(getAllLinks, "users", async ({ clock }, { caller, scope, db }) => {
  const manager: Manager = { caller, scope };
  const links = await judged(db, await rowsFor(db, manager, clock()));
  const own = links.filter(({ person }) => person && answersFor(manager, person));
  return { body: { Links: own.flatMap(staffLinkOf) } };
});

const revoke = staffOperation(revokeLink, "users", async ({ clock }, { caller, scope, input, db }) => {
  await db.transaction(async (transaction) => {
    const row = await findOpenLink(transaction, input.LinkId, clock());
    const person = row && (await rightsOf(transaction, [row])).get(row.id);
    if (!person || !answersFor({ caller, scope }, person)) {
      throw new Problem("notFound", "There is no open link with this LinkId.");
    }
    await deleteLink(transaction, row.digest);
  });
  return { body: {} };
});

/** Open invitations and resets: a person who may make such a link also sees and revokes it. */
export const openLinkOperations: readonly StaffOperation[] = [getAll, revoke];

/** An open link, and whether it is good: once its maker may not make it any more, the server refuses its holder. */
export interface OpenLink {
  readonly row: OpenLinkRow;
  readonly isGood: boolean;
}

/** All open links, the one that expires next first. */
export async function listOpenLinks(reader: Reader, now: Microseconds): Promise<readonly OpenLink[]> {
  return judged(reader, await openLinks(reader, now));
}

interface JudgedLink extends OpenLink {
  /** What the person may do whom it lets in; the first owner's lets in somebody new. */
  readonly person: Rights | undefined;
}

async function judged(reader: Reader, rows: readonly OpenLinkRow[]): Promise<JudgedLink[]> {
  const people = await rightsOf(reader, rows);
  const makers = new Map<string | null, LinkMaker>();
  const links: JudgedLink[] = [];
  for (const row of rows.toSorted((a, b) => a.expires - b.expires)) {
    if (!makers.has(row.maker_id)) makers.set(row.maker_id, await makerOf(reader, row));
    const person = people.get(row.id);
    links.push({ row, person, isGood: !person || isBackedBy(makers.get(row.maker_id), person) });
  }
  return links;
}

/** The open links of everybody whom the manager may see. */
async function rowsFor(reader: Reader, { caller, scope }: Manager, now: Microseconds): Promise<OpenLinkRow[]> {
  if (caller.isOwner) return openLinks(reader, now);
  const people = await peopleAt(reader, scope.enterpriseIds);
  return openLinksOf(
    reader,
    people.map(({ id }) => id),
    now,
  );
}

/** The rights of the person whom each link lets in, by the link's id. A link for the first owner has no person yet. */
async function rightsOf(reader: Reader, rows: readonly OpenLinkRow[]): Promise<ReadonlyMap<string, Rights>> {
  const ids = rows.flatMap(({ user_id }) => user_id ?? []);
  const memberships = await membershipsByPerson(reader, ids);
  const rights = new Map<string, Rights>();
  for (const { id, user_id, user_is_owner } of rows) {
    if (user_id === null) continue;
    rights.set(id, { is_owner: user_is_owner === 1 ? 1 : 0, memberships: memberships.get(user_id) ?? [] });
  }
  return rights;
}

function staffLinkOf({ row, isGood }: OpenLink): StaffLink[] {
  if (row.user_id === null || row.purpose === "FirstOwner") return [];
  return [
    {
      Id: row.id,
      Purpose: row.purpose,
      UserId: row.user_id,
      UserName: row.user_name ?? "",
      UserEmail: row.user_email ?? "",
      MakerId: row.maker_id,
      MakerName: row.maker_name,
      IsGood: isGood,
      CreatedUtc: formatDateTime(row.created),
      ExpiresUtc: formatDateTime(row.expires),
    },
  ];
}
