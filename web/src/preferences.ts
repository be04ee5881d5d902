import type { Preferences } from "../../src/protocol/staff-account.ts";
import { keep, kept } from "./kept.ts";
import { speak } from "./words.ts";

type Look = Pick<Preferences, "Language" | "Theme">;

/** Looks and speaks as somebody likes it, also on the sign-in page of this browser from now on. */
export function applyPreferences({ Language, Theme }: Look): void {
  keep("look", { Language, Theme });
  show({ Language, Theme });
}

/** Looks and speaks as it did in this browser before. */
export function applyKeptPreferences(): void {
  show(kept<Look>("look") ?? { Language: "auto", Theme: "auto" });
}

function show({ Language, Theme }: Look): void {
  document.documentElement.dataset.theme = Theme;
  void speak(Language);
}
