import type { Preferences } from "../../../src/protocol/staff/account.ts";
import { browserKeep, browserKept } from "../../shared/browser-kept.ts";
import { speak } from "../words/words.ts";

export type Look = Pick<Preferences, "Language" | "Theme">;

const plain: Look = { Language: "auto", Theme: "auto" };
let look = plain;

/** Shows the page in a person's language and theme, and from now on the sign-in page of this browser too. */
export function applyPreferences({ Language, Theme }: Look): void {
  browserKeep("look", { Language, Theme });
  void showLook({ Language, Theme });
}

/** Shows the page in the language and theme that this browser keeps. */
export function applyKeptPreferences(): void {
  void showLook(browserKept<Look>("look") ?? plain);
}

export function currentLook(): Look {
  return look;
}

/** Shows this page alone in a language and theme. @returns a promise that resolves when the language is there */
export function showLook(wanted: Look): Promise<void> {
  look = wanted;
  document.documentElement.dataset.theme = wanted.Theme;
  return speak(wanted.Language);
}
