import { invalid, Problem } from "../../core/problem.ts";
import { emailOf } from "../../protocol/email.ts";
import { linkAddress } from "../../protocol/staff/links.ts";
import {
  getAllUsers,
  inviteUser,
  type Membership,
  resetUser,
  type StaffUser,
  setMembership,
  updateUser,
} from "../../protocol/staff/people.ts";
import { byName, personAnswer } from "../../staff/answers.ts";
import {
  answersFor,
  everybody,
  findPerson,
  type Manager,
  type Person,
  peopleAt,
  withMembershipsOf,
} from "../../staff/live/people.ts";
import { narrowed, type StaffCaller } from "../../staff/sign-in/caller.ts";
import type { Reader, Transaction } from "../../store/db.ts";
import { changeDirectory } from "../../store/directory/directory.ts";
import { deleteDevices } from "../../store/staff/devices.ts";
import { forgetLinks, newLink } from "../../store/staff/links.ts";
import { deleteSessions } from "../../store/staff/sessions.ts";
import * as users from "../../store/staff/users.ts";
import { type StaffOperation, staffOperation } from "./staff-operation.ts";

const getAll = staffOperation(getAllUsers, "users", async (_context, { caller, scope, db }) => {
  const people = await (caller.isOwner ? everybody(db) : peopleAt(db, scope.enterpriseIds));
  return { body: { Users: people.map(personAnswer).sort(byName) } };
});

const invite = staffOperation(inviteUser, "users", async ({ clock, newIdentifier }, call) => {
  const { caller, input, visitor, db } = call;
  const email = emailOf(input.Email);
  const isOwner = input.IsOwner ?? false;
  if (isOwner && !caller.isOwner) throw ownersAlone();
  const memberships = allowedMemberships(call, input.Memberships);
  const { id, secret } = await db.transaction(async (transaction) => {
    const added = { id: newIdentifier(), email, name: input.Name.trim(), isOwner, created: clock() };
    const user = await users.addStaffUser(transaction, added);
    const isNew = user.id === added.id;
    if (!isNew) mustBeOpenTo(call, await withMembershipsOf(transaction, user));
    if (isOwner && !user.is_owner) await makeOwner(transaction, user);
    for (const { EnterpriseId, Role } of memberships) {
      const membership = { user_id: user.id, enterprise_id: EnterpriseId, role: Role };
      await users.setMembership(transaction, membership, clock());
    }
    // A link that was made while the person had fewer rights must not lead to these.
    if (!isNew) await forgetLinks(transaction, user.id);
    const secret = user.has_password
      ? undefined
      : await newLink(transaction, "Invitation", user.id, caller.userId, clock());
    return { id: user.id, secret };
  });
  const User = await shownTo(call, db, id);
  return { body: { User, Link: secret ? linkAddress(visitor.origin, secret) : null } };
});

const reset = staffOperation(resetUser, "users", async ({ clock }, call) => {
  const { caller, input, visitor, db } = call;
  const id = input.UserId.toLowerCase();
  if (id === caller.userId) throw invalid("Change your own password by giving the old one.");
  const secret = await db.transaction(async (transaction) => {
    const person = await lockPerson(call, transaction, id);
    if (!answersFor(call, person))
      throw new Problem("forbidden", "They also work elsewhere; ask an owner to help them.");
    if (!person.is_enabled) throw invalid("This person is disabled; an owner can enable them again.");
    return newLink(transaction, person.has_password ? "Reset" : "Invitation", id, caller.userId, clock());
  });
  return { body: { Link: linkAddress(visitor.origin, secret) } };
});

const setRole = staffOperation(setMembership, "users", async ({ clock }, call) => {
  const { input, db } = call;
  const id = input.UserId.toLowerCase();
  const [enterpriseId = ""] = narrowed(call.scope, [input.EnterpriseId]).enterpriseIds;
  await db.transaction(async (transaction) => {
    const person = await lockPerson(call, transaction, id);
    await users.setMembership(transaction, { user_id: id, enterprise_id: enterpriseId, role: input.Role }, clock());
    if (input.Role !== null) await forgetLinks(transaction, id);
    const isElsewhere = person.memberships.some(({ enterprise_id }) => enterprise_id !== enterpriseId);
    if (input.Role === null && !isElsewhere && !person.is_owner) await shutOut(transaction, id);
  });
  return { body: { User: await shownTo(call, db, id) } };
});

