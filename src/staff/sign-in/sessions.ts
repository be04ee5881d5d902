import { stringifySetCookie } from "cookie";
import { type Clock, days, hours, type Microseconds, microsecondsPerSecond, minutes } from "../../core/clock.ts";
import { newSecret, tokenDigest } from "../../core/tokens.ts";
import { cookieIn } from "../../http/cookies.ts";
import type { Reader, ReadWriter, Transaction } from "../../store/db.ts";
import { directoryVersion } from "../../store/directory/access.ts";
import type { Parts } from "../../store/parts.ts";
import {
  deleteSession,
  findSession,
  insertSession,
  type SessionOwnerRow,
  type SessionRow,
  touchSession,
} from "../../store/staff/sessions.ts";
import { listStaffProperties, type StaffPropertyRow, staffPropertiesOf } from "../../store/staff/staff-properties.ts";
import type { StaffUserRow } from "../../store/staff/users.ts";
import { mustActFor } from "./acting-for.ts";
import type { StaffCaller, StaffProperty } from "./caller.ts";
import { deviceLifetime } from "./devices.ts";

/**
 * Finds the person whose session a `Cookie` header holds; `undefined` when it holds no session, or one that is over.
 * @param isUse     false for what keeps no session going, such as a stream that is only open
 * @param actsFor   the person for whom the sender says they act, where they say so
 * @throws Problem (otherPerson) when the session is another person's; that session then counts as not used
 */
export type AuthenticateStaff = (
  db: ReadWriter,
  cookieHeader: string | undefined,
  isUse?: boolean,
  actsFor?: string,
) => Promise<StaffCaller | undefined>;

/** How long a session lasts without being used, and how long at most. */
export const idleLimit = hours(12);
export const absoluteLimit = days(7);

/** How far the stored time of the last use may lie behind: it is not written at each request. */
const touchInterval = minutes(1);

const cookieName = "innbox_session";
export const deviceCookieName = "innbox_device";
const secretPattern = /^[\w-]{43}$/;

/** Every request reads the session anew, so that a person who is shut out is out at once. */
export function authenticateStaff(clock: Clock): AuthenticateStaff {
  const everywhere = rememberedProperties();
  return async (db, cookieHeader, isUse = true, actsFor) => {
    const session = await sessionOf(db, sessionSecretIn(cookieHeader));
    if (!session?.is_enabled) return undefined;
    const now = clock();
    const { session_id, session_created: created, last_used } = session;
    if (isOver({ created, last_used }, now)) return undefined;
    mustActFor(session.id, actsFor);
    if (isUse && now - last_used >= touchInterval) {
      // A database that can't be written to must not keep people from reading.
      await db.transaction((transaction) => touchSession(transaction, session_id, now)).catch(() => undefined);
    }
    return callerOf(db, session, session_id, () => everywhere(db));
  };
}

/** What the session's cookie holds. */
export function sessionSecretIn(cookieHeader: string | undefined): string | undefined {
  return cookieIn(cookieHeader, cookieName);
}

async function sessionOf(reader: Reader, secret = ""): Promise<SessionOwnerRow | undefined> {
  return secretPattern.test(secret) ? findSession(reader, tokenDigest(secret)) : undefined;
}

/** Whether a session has ended: unused for too long, or too old. */
export function isOver({ created, last_used }: Pick<SessionRow, "created" | "last_used">, now: Microseconds): boolean {
  return now - last_used >= idleLimit || now - created >= absoluteLimit;
}

/** A person as the caller of requests, with the rights of now. @param everywhere  finds where owners work */
export async function callerOf(
  reader: Reader,
  { id, name, is_owner, created }: Pick<StaffUserRow, "id" | "name" | "is_owner" | "created">,
  sessionId: string,
  everywhere: () => Promise<readonly StaffPropertyRow[]> = () => listStaffProperties(reader),
): Promise<StaffCaller> {
  const properties: readonly StaffProperty[] = is_owner
    ? (await everywhere()).map((row) => ({ ...row, role: "Owner" }))
    : await staffPropertiesOf(reader, id);
  return { sessionId, userId: id, name, isOwner: is_owner === 1, joined: created, properties };
}

/** All properties, read again only when the operator's records have changed. */
function rememberedProperties(): (reader: Reader) => Promise<readonly StaffPropertyRow[]> {
  let remembered: { readonly version: number; readonly rows: readonly StaffPropertyRow[] } | undefined;
  return async (reader) => {
    const version = await directoryVersion(reader);
    if (remembered?.version !== version) remembered = { version, rows: await listStaffProperties(reader) };
    return remembered.rows;
  };
}

/** Where a person signs in. */
interface NewSession {
  readonly userAgent: string;
  readonly address: string;
  /** Of the session that the browser has until now. */
  readonly sessionSecret?: string | undefined;
}

/** How much is kept of what a browser says it is, in characters. */
const maxUserAgentLength = 300;

/**
 * Signs a person in. The session whose cookie the browser had until now ends: the new cookie replaces its secret, and
 * its live streams would go on showing one person's threads where another one has signed in.
 * @returns the session's id, and the secret that the cookie has
 */
export async function openSession(
  { clock, newIdentifier }: Pick<Parts, "clock" | "newIdentifier">,
  transaction: Transaction,
  userId: string,
  { userAgent, address, sessionSecret }: NewSession,
): Promise<{ readonly id: string; readonly secret: string }> {
  const replaced = await sessionOf(transaction, sessionSecret);
  if (replaced) await deleteSession(transaction, replaced.session_id, replaced.id);
  const id = newIdentifier();
  const secret = newSecret();
  const created = clock();
  const known = { userId, userAgent: userAgent.slice(0, maxUserAgentLength), address, created };
  await insertSession(transaction, { id, digest: tokenDigest(secret), ...known }, created - idleLimit);
  return { id, secret };
}

/** The `Set-Cookie` header for a session's secret; null takes the cookie away. */
export function sessionCookie(secret: string | null, isSecure: boolean): string {
  const maxAge = secret === null ? 0 : absoluteLimit / microsecondsPerSecond;
  const value = secret ?? "";
  return stringifySetCookie({ ...forServerOnly, name: cookieName, value, maxAge, sameSite: "lax", secure: isSecure });
}

/** The `Set-Cookie` header that has a device known again, also after its session is over. */
export function deviceCookie(value: string, isSecure: boolean): string {
  const maxAge = deviceLifetime / microsecondsPerSecond;
  return stringifySetCookie({
    ...forServerOnly,
    name: deviceCookieName,
    value,
    maxAge,
    sameSite: "strict",
    secure: isSecure,
  });
}

/** For every address of this server, and for no script of its pages. */
const forServerOnly = { path: "/", httpOnly: true } as const;
