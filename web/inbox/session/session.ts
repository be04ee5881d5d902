import { signal } from "@preact/signals";
import type { Preferences, SignedIn } from "../../../src/protocol/staff/account.ts";
import type { Colleague } from "../../../src/protocol/staff/people.ts";
import type { StaffProperty } from "../../../src/protocol/staff/properties.ts";
import { Refusal } from "../../shared/refusal.ts";
import { call } from "../api.ts";
import { beginAtTheBeginning } from "../place.ts";
import { type Farewell, farewell, forgetFarewell } from "./farewell.ts";
import { openKept } from "./kept.ts";
import { watchForOthers } from "./leave-page.ts";
import { bindPage } from "./person.ts";
import { applyPreferences, showLook } from "./preferences.ts";

export type Session =
  | { readonly state: "unknown" }
  /** The browser has no session. The farewell says who was signed in on this tab before. */
  | { readonly state: "out"; readonly farewell: Farewell | undefined }
  /**
   * The tab was one person's, and another one has signed in. Nothing of either is shown until the other one goes on.
   */
  | { readonly state: "other"; readonly farewell: Farewell; readonly present: SignedIn }
  | { readonly state: "unreachable" }
  | { readonly state: "in"; readonly signedIn: SignedIn };

export const session = signal<Session>({ state: "unknown" });

/**
 * Whether the person was the last one in this browser and did not sign out, so that unsent messages are sent by
 * themselves.
 */
let isSameStay = false;

export function goesOnByItself(): boolean {
  return isSameStay;
}

/**
 * Asks the server who is signed in, for a page on which no person has signed in yet.
 * @param expected  the person who wants to go on
 */
export async function findSession(expected?: string): Promise<void> {
  const left = farewell();
  try {
    const signedIn = await call("session/get", {});
    const { Id } = signedIn.User;
    const isTakenOver = left?.reason === "other" && Id !== left.user.Id && Id !== expected;
    if (isTakenOver) await showOther(left, signedIn);
    else signedInAs(signedIn);
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) session.value = { state: "out", farewell: left };
    else session.value = { state: "unreachable" };
  }
}

/** In the language of the person whose tab it was, who is expected to read it. */
async function showOther(left: Farewell, present: SignedIn): Promise<void> {
  await showLook(left.look);
  session.value = { state: "other", farewell: left, present };
}

/** Makes the page that of the person who has signed in. */
export function signedInAs(signedIn: SignedIn): void {
  const left = farewell();
  forgetFarewell();
  bindPage(signedIn.User);
  openKept(signedIn.BrowserKey);
  isSameStay = watchForOthers(signedIn.User.Id);
  if (left && left.user.Id !== signedIn.User.Id) beginAtTheBeginning();
  applyPreferences(signedIn.Preferences);
  session.value = { state: "in", signedIn };
}

/** Fetches again what the person may see. `call` leaves the page if another person is signed in by now. */
export async function renewSession(): Promise<void> {
  const signedIn = await call("session/get", {});
  applyPreferences(signedIn.Preferences);
  session.value = { state: "in", signedIn };
}

/** Changes what is known of the person who is signed in. */
export function changeSignedIn(change: (signedIn: SignedIn) => SignedIn): void {
  session.value =
    session.value.state === "in" ? { state: "in", signedIn: change(session.value.signedIn) } : session.value;
}

/** The person who is signed in. @throws Error on pages that are shown before that */
export function me(): SignedIn {
  const known = session.value;
  if (known.state !== "in") throw new Error("Nobody is signed in.");
  return known.signedIn;
}

export function propertyOf(enterpriseId: string): StaffProperty | undefined {
  const known = session.value;
  return known.state === "in" ? known.signedIn.Properties.find(({ Id }) => Id === enterpriseId) : undefined;
}

export function colleague(userId: string | null): Colleague | undefined {
  const known = session.value;
  return known.state === "in" ? known.signedIn.Colleagues.find(({ Id }) => Id === userId) : undefined;
}

/** Whether the person manages a property, or any property if none is given. */
export function isManager(signedIn: SignedIn, enterpriseId?: string): boolean {
  const properties = signedIn.Properties.filter(({ Id }) => !enterpriseId || Id === enterpriseId);
  return signedIn.User.IsOwner || properties.some(({ Role }) => Role !== "Agent");
}

/** The properties that the person manages. */
export function managedProperties(): readonly StaffProperty[] {
  return me().Properties.filter(({ Id }) => isManager(me(), Id));
}

/** Changes preferences at once, and keeps them on the server. @throws Refusal */
export async function prefer(change: Partial<Preferences>): Promise<void> {
  const preferences = { ...me().Preferences, ...change };
  applyPreferences(preferences);
  changeSignedIn((known) => ({ ...known, Preferences: preferences }));
  await call("preferences/set", { Preferences: preferences });
}
