import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import type { Role } from "../../protocol/staff/people.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import { listAll } from "../directory/directory.ts";

/** Somebody who works at the properties, or owns the installation. */
export interface StaffUserRow {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly is_owner: 0 | 1;
  readonly is_enabled: 0 | 1;
  readonly has_password: 0 | 1;
  readonly created: Microseconds;
}

export interface MembershipRow {
  readonly user_id: string;
  readonly enterprise_id: string;
  readonly role: Role;
}

/** What a person signs in with. */
export interface CredentialsRow {
  readonly id: string;
  readonly email: string;
  readonly password_hash: string | null;
  readonly is_enabled: 0 | 1;
}

export interface NewStaffUser {
  readonly id: string;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  readonly isOwner: boolean;
  readonly created: Microseconds;
}

const userColumns = `
  person.id, person.email, person.name, person.is_owner, person.is_enabled,
  person.password_hash IS NOT NULL AS has_password, person.created`;

export const queries = {
  page: `SELECT ${userColumns} FROM staff_user AS person WHERE person.id > ?1 ORDER BY person.id LIMIT 500`,
  owners: `
    SELECT ${userColumns} FROM staff_user AS person
    WHERE person.is_owner AND person.id > ?1 ORDER BY person.id LIMIT 500`,
  otherOwner: `
    SELECT 1 AS found FROM staff_user AS person
    WHERE person.is_owner AND person.is_enabled AND person.id > '${nilIdentifier}' AND person.id <> ?1 LIMIT 1`,
  find: `SELECT ${userColumns} FROM staff_user AS person WHERE person.id = ?1`,
  locked: `SELECT ${userColumns} FROM staff_user AS person WHERE person.id = ?1 /*! FOR UPDATE */`,
  lockedOfEmail: `SELECT ${userColumns} FROM staff_user AS person WHERE person.email = ?1 /*! FOR UPDATE */`,
  credentials: "SELECT id, email, password_hash, is_enabled FROM staff_user WHERE id = ?1",
  credentialsOfEmail: "SELECT id, email, password_hash, is_enabled FROM staff_user WHERE email = ?1",
  lockedCredentials: `
    SELECT id, email, password_hash, is_enabled FROM staff_user WHERE id = ?1 /*! FOR UPDATE */`,
  preferences: "SELECT preferences FROM staff_user WHERE id = ?1",
  insert: `
    INSERT INTO staff_user (id, email, name, is_owner, is_enabled, preferences, created)
    VALUES (?1, ?2, ?3, ?4, TRUE, '{}', ?5)
    ON CONFLICT (email) DO NOTHING`,
  update: "UPDATE staff_user SET name = ?2, is_owner = ?3, is_enabled = ?4 WHERE id = ?1",
  setPassword: "UPDATE staff_user SET password_hash = ?2 WHERE id = ?1",
  setPreferences: "UPDATE staff_user SET preferences = ?2 WHERE id = ?1",
  members: `
    SELECT ${userColumns}, membership.enterprise_id, membership.role FROM json_each(?1) AS scope
    CROSS JOIN staff_membership AS membership ON membership.enterprise_id = scope.value
    CROSS JOIN staff_user AS person ON person.id = membership.user_id`,
  memberships: `
    SELECT membership.user_id, membership.enterprise_id, membership.role FROM json_each(?1) AS wanted
    CROSS JOIN staff_membership AS membership ON membership.user_id = wanted.value`,
  setMembership: `
    INSERT INTO staff_membership (user_id, enterprise_id, role, created) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (user_id, enterprise_id) DO UPDATE SET role = excluded.role`,
  deleteMembership: "DELETE FROM staff_membership WHERE user_id = ?1 AND enterprise_id = ?2",
};

/** Everybody, by and by. */
export function listStaffUsers(reader: Reader): Promise<StaffUserRow[]> {
  return listAll<StaffUserRow>(reader, queries.page);
}

