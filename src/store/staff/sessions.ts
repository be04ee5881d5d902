import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";
import { lateral, query } from "../query.ts";
import type { StaffSessionRow, StaffUserRow } from "../rows.ts";

/** A session, and the person whose it is. `created` is when the person was added. */
export type SessionOwnerRow = Pick<StaffUserRow, "id" | "name" | "is_owner" | "is_enabled" | "created"> & {
  readonly session_id: string;
  readonly session_created: Microseconds;
  readonly last_used: Microseconds;
};

export type SessionRow = Omit<StaffSessionRow, "digest" | "user_id">;

export type NewSession = {
  readonly id: string;
  readonly digest: Uint8Array;
  readonly userId: string;
  readonly userAgent: string;
  readonly address: string;
  readonly created: Microseconds;
};

export const queries = {
  find: query<SessionOwnerRow, { digest: Uint8Array }>`
    SELECT session.id AS session_id, session.created AS session_created, session.last_used,
      person.id, person.name, person.is_owner, person.is_enabled, person.created
    FROM staff_session AS session ${lateral("staff_user", "person", "person.id = session.user_id")}
    WHERE session.digest = :digest`,
  newest: query<SessionRow, { userId: string }>`
    SELECT id, user_agent, address, created, last_used FROM staff_session
    WHERE user_id = :userId ORDER BY created DESC LIMIT 100`,
  insert: query<never, NewSession>`
    INSERT INTO staff_session (id, digest, user_id, user_agent, address, created, last_used)
    VALUES (:id, :digest, :userId, :userAgent, :address, :created, :created)`,
  touch: query<never, { id: string; now: Microseconds }>`
    UPDATE staff_session SET last_used = :now WHERE id = :id AND last_used < :now`,
  delete: query<never, { id: string; userId: string }>`DELETE FROM staff_session WHERE id = :id AND user_id = :userId`,
  deleteAll: query<never, { userId: string }>`DELETE FROM staff_session WHERE user_id = :userId`,
  deleteOthers: query<never, { userId: string; id: string }>`
    DELETE FROM staff_session WHERE user_id = :userId AND id <> :id`,
  // A few at a time: each new session pays for the removal of old ones, and none waits for many.
  removeOld: query<never, { unusedSince: Microseconds }>`
    DELETE FROM staff_session
    WHERE last_used <= (
      SELECT max(last_used) FROM (
        SELECT last_used FROM staff_session WHERE last_used < :unusedSince ORDER BY last_used LIMIT 8
      ) AS oldest)`,
};

export function findSession(reader: Reader, digest: Uint8Array): Promise<SessionOwnerRow | undefined> {
  return firstRow(reader, queries.find, { digest });
}

/** The newest hundred sessions of a person, some of which may be over. */
export function sessionsOf(reader: Reader, userId: string): Promise<SessionRow[]> {
  return reader.all(queries.newest, { userId });
}

/** @param unusedSince  those that have not been used since then are over, and removed a few at a time */
export async function insertSession(transaction: Transaction, session: NewSession, unusedSince: Microseconds) {
  await transaction.run(queries.removeOld, { unusedSince });
  await transaction.run(queries.insert, session);
}

export async function touchSession(transaction: Transaction, id: string, now: Microseconds): Promise<void> {
  await transaction.run(queries.touch, { id, now });
}

/** Ends a session of the person; nothing happens when it is another's. */
export async function deleteSession(transaction: Transaction, id: string, userId: string): Promise<void> {
  await transaction.run(queries.delete, { id, userId });
}

/** Ends all sessions of a person, but for one that may be named. */
export async function deleteSessions(transaction: Transaction, userId: string, but?: string): Promise<void> {
  if (but === undefined) await transaction.run(queries.deleteAll, { userId });
  else await transaction.run(queries.deleteOthers, { userId, id: but });
}
