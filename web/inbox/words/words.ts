import { signal } from "@preact/signals";
import { en, type Words } from "./en.ts";

/** The languages of the page; all but English are fetched when they are needed. */
export const languages = { en: "English", de: "Deutsch", fr: "Français", es: "Español", cs: "Čeština" } as const;
export type Language = keyof typeof languages;
export const languageCodes: readonly Language[] = ["en", "de", "fr", "es", "cs"];

const load: Record<Language, () => Promise<Words>> = {
  en: async () => en,
  de: async () => (await import("./de.ts")).de,
  fr: async () => (await import("./fr.ts")).fr,
  es: async () => (await import("./es.ts")).es,
  cs: async () => (await import("./cs.ts")).cs,
};

const spoken = signal<{ readonly words: Words; readonly language: Language }>({ words: en, language: "en" });

/** What the page says now. */
export function currentWords(): Words {
  return spoken.value.words;
}

export function currentLanguage(): Language {
  return spoken.value.language;
}

/** The language of the browser, where the page speaks it. */
function browserLanguage(): Language {
  for (const tag of navigator.languages) {
    const language = tag.slice(0, 2).toLowerCase();
    if (isLanguage(language)) return language;
  }
  return "en";
}

function isLanguage(text: string): text is Language {
  return Object.hasOwn(languages, text);
}

let lastChoice: Promise<void> = Promise.resolve();

/** Speaks a language from now on; a language that can't be fetched changes nothing. */
export function speak(choice: Language | "auto"): Promise<void> {
  lastChoice = fetchAndSpeak(choice === "auto" ? browserLanguage() : choice);
  return lastChoice;
}

/** Over when the language that was chosen last is spoken. */
export function whenSpoken(): Promise<void> {
  return lastChoice;
}

async function fetchAndSpeak(language: Language): Promise<void> {
  try {
    const loaded = await load[language]();
    document.documentElement.lang = language;
    spoken.value = { words: loaded, language };
  } catch {
    // The page goes on in the language that it has.
  }
}