export function listOwners(reader: Reader): Promise<StaffUserRow[]> {
  return listAll<StaffUserRow>(reader, queries.owners);
}

/** Whether there is an owner who is enabled, not counting the person of this id. */
export async function hasOtherOwner(reader: Reader, id: string): Promise<boolean> {
  return (await firstRow(reader, queries.otherOwner, id)) !== undefined;
}

export function findStaffUser(reader: Reader, id: string): Promise<StaffUserRow | undefined> {
  return firstRow<StaffUserRow>(reader, queries.find, id);
}

/** The same, for a transaction that goes on to change the person, or what belongs to them. */
export function lockStaffUser(transaction: Transaction, id: string): Promise<StaffUserRow | undefined> {
  return firstRow<StaffUserRow>(transaction, queries.locked, id);
}

export function lockStaffUserOfEmail(transaction: Transaction, email: string): Promise<StaffUserRow | undefined> {
  return firstRow<StaffUserRow>(transaction, queries.lockedOfEmail, email);
}

/** What a person of this id or e-mail address signs in with. */
export function findCredentials(reader: Reader, person: { readonly id: string } | { readonly email: string }) {
  return "id" in person
    ? firstRow<CredentialsRow>(reader, queries.credentials, person.id)
    : firstRow<CredentialsRow>(reader, queries.credentialsOfEmail, person.email);
}

/** The same, locked until the transaction ends. */
export function lockCredentials(transaction: Transaction, id: string): Promise<CredentialsRow | undefined> {
  return firstRow<CredentialsRow>(transaction, queries.lockedCredentials, id);
}

export async function setPassword(transaction: Transaction, id: string, passwordHash: string): Promise<void> {
  await transaction.run(queries.setPassword, id, passwordHash);
}

/** A JSON object of what the person has set. */
export async function preferencesOf(reader: Reader, id: string): Promise<string> {
  const row = await firstRow<{ preferences: string }>(reader, queries.preferences, id);
  return row?.preferences ?? "{}";
}

export async function setPreferences(transaction: Transaction, id: string, preferences: string): Promise<void> {
  await transaction.run(queries.setPreferences, id, preferences);
}

/** Adds a person, unless somebody has the address. @returns who has it now, locked */
export async function addStaffUser(transaction: Transaction, user: NewStaffUser): Promise<StaffUserRow> {
  const { id, email, name, isOwner, created } = user;
  await transaction.run(queries.insert, id, email, name, isOwner ? 1 : 0, created);
  const row = await lockStaffUserOfEmail(transaction, email);
  if (!row) throw new Error("Whoever was just added is not there.");
  return row;
}

export async function updateStaffUser(
  transaction: Transaction,
  { id, name, is_owner, is_enabled }: Pick<StaffUserRow, "id" | "name" | "is_owner" | "is_enabled">,
): Promise<void> {
  await transaction.run(queries.update, id, name, is_owner, is_enabled);
}

/** Who works at these properties, once for each of them. */
export function membersAt(reader: Reader, enterpriseIds: readonly string[]) {
  return reader.all<StaffUserRow & Omit<MembershipRow, "user_id">>(queries.members, JSON.stringify(enterpriseIds));
}

/** Where these people work. */
export function membershipsOf(reader: Reader, userIds: readonly string[]): Promise<MembershipRow[]> {
  return reader.all<MembershipRow>(queries.memberships, JSON.stringify(userIds));
}

/** Gives a person a role at a property, or with null takes it away. */
export async function setMembership(
  transaction: Transaction,
  { user_id, enterprise_id, role }: Omit<MembershipRow, "role"> & { readonly role: Role | null },
  now: Microseconds,
): Promise<void> {
  if (role === null) await transaction.run(queries.deleteMembership, user_id, enterprise_id);
  else await transaction.run(queries.setMembership, user_id, enterprise_id, role, now);
}
