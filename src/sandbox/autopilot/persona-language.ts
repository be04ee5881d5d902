import { languageFiles } from "../data/data-file.ts";
import { PersonaData } from "../data/data-schema.ts";

/** What personas say in one language. */
export interface PersonaLanguage {
  readonly voices: PersonaData["voices"];
  readonly topics: readonly PersonaTopic[];
}

export type PersonaName = keyof PersonaData["voices"];

/** What a guest may write about, and what is answered, shortly or at length, each in several ways. */
export interface PersonaTopic {
  readonly topic: string;
  /** Finds every word that speaks for it. */
  readonly words: RegExp;
  readonly brief: readonly string[];
  readonly full: readonly string[];
}

/** The languages that personas speak, each with a file `data/personas/CODE.yaml`. */
export const personaLanguageCodes = ["en", "de", "fr", "es", "cs", "ar"] as const;
export type PersonaLanguageCode = (typeof personaLanguageCodes)[number];

/** The same code where personas speak its language. */
export function spokenCode(code: string | undefined): PersonaLanguageCode | undefined {
  return personaLanguageCodes.find((spoken) => spoken === code);
}

/** What personas say in the language of a code. */
export const personaLanguage: (code: PersonaLanguageCode) => PersonaLanguage = languageFiles(
  "personas",
  PersonaData,
  ({ voices, topics }) => ({
    voices,
    topics: Object.entries(topics).map(([topic, { words, ...answers }]) => ({
      topic,
      words: wordPattern(words),
      ...answers,
    })),
  }),
);

function wordPattern(words: string | undefined): RegExp {
  // A topic without words is found by other signs; this expression matches nothing.
  if (words === undefined) return /(?!)/giu;
  // The smallest Arabic words are written together with the word that follows them.
  return new RegExp(`(?<!\\p{L})\\p{Script=Arabic}{0,3}(?:${words})`, "giu");
}
