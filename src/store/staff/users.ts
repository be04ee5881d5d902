import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import { listAll } from "../directory/directory.ts";
import { each, lateral, postgresOnly, query } from "../query.ts";
import type { StaffMembershipRow, StaffUserRow as StoredUserRow } from "../rows.ts";

/** Somebody who works at the properties, or owns the installation. */
export type StaffUserRow = Pick<StoredUserRow, "id" | "email" | "name" | "is_owner" | "is_enabled" | "created"> & {
  readonly has_password: 0 | 1;
};

type Role = StaffMembershipRow["role"];

export type MembershipRow = Omit<StaffMembershipRow, "created">;

/** What a person signs in with. */
export type CredentialsRow = Pick<StoredUserRow, "id" | "email" | "password_hash" | "is_enabled">;

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

type ById = { readonly id: string };
type ByEmail = { readonly email: string };

const lock = postgresOnly("FOR UPDATE");

export const queries = {
  page: query<StaffUserRow, { after: string }>`
    SELECT ${userColumns} FROM staff_user AS person WHERE person.id > :after ORDER BY person.id LIMIT 500`,
  owners: query<StaffUserRow, { after: string }>`
    SELECT ${userColumns} FROM staff_user AS person
    WHERE person.is_owner AND person.id > :after ORDER BY person.id LIMIT 500`,
  otherOwner: query<{ readonly found: 1 }, ById>`
    SELECT 1 AS found FROM staff_user AS person
    WHERE person.is_owner AND person.is_enabled AND person.id > '${nilIdentifier}' AND person.id <> :id LIMIT 1`,
  find: query<StaffUserRow, ById>`SELECT ${userColumns} FROM staff_user AS person WHERE person.id = :id`,
  locked: query<StaffUserRow, ById>`SELECT ${userColumns} FROM staff_user AS person WHERE person.id = :id ${lock}`,
  lockedOfEmail: query<StaffUserRow, ByEmail>`
    SELECT ${userColumns} FROM staff_user AS person WHERE person.email = :email ${lock}`,
  credentials: query<CredentialsRow, ById>`
    SELECT id, email, password_hash, is_enabled FROM staff_user WHERE id = :id`,
  credentialsOfEmail: query<CredentialsRow, ByEmail>`
    SELECT id, email, password_hash, is_enabled FROM staff_user WHERE email = :email`,
  lockedCredentials: query<CredentialsRow, ById>`
    SELECT id, email, password_hash, is_enabled FROM staff_user WHERE id = :id ${lock}`,
  preferences: query<Pick<StoredUserRow, "preferences">, ById>`SELECT preferences FROM staff_user WHERE id = :id`,
  insert: query<never, { id: string; email: string; name: string; isOwner: 0 | 1; created: Microseconds }>`
    INSERT INTO staff_user (id, email, name, is_owner, is_enabled, preferences, created)
    VALUES (:id, :email, :name, :isOwner, TRUE, '{}', :created)
    ON CONFLICT (email) DO NOTHING`,
  update: query<never, { id: string; name: string; isOwner: 0 | 1; isEnabled: 0 | 1 }>`
    UPDATE staff_user SET name = :name, is_owner = :isOwner, is_enabled = :isEnabled WHERE id = :id`,
  setPassword: query<never, { id: string; passwordHash: string }>`
    UPDATE staff_user SET password_hash = :passwordHash WHERE id = :id`,
  setPreferences: query<never, { id: string; preferences: string }>`
    UPDATE staff_user SET preferences = :preferences WHERE id = :id`,
  members: query<StaffUserRow & Omit<MembershipRow, "user_id">, { enterpriseIds: readonly string[] }>`
    SELECT ${userColumns}, membership.enterprise_id, membership.role FROM ${each("enterpriseIds", "scope")}
    ${lateral("staff_membership", "membership", "membership.enterprise_id = scope.value")}
    ${lateral("staff_user", "person", "person.id = membership.user_id")}`,
  memberships: query<MembershipRow, { userIds: readonly string[] }>`
    SELECT membership.user_id, membership.enterprise_id, membership.role FROM ${each("userIds", "wanted")}
    ${lateral("staff_membership", "membership", "membership.user_id = wanted.value")}`,
  setMembership: query<never, { userId: string; enterpriseId: string; role: Role; created: Microseconds }>`
    INSERT INTO staff_membership (user_id, enterprise_id, role, created)
    VALUES (:userId, :enterpriseId, :role, :created)
    ON CONFLICT (user_id, enterprise_id) DO UPDATE SET role = excluded.role`,
  deleteMembership: query<never, { userId: string; enterpriseId: string }>`
    DELETE FROM staff_membership WHERE user_id = :userId AND enterprise_id = :enterpriseId`,
};

