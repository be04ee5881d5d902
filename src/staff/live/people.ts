import type { Reader } from "../../store/db.ts";
import type { PropertyScope } from "../../store/scope.ts";
import {
  findStaffUser,
  listStaffUsers,
  type MembershipRow,
  membersAt,
  membershipsOf,
  type StaffUserRow,
} from "../../store/staff/users.ts";
import type { StaffCaller } from "../sign-in/caller.ts";

type Membership = Omit<MembershipRow, "user_id">;

/** A user with the memberships that are known of them. */
export interface Person extends StaffUserRow {
  readonly memberships: readonly Membership[];
}

/** A caller who may invite people and change accounts, and the properties at which they may. */
export interface Manager {
  readonly caller: StaffCaller;
  readonly scope: PropertyScope;
}

/** What decides where a person may do anything at all. */
export type Rights = Pick<Person, "is_owner" | "memberships">;

/** Whether a manager may change the account: the person may do something only where the manager manages. */
export function answersFor({ caller, scope }: Manager, { is_owner, memberships }: Rights): boolean {
  if (caller.isOwner) return true;
  const isManaged = memberships.every(({ enterprise_id }) => scope.enterpriseIds.includes(enterprise_id));
  return !is_owner && memberships.length > 0 && isManaged;
}

/** How many people's memberships are read at once. */
const page = 500;

export async function everybody(reader: Reader): Promise<Person[]> {
  const users = await listStaffUsers(reader);
  const people: Person[] = [];
  for (let index = 0; index < users.length; index += page) {
    people.push(...(await withMemberships(reader, users.slice(index, index + page))));
  }
  return people;
}

/** The people who work at these properties, with their memberships there and nowhere else. */
export async function peopleAt(reader: Reader, enterpriseIds: readonly string[]): Promise<Person[]> {
  const people = new Map<string, StaffUserRow & { readonly memberships: Membership[] }>();
  for (const { enterprise_id, role, ...user } of await membersAt(reader, enterpriseIds)) {
    const known = people.get(user.id) ?? { ...user, memberships: [] };
    people.set(user.id, known);
    known.memberships.push({ enterprise_id, role });
  }
  return [...people.values()];
}

export async function findPerson(reader: Reader, id: string): Promise<Person | undefined> {
  const user = await findStaffUser(reader, id);
  return user && withMembershipsOf(reader, user);
}

export async function withMembershipsOf(reader: Reader, user: StaffUserRow): Promise<Person> {
  return { ...user, memberships: await membershipsOf(reader, [user.id]) };
}

async function withMemberships(reader: Reader, users: readonly StaffUserRow[]): Promise<Person[]> {
  const memberships = await membershipsByPerson(
    reader,
    users.map(({ id }) => id),
  );
  return users.map((user) => ({ ...user, memberships: memberships.get(user.id) ?? [] }));
}

export async function membershipsByPerson(reader: Reader, ids: readonly string[]) {
  const rows: MembershipRow[] = [];
  for (let index = 0; index < ids.length; index += page) {
    rows.push(...(await membershipsOf(reader, ids.slice(index, index + page))));
  }
  return Map.groupBy(rows, ({ user_id }) => user_id);
}
