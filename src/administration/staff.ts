import type { Clock } from "../core/clock.ts";
import { nilIdentifier } from "../core/identifiers.ts";
import { invalid } from "../core/problem.ts";
import { emailOf } from "../protocol/email.ts";
import { linkAddress } from "../protocol/staff/links.ts";
import type { Role } from "../protocol/staff/people.ts";
import type { Transaction } from "../store/db.ts";
import { changeDirectory, mustBeEnterprise } from "../store/directory/directory.ts";
import { deleteDevices } from "../store/staff/devices.ts";
import { deleteLink, findOpenLink, forgetLinks, newLink } from "../store/staff/links.ts";
import { deleteSessions } from "../store/staff/sessions.ts";
import {
  addStaffUser,
  hasOtherOwner,
  lockStaffUser,
  lockStaffUserOfEmail,
  type StaffUserRow,
  setMembership,
  updateStaffUser,
} from "../store/staff/users.ts";
import type { Administrator } from "./administrator.ts";

export interface StaffRegistration {
  readonly email: string;
  readonly name: string;
  readonly isOwner: boolean;
  readonly memberships: readonly { readonly enterpriseId: string; readonly role: Role }[];
}

/** The person whom a command is about, by id or by e-mail address. */
export type StaffReference = { readonly id: string } | { readonly email: string };

type Keeper = Pick<Administrator, "db" | "clock" | "newIdentifier">;

/**
 * Adds a person. One whose e-mail address is known already gets these rights besides their own.
 * @returns the person, and the link with which they choose a password, unless they have one
 * @throws Problem (invalid) for an unknown enterprise, or an address that is none
 */
export async function addStaff(
  { db, clock, newIdentifier }: Keeper,
  { email, name, isOwner, memberships }: StaffRegistration,
  origin: string,
): Promise<{ readonly user: StaffUserRow; readonly link: string | undefined }> {
  const added = { id: newIdentifier(), email: emailOf(email), name, isOwner, created: clock() };
  return changeDirectory(db, async (transaction) => {
    const user = await addStaffUser(transaction, added);
    if (isOwner && !user.is_owner) await updateStaffUser(transaction, { ...user, is_owner: 1 });
    for (const { enterpriseId, role } of memberships) {
      await mustBeEnterprise(transaction, enterpriseId);
      await setMembership(transaction, { user_id: user.id, enterprise_id: enterpriseId, role }, clock());
    }
    // A manager who made a link while the person had fewer rights could get the new ones by it, so it is revoked.
    await forgetLinks(transaction, user.id);
    if (user.has_password) return { user, link: undefined };
    return { user, link: linkAddress(origin, await newLink(transaction, "Invitation", user.id, null, clock())) };
  });
}

/**
 * Makes a link with which a person sets a new password, and revokes the links that they have.
 * @throws Problem (invalid) for a person who is unknown or disabled
 */
export async function resetStaff({ db, clock }: Keeper, reference: StaffReference, origin: string): Promise<string> {
  return db.transaction(async (transaction) => {
    const { id, is_enabled, has_password } = await mustFind(transaction, reference);
    if (!is_enabled) throw invalid("This person is disabled.", { code: "disabled", what: "person" });
    return linkAddress(origin, await newLink(transaction, has_password ? "Reset" : "Invitation", id, null, clock()));
  });
}

/** Lets a person in, or shuts them out at once. @throws Problem (invalid) for an unknown one, or the last owner */
export async function setStaffEnabled({ db }: Keeper, reference: StaffReference, isEnabled: boolean): Promise<void> {
  await changeDirectory(db, async (transaction) => {
    const user = await mustFind(transaction, reference);
    if (!isEnabled && user.is_owner && !(await hasOtherOwner(transaction, user.id))) {
      throw invalid("There must always be an owner who is enabled; make somebody else one first.");
    }
    await updateStaffUser(transaction, { ...user, is_enabled: isEnabled ? 1 : 0 });
    if (isEnabled) return;
    await deleteSessions(transaction, user.id);
    await deleteDevices(transaction, user.id);
    await forgetLinks(transaction, user.id);
  });
}

/**
 * Makes the link with which a person becomes the first owner, and revokes the one before.
 * @returns `undefined` when there is an owner
 * @param origin  of the server, as in `http://127.0.0.1:8080`
 */
export async function firstOwnerLink(
  { db }: Pick<Administrator, "db">,
  clock: Clock,
  origin: string,
): Promise<string | undefined> {
  return db.transaction(async (transaction) => {
    if (await hasOtherOwner(transaction, nilIdentifier)) return undefined;
    return linkAddress(origin, await newLink(transaction, "FirstOwner", null, null, clock()));
  });
}

/** Revokes an open link: it lets its holder in no more. @throws Problem (invalid) when no open link has this id */
export async function revokeStaffLink({ db, clock }: Pick<Keeper, "db" | "clock">, id: string): Promise<void> {
  await db.transaction(async (transaction) => {
    const link = await findOpenLink(transaction, id, clock());
    if (!link) throw invalid("There is no open link of this id.", { code: "unknown", what: "link" });
    await deleteLink(transaction, link.digest);
  });
}

async function mustFind(transaction: Transaction, reference: StaffReference): Promise<StaffUserRow> {
  const user =
    "id" in reference
      ? await lockStaffUser(transaction, reference.id)
      : await lockStaffUserOfEmail(transaction, emailOf(reference.email));
  if (!user) throw invalid("There is nobody like that.", { code: "unknown", what: "person" });
  return user;
}
