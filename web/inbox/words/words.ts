import { signal } from "@preact/signals";
import { en, type Words } from "./en.ts";

/** The languages of the page. All but English are fetched when they are needed. */
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

/** The page's words in the language that is spoken now. */
export function currentWords(): Words {
  return spoken.value.words;
}

export function currentLanguage(): Language {
  return spoken.value.language;
}

/** The first of the browser's languages that the page speaks, or English. */
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

/** Changes the page's language. When it can't be fetched, the page keeps the one that it has. */
export function speak(choice: Language | "auto"): Promise<void> {
  lastChoice = fetchAndSpeak(choice === "auto" ? browserLanguage() : choice);
  return lastChoice;
}

/** Resolves when the language that was chosen last is spoken, or could not be fetched. */
export function whenSpoken(): Promise<void> {
  return lastChoice;
}

async function fetchAndSpeak(language: Language): Promise<void> {
  try {
    const loaded = await load[language]();
    document.documentElement.lang = language;
    spoken.value = { words: loaded, language };
  } catch {
    // The language can't be fetched, so the page keeps the one that it has.
  }
}