const update = staffOperation(updateUser, "installation", async (_context, call) => {
  const { input, db } = call;
  const id = input.UserId.toLowerCase();
  // One after the other: of two owners who disable each other at once, the second is refused.
  await changeDirectory(db, async (transaction) => {
    const person = await lockPerson(call, transaction, id);
    const name = input.Name?.trim() || person.name;
    const is_owner = flag(input.IsOwner, person.is_owner);
    const is_enabled = flag(input.IsEnabled, person.is_enabled);
    const leaves = person.is_owner && person.is_enabled && !(is_owner && is_enabled);
    if (leaves && !(await users.hasOtherOwner(transaction, id))) {
      throw invalid("There must always be an owner who is enabled; make somebody else one first.");
    }
    if (is_owner && !person.is_owner) await makeOwner(transaction, person);
    await users.updateStaffUser(transaction, { id, name, is_owner, is_enabled });
    if (!is_enabled) await shutOut(transaction, id);
  });
  return { body: { User: await shownTo(call, db, id) } };
});

/** People and their roles. A manager acts at the properties of their own, and owners act everywhere. */
export const userOperations: readonly StaffOperation[] = [getAll, invite, reset, setRole, update];

/** @throws Problem (forbidden) for a property that the caller doesn't manage, (invalid) when a manager names none */
function allowedMemberships({ caller, scope }: Manager, memberships: readonly Membership[]): Membership[] {
  const roles = new Map(memberships.map(({ EnterpriseId, Role }) => [EnterpriseId.toLowerCase(), Role]));
  narrowed(scope, [...roles.keys()]);
  if (roles.size === 0 && !caller.isOwner) throw invalid("Memberships must name a property.");
  return [...roles].map(([EnterpriseId, Role]) => ({ EnterpriseId, Role }));
}

/**
 * Checks that a manager may give a further property to a person who is known already.
 * @throws Problem (forbidden, invalid) when that, or the link that comes with it, would give the manager rights at
 * properties that they do not manage
 */
function mustBeOpenTo(manager: Manager, person: Person): void {
  mustBeNoOwner(manager.caller, person);
  if (!person.is_enabled) throw invalid("This person is disabled; an owner can enable them again.");
  if (!person.has_password && !answersFor(manager, person)) {
    throw invalid("They were invited elsewhere, and can be added here once they have used that invitation.");
  }
}

/**
 * A person whom the caller may change something of.
 * @throws Problem (notFound) for a person who works at no property that the caller manages, (forbidden) for an owner
 */
async function lockPerson({ caller, scope }: Manager, transaction: Transaction, id: string): Promise<Person> {
  const user = await users.lockStaffUser(transaction, id);
  const person = user && (await withMembershipsOf(transaction, user));
  const isSeen = person?.memberships.some(({ enterprise_id }) => scope.enterpriseIds.includes(enterprise_id));
  if (!person || !(caller.isOwner || isSeen)) throw new Problem("notFound", "There is nobody with this UserId.");
  mustBeNoOwner(caller, person);
  return person;
}

function mustBeNoOwner(caller: StaffCaller, person: Person): void {
  if (person.is_owner && !caller.isOwner) throw ownersAlone();
}

function ownersAlone(): Problem {
  return new Problem("forbidden", "Only an owner may make an owner, or change one.");
}

/** Links that were made while the person had fewer rights are forgotten, so that none of them leads to these. */
async function makeOwner(transaction: Transaction, user: users.StaffUserRow): Promise<void> {
  await users.updateStaffUser(transaction, { ...user, is_owner: 1 });
  await forgetLinks(transaction, user.id);
}

async function shutOut(transaction: Transaction, id: string): Promise<void> {
  await deleteSessions(transaction, id);
  await deleteDevices(transaction, id);
  await forgetLinks(transaction, id);
}

/** The person as the caller may see them: without the properties that the caller does not manage. */
async function shownTo({ caller, scope }: Manager, reader: Reader, id: string): Promise<StaffUser> {
  const person = await findPerson(reader, id);
  if (!person) throw new Error("People are never deleted.");
  const memberships = person.memberships.filter(({ enterprise_id }) => scope.enterpriseIds.includes(enterprise_id));
  return personAnswer(caller.isOwner ? person : { ...person, memberships });
}

function flag(wanted: boolean | null | undefined, current: 0 | 1): 0 | 1 {
  if (wanted === null || wanted === undefined) return current;
  return wanted ? 1 : 0;
}
