import type Type from "typebox";
import { nilIdentifier } from "../../core/identifiers.ts";
import { invalid, Problem } from "../../core/problem.ts";
import { networkOf } from "../../http/network.ts";
import { emailOf } from "../../protocol/email.ts";
import { getAllLinks, getLink, revokeLink, useLink } from "../../protocol/staff/links.ts";
import { linkAnswers } from "../../staff/answers.ts";
import { findPerson } from "../../staff/live/people.ts";
import { forgetOtherDevices, rememberDevice } from "../../staff/sign-in/devices.ts";
import { isBackedBy, makerOf } from "../../staff/sign-in/link-makers.ts";
import { findOpenLinkFor, openLinksFor } from "../../staff/sign-in/open-links.ts";
import { mustBeHardToGuess } from "../../staff/sign-in/password-rules.ts";
import { hashPassword } from "../../staff/sign-in/passwords.ts";
import { callerOf, openSession } from "../../staff/sign-in/sessions.ts";
import { mustHaveTls } from "../../staff/sign-in/sign-in.ts";
import { signedIn } from "../../staff/sign-in/signed-in.ts";
import { countFailure, countSuccess, linkCounter, mustNotWait, pairCounter } from "../../staff/sign-in/throttle.ts";
import { cookiesFor } from "../../staff/sign-in/visitor.ts";
import type { Reader, Transaction } from "../../store/db.ts";
import { changeDirectory } from "../../store/directory/directory.ts";
import { deleteLink, findLink, forgetLinks, type LinkRow, takeLink } from "../../store/staff/links.ts";
import { deleteSessions } from "../../store/staff/sessions.ts";
import { listStaffProperties } from "../../store/staff/staff-properties.ts";
import * as users from "../../store/staff/users.ts";
import {
  openOperation,
  type StaffContext,
  type StaffOperation,
  staffOperation,
  type VisitorCall,
} from "./staff-operation.ts";

const noLink = () =>
  new Problem(
    "notFound",
    "This link is not good any more: it was used or replaced, or has expired. Ask for a new one.",
  );

/**
 * The link of a token. A good one is found however many bad ones came before.
 * @throws Problem (notFound) for a token of no good link, (tooMany) when the visitor's network has sent too many of
 * them
 */
async function mustBeGood({ clock, secretBox }: StaffContext, { input, visitor, db }: LinkCall) {
  const link = await findLink(db, input.Token, clock());
  if (link) {
    await mustBeBacked(db, link);
    return link;
  }
  const counters = [linkCounter(await secretBox(), networkOf(visitor.address))];
  // Refused here, a visitor who must wait anyway causes no write.
  await mustNotWait(db, counters, clock());
  await db.transaction((transaction) => countFailure(transaction, counters, clock()));
  throw noLink();
}

/** @throws Problem (notFound) when the maker of the link could not make it any more */
async function mustBeBacked(reader: Reader, link: LinkRow): Promise<void> {
  const person = link.user_id === null ? undefined : await findPerson(reader, link.user_id);
  if (!person || isBackedBy(await makerOf(reader, link), person)) return;
  throw new Problem(
    "notFound",
    "This link is not good any more: the person who made it may not let you in any more. Ask somebody else for one.",
  );
}

type LinkCall = VisitorCall & { readonly input: { readonly Token: string } };

const look = openOperation(getLink, async (context, call) => {
  const link = await mustBeGood(context, call);
  const user = link.user_id === null ? undefined : await users.findStaffUser(call.db, link.user_id);
  return { body: { Purpose: link.purpose, Name: user?.name ?? null, Email: user?.email ?? null } };
});

const open = openOperation(useLink, async (context, call) => {
  const { input, visitor, db } = call;
  const { clock } = context;
  mustHaveTls(visitor);
  const box = await context.secretBox();
  const network = networkOf(visitor.address);
  const link = await mustBeGood(context, call);
  const name = input.Name?.trim();
  const find = link.user_id === null ? firstOwner(context, name, input.Email) : invited(link.user_id, name);
  await mustBeHardToGuess("Password", input.Password, await ownerOf(db, link, input));
  // With a good link, the visitor counts as known and waits with known people.
  const passwordHash = await context.turns.take({ isKnown: true, group: network }, () => hashPassword(input.Password));
  const { user, session, device } = await changeDirectory(db, async (transaction) => {
    const user = await find(transaction);
    const taken = await takeLink(transaction, input.Token, clock());
    if (!taken) throw noLink();
    await mustBeBacked(transaction, taken);
    await users.setPassword(transaction, user.id, passwordHash);
    await deleteSessions(transaction, user.id);
    await forgetOtherDevices(transaction, user.id, visitor.devices);
    await forgetLinks(transaction, user.id);
    // The wrong passwords that they tried here before they asked for the link count no more.
    await countSuccess(transaction, [pairCounter(box, user.email, network)]);
    const device = await rememberDevice(transaction, user.id, visitor.devices, clock());
    return { user, device, session: await openSession(context, transaction, user.id, visitor) };
  });
  const caller = await callerOf(db, user, session.id);
  return { body: await signedIn(db, caller, context), cookies: cookiesFor(visitor, session.secret, device) };
});

/** The person who chooses the password, by what is known of them and what they say themselves. */
async function ownerOf(reader: Reader, { user_id }: LinkRow, input: Type.Static<typeof useLink.input>) {
  const user = user_id === null ? undefined : await users.findStaffUser(reader, user_id);
  const caller = user && (await callerOf(reader, user, ""));
  const properties = caller?.properties ?? (await listStaffProperties(reader));
  return {
    names: [user?.name ?? "", input.Name ?? ""],
    email: user?.email ?? input.Email ?? "",
    propertyNames: properties.map(({ name }) => name),
  };
}

type FindUser = (transaction: Transaction) => Promise<users.StaffUserRow>;

function firstOwner(context: StaffContext, name: string | undefined, address: string | null | undefined): FindUser {
  if (!name) throw invalid("Name is required.");
  const email = emailOf(address ?? "");
  return async (transaction) => {
    if (await users.hasOtherOwner(transaction, nilIdentifier)) throw noLink();
    const id = context.newIdentifier();
    const added = { id, email, name, isOwner: true, created: context.clock() };
    const user = await users.addStaffUser(transaction, added);
    if (user.id !== id) throw invalid("Somebody has this e-mail address already.");
    return user;
  };
}

/** The person who was invited, by the name that they give themselves, where they give one. */
function invited(userId: string, name: string | undefined): FindUser {
  return async (transaction) => {
    const user = await users.lockStaffUser(transaction, userId);
    if (!user?.is_enabled) throw noLink();
    const renamed = { ...user, name: name || user.name };
    if (renamed.name !== user.name) await users.updateStaffUser(transaction, renamed);
    return renamed;
  };
}

const getAll = staffOperation(getAllLinks, "users", async ({ clock }, { caller, scope, db }) => {
  const links = await openLinksFor(db, { caller, scope }, clock());
  return { body: { Links: links.flatMap(linkAnswers) } };
});

const revoke = staffOperation(revokeLink, "users", async ({ clock }, { caller, scope, input, db }) => {
  await db.transaction(async (transaction) => {
    const row = await findOpenLinkFor(transaction, { caller, scope }, input.LinkId, clock());
    if (!row) throw new Problem("notFound", "There is no open link with this LinkId.");
    await deleteLink(transaction, row.digest);
  });
  return { body: {} };
});

/**
 * What the holder of a link does, who is not signed in; and open invitations and resets, which a person who may make
 * such a link sees and revokes.
 */
export const linkOperations: readonly StaffOperation[] = [look, open, getAll, revoke];
