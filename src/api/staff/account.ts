import { invalid, Problem } from "../../core/problem.ts";
import { emailOf } from "../../protocol/email.ts";
import {
  changePassword,
  endSession,
  getAllSessions,
  getSession,
  revokeSession,
  setPreferences,
  startSession,
} from "../../protocol/staff/account.ts";
import { sessionAnswer } from "../../staff/answers.ts";
import { forgetOtherDevices, rememberDevice } from "../../staff/sign-in/devices.ts";
import { mustBeHardToGuess } from "../../staff/sign-in/password-rules.ts";
import { hashPassword } from "../../staff/sign-in/passwords.ts";
import { callerOf, isOver, openSession } from "../../staff/sign-in/sessions.ts";
import { mustHaveTls, tryOldPassword, trySignIn } from "../../staff/sign-in/sign-in.ts";
import { signedIn } from "../../staff/sign-in/signed-in.ts";
import { cookiesFor } from "../../staff/sign-in/visitor.ts";
import { forgetLinks } from "../../store/staff/links.ts";
import { deleteSession, deleteSessions, sessionsOf } from "../../store/staff/sessions.ts";
import * as users from "../../store/staff/users.ts";
import { openOperation, type StaffOperation, staffOperation } from "./staff-operation.ts";

const wrong = () => new Problem("unauthenticated", "The e-mail address or the password is wrong.");

const start = openOperation(startSession, async (context, { input, visitor, db }) => {
  mustHaveTls(visitor);
  const credentials = await trySignIn({ ...context, db }, emailOf(input.Email), input.Password, visitor);
  if (!credentials) throw wrong();
  const { user, session, device } = await db.transaction(async (transaction) => {
    const { id, password_hash, forgive } = credentials;
    const now = await users.lockCredentials(transaction, id);
    // While the password was compared, the person may have been disabled or have got a new password.
    if (!now?.is_enabled || now.password_hash !== password_hash) throw wrong();
    const user = await users.findStaffUser(transaction, id);
    if (!user) throw wrong();
    await forgive(transaction);
    const device = await rememberDevice(transaction, id, visitor.devices, context.clock());
    return { user, device, session: await openSession(context, transaction, id, visitor) };
  });
  const caller = await callerOf(db, user, session.id);
  return { body: await signedIn(db, caller, context), cookies: cookiesFor(visitor, session.secret, device) };
});

const get = staffOperation(getSession, "signedIn", async (context, { caller, db }) => ({
  body: await signedIn(db, caller, context),
}));

const end = staffOperation(endSession, "signedIn", async (_context, { caller, visitor, db }) => {
  const { sessionId, userId } = caller;
  await db.transaction((transaction) => deleteSession(transaction, sessionId, userId));
  return { body: {}, cookies: cookiesFor(visitor, null) };
});

const getAll = staffOperation(getAllSessions, "signedIn", async ({ clock }, { caller, db }) => {
  const rows = await sessionsOf(db, caller.userId);
  const now = clock();
  const Sessions = rows.filter((row) => !isOver(row, now)).map((row) => sessionAnswer(row, caller.sessionId));
  return { body: { Sessions } };
});

const revoke = staffOperation(revokeSession, "signedIn", async (_context, { caller, input, visitor, db }) => {
  const id = input.SessionId.toLowerCase();
  await db.transaction((transaction) => deleteSession(transaction, id, caller.userId));
  return { body: {}, ...(id === caller.sessionId && { cookies: cookiesFor(visitor, null) }) };
});

const change = staffOperation(changePassword, "signedIn", async (context, { caller, input, visitor, db }) => {
  const { userId: id, sessionId } = caller;
  const user = await users.findStaffUser(db, id);
  const propertyNames = caller.properties.map(({ name }) => name);
  const owner = { names: [caller.name], email: user?.email ?? "", propertyNames };
  await mustBeHardToGuess("NewPassword", input.NewPassword, owner);
  const credentials = await tryOldPassword({ ...context, db }, caller, input.OldPassword);
  // 401 would tell the page that the session is over.
  if (!credentials) throw new Problem("forbidden", "The old password is wrong.");
  const turn = { isKnown: true, group: sessionId };
  const passwordHash = await context.turns.take(turn, () => hashPassword(input.NewPassword));
  await db.transaction(async (transaction) => {
    const now = await users.lockCredentials(transaction, id);
    if (now?.password_hash !== credentials.password_hash) throw invalid("The password was changed meanwhile.");
    await credentials.forgive(transaction);
    await users.setPassword(transaction, id, passwordHash);
    await deleteSessions(transaction, id, sessionId);
    await forgetOtherDevices(transaction, id, visitor.devices);
    await forgetLinks(transaction, id);
  });
  return { body: {} };
});

const prefer = staffOperation(setPreferences, "signedIn", async (_context, { caller, input, db }) => {
  // Fields that are not described may be sent, and are not kept.
  const { Language, SendKey, Theme, HasNotifications, HasSound } = input.Preferences;
  const Preferences = { Language, SendKey, Theme, HasNotifications, HasSound };
  await db.transaction((transaction) => users.setPreferences(transaction, caller.userId, JSON.stringify(Preferences)));
  return { body: { Preferences } };
});

/** Signing in and out, and the caller's own sessions, password and preferences. */
export const accountOperations: readonly StaffOperation[] = [start, get, end, getAll, revoke, change, prefer];
