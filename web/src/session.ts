import type { Colleague, Preferences, SignedIn, StaffProperty } from "../../src/protocol/staff-account.ts";
import { call, Refusal, whenSignedOut } from "./api.ts";
import { cell, useCell } from "./cell.ts";
import { applyPreferences } from "./preferences.ts";

export type Session =
  | { readonly state: "unknown" }
  /** Nobody is signed in; `wasEnded` when somebody was until now. */
  | { readonly state: "out"; readonly wasEnded: boolean }
  | { readonly state: "unreachable" }
  | { readonly state: "in"; readonly signedIn: SignedIn };

export const session = cell<Session>({ state: "unknown" });

/** Asks the server who is signed in. */
export async function findSession(): Promise<void> {
  try {
    signedInAs(await call("session/get", {}));
  } catch (error) {
    if (error instanceof Refusal && error.status === 401) signedOut(false);
    else session.set({ state: "unreachable" });
  }
}

export function signedInAs(signedIn: SignedIn): void {
  applyPreferences(signedIn.Preferences);
  session.set({ state: "in", signedIn });
}

/** Changes what is known of the person who is signed in. */
export function changeSignedIn(change: (signedIn: SignedIn) => SignedIn): void {
  session.update((known) => (known.state === "in" ? { state: "in", signedIn: change(known.signedIn) } : known));
}

export async function signOut(): Promise<void> {
  await call("session/end", {}).catch(() => undefined);
  location.assign("/inbox");
}

function signedOut(wasEnded: boolean): void {
  session.set({ state: "out", wasEnded });
}

/** The stream says so, or any answer. */
export function sessionEnded(): void {
  if (session.get().state === "in") signedOut(true);
}

whenSignedOut(sessionEnded);

/** Who is signed in. Only for what is shown to nobody else. */
export function me(): SignedIn {
  const known = session.get();
  if (known.state !== "in") throw new Error("Nobody is signed in.");
  return known.signedIn;
}

let lastKnown: SignedIn | undefined;

/** The same, drawn anew when it changes. What is on the screen while the session ends keeps what it knew. */
export function useMe(): SignedIn {
  const known = useCell(session);
  if (known.state === "in") lastKnown = known.signedIn;
  if (!lastKnown) throw new Error("Nobody is signed in.");
  return lastKnown;
}

export function propertyOf(enterpriseId: string): StaffProperty | undefined {
  const known = session.get();
  return known.state === "in" ? known.signedIn.Properties.find(({ Id }) => Id === enterpriseId) : undefined;
}

export function colleague(userId: string | null): Colleague | undefined {
  const known = session.get();
  return known.state === "in" ? known.signedIn.Colleagues.find(({ Id }) => Id === userId) : undefined;
}

/** Whether the person manages a property; without one, any of them. */
export function isManager(signedIn: SignedIn, enterpriseId?: string): boolean {
  const properties = signedIn.Properties.filter(({ Id }) => !enterpriseId || Id === enterpriseId);
  return signedIn.User.IsOwner || properties.some(({ Role }) => Role !== "Agent");
}

/** Changes preferences at once, and keeps them on the server. @throws Refusal */
export async function prefer(change: Partial<Preferences>): Promise<void> {
  const preferences = { ...me().Preferences, ...change };
  applyPreferences(preferences);
  changeSignedIn((known) => ({ ...known, Preferences: preferences }));
  await call("preferences/set", { Preferences: preferences });
}
