import { browserForget, browserKeep, browserKept } from "../../shared/browser-kept.ts";
import type { Look } from "./preferences.ts";

/** What a page that was left hands to the page that is loaded after it in the same tab. */
export interface Farewell {
  /** `ended`: the session is over; `other`: another person has signed in in this browser. */
  readonly reason: "ended" | "other" | "signedOut";
  /** Whose page it was. */
  readonly user: { readonly Id: string; readonly Name: string; readonly Email: string };
  readonly look: Look;
  /** How many unsent replies and notes of the person this browser keeps sealed. */
  readonly unsent: number;
}

const name = "farewell";
const thisTab = () => sessionStorage;

export function sayFarewell(farewell: Farewell): void {
  browserKeep(name, farewell, thisTab);
}

export function farewell(): Farewell | undefined {
  return browserKept<Farewell>(name, thisTab);
}

export function forgetFarewell(): void {
  browserForget(name, thisTab);
}