/** All people, read page by page. */
export function listStaffUsers(reader: Reader): Promise<StaffUserRow[]> {
  return listAll((after) => reader.all(queries.page, { after }));
}

export function listOwners(reader: Reader): Promise<StaffUserRow[]> {
  return listAll((after) => reader.all(queries.owners, { after }));
}

/** Whether there is an owner who is enabled, not counting the person of this id. */
export async function hasOtherOwner(reader: Reader, id: string): Promise<boolean> {
  return (await firstRow(reader, queries.otherOwner, { id })) !== undefined;
}

export function findStaffUser(reader: Reader, id: string): Promise<StaffUserRow | undefined> {
  return firstRow(reader, queries.find, { id });
}

/** The same, for a transaction that goes on to change the person, or what belongs to them. */
export function lockStaffUser(transaction: Transaction, id: string): Promise<StaffUserRow | undefined> {
  return firstRow(transaction, queries.locked, { id });
}

export function lockStaffUserOfEmail(transaction: Transaction, email: string): Promise<StaffUserRow | undefined> {
  return firstRow(transaction, queries.lockedOfEmail, { email });
}

/** What a person of this id or e-mail address signs in with. */
export function findCredentials(reader: Reader, person: { readonly id: string } | { readonly email: string }) {
  return "id" in person
    ? firstRow(reader, queries.credentials, { id: person.id })
    : firstRow(reader, queries.credentialsOfEmail, { email: person.email });
}

/** The same, locked until the transaction ends. */
export function lockCredentials(transaction: Transaction, id: string): Promise<CredentialsRow | undefined> {
  return firstRow(transaction, queries.lockedCredentials, { id });
}

export async function setPassword(transaction: Transaction, id: string, passwordHash: string): Promise<void> {
  await transaction.run(queries.setPassword, { id, passwordHash });
}

/** A JSON object of what the person has set. */
export async function preferencesOf(reader: Reader, id: string): Promise<string> {
  const row = await firstRow(reader, queries.preferences, { id });
  return row?.preferences ?? "{}";
}

export async function setPreferences(transaction: Transaction, id: string, preferences: string): Promise<void> {
  await transaction.run(queries.setPreferences, { id, preferences });
}

/** Adds a person, unless somebody has the address. @returns who has it now, locked */
export async function addStaffUser(transaction: Transaction, user: NewStaffUser): Promise<StaffUserRow> {
  const { id, email, name, isOwner, created } = user;
  await transaction.run(queries.insert, { id, email, name, isOwner: isOwner ? 1 : 0, created });
  const row = await lockStaffUserOfEmail(transaction, email);
  if (!row) throw new Error("The person who was just added is not there.");
  return row;
}

export async function updateStaffUser(
  transaction: Transaction,
  { id, name, is_owner, is_enabled }: Pick<StaffUserRow, "id" | "name" | "is_owner" | "is_enabled">,
): Promise<void> {
  await transaction.run(queries.update, { id, name, isOwner: is_owner, isEnabled: is_enabled });
}

/** Who works at these properties, once for each of them. */
export function membersAt(reader: Reader, enterpriseIds: readonly string[]) {
  return reader.all(queries.members, { enterpriseIds });
}

/** Where these people work. */
export function membershipsOf(reader: Reader, userIds: readonly string[]): Promise<MembershipRow[]> {
  return reader.all(queries.memberships, { userIds });
}

/** Gives a person a role at a property, or with null takes it away. */
export async function setMembership(
  transaction: Transaction,
  { user_id: userId, enterprise_id: enterpriseId, role }: Omit<MembershipRow, "role"> & { readonly role: Role | null },
  now: Microseconds,
): Promise<void> {
  if (role === null) await transaction.run(queries.deleteMembership, { userId, enterpriseId });
  else await transaction.run(queries.setMembership, { userId, enterpriseId, role, created: now });
}
