import type { Preferences } from "../../../src/protocol/staff/account.ts";
import { browserKeep, browserKept } from "../../shared/browser-kept.ts";
import { speak } from "../words/words.ts";

export type Look = Pick<Preferences, "Language" | "Theme">;

const plain: Look = { Language: "auto", Theme: "auto" };
let look = plain;

/** Looks and speaks as somebody likes it, also on the sign-in page of this browser from now on. */
export function applyPreferences({ Language, Theme }: Look): void {
  browserKeep("look", { Language, Theme });
  void showLook({ Language, Theme });
}

/** Looks and speaks as it did in this browser before. */
export function applyKeptPreferences(): void {
  void showLook(browserKept<Look>("look") ?? plain);
}

export function currentLook(): Look {
  return look;
}

/** Looks and speaks so in this page alone. @returns what is over when it does */
export function showLook(wanted: Look): Promise<void> {
  look = wanted;
  document.documentElement.dataset.theme = wanted.Theme;
  return speak(wanted.Language);
}
