import type { Microseconds } from "../../core/clock.ts";
import { firstRow, type Reader, type Transaction } from "../db.ts";

/** A session, and whose it is. */
export interface SessionOwnerRow {
  readonly session_id: string;
  readonly session_created: Microseconds;
  readonly last_used: Microseconds;
  readonly id: string;
  readonly name: string;
  readonly is_owner: 0 | 1;
  readonly is_enabled: 0 | 1;
  /** When the person was added. */
  readonly created: Microseconds;
}

export interface SessionRow {
  readonly id: string;
  readonly user_agent: string;
  readonly address: string;
  readonly created: Microseconds;
  readonly last_used: Microseconds;
}

export interface NewSession {
  readonly id: string;
  readonly digest: Uint8Array;
  readonly userId: string;
  readonly userAgent: string;
  readonly address: string;
  readonly created: Microseconds;
}

export const queries = {
  find: `
    SELECT session.id AS session_id, session.created AS session_created, session.last_used,
      person.id, person.name, person.is_owner, person.is_enabled, person.created
    FROM staff_session AS session CROSS JOIN staff_user AS person ON person.id = session.user_id
    WHERE session.digest = ?1`,
  newest: `
    SELECT id, user_agent, address, created, last_used FROM staff_session
    WHERE user_id = ?1 ORDER BY created DESC LIMIT 100`,
  insert: `
    INSERT INTO staff_session (id, digest, user_id, user_agent, address, created, last_used)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)`,
  touch: "UPDATE staff_session SET last_used = ?2 WHERE id = ?1 AND last_used < ?2",
  delete: "DELETE FROM staff_session WHERE id = ?1 AND user_id = ?2",
  deleteAll: "DELETE FROM staff_session WHERE user_id = ?1",
  deleteOthers: "DELETE FROM staff_session WHERE user_id = ?1 AND id <> ?2",
  // A few at a time: each new session pays for the removal of old ones, and none waits for many.
  removeOld: `
    DELETE FROM staff_session
    WHERE last_used <= (
      SELECT max(last_used) FROM (
        SELECT last_used FROM staff_session WHERE last_used < ?1 ORDER BY last_used LIMIT 8
      ) AS oldest)`,
};

export function findSession(reader: Reader, digest: Uint8Array): Promise<SessionOwnerRow | undefined> {
  return firstRow<SessionOwnerRow>(reader, queries.find, digest);
}

/** The newest hundred sessions of a person, some of which may be over. */
export function sessionsOf(reader: Reader, userId: string): Promise<SessionRow[]> {
  return reader.all<SessionRow>(queries.newest, userId);
}

/** @param unusedSince  those that have not been used since then are over, and removed a few at a time */
export async function insertSession(transaction: Transaction, session: NewSession, unusedSince: Microseconds) {
  const { id, digest, userId, userAgent, address, created } = session;
  await transaction.run(queries.removeOld, unusedSince);
  await transaction.run(queries.insert, id, digest, userId, userAgent, address, created);
}

export async function touchSession(transaction: Transaction, id: string, now: Microseconds): Promise<void> {
  await transaction.run(queries.touch, id, now);
}

/** Ends a session of the person; nothing happens when it is another's. */
export async function deleteSession(transaction: Transaction, id: string, userId: string): Promise<void> {
  await transaction.run(queries.delete, id, userId);
}

/** Ends all sessions of a person, but for one that may be named. */
export async function deleteSessions(transaction: Transaction, userId: string, but?: string): Promise<void> {
  if (but === undefined) await transaction.run(queries.deleteAll, userId);
  else await transaction.run(queries.deleteOthers, userId, but);
}
