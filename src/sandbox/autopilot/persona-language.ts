import { languageFiles } from "../data/data-file.ts";
import { PersonaData } from "../data/data-schema.ts";

export type PersonaName = keyof PersonaData["voices"];
export type PersonaLanguage = ReturnType<typeof personaLanguage>;

/** The languages that personas speak, each with a file `data/personas/CODE.yaml`. */
export const personaLanguageCodes = ["en", "de", "fr", "es", "cs", "ar"] as const;

/** The same code where personas speak its language. */
export function spokenCode(code: string | undefined) {
  return personaLanguageCodes.find((spoken) => spoken === code);
}

/** What personas say in the language of a code about each topic, shortly or at length, each in several ways. */
export const personaLanguage = languageFiles("personas", PersonaData, ({ voices, topics }) => ({
  voices,
  topics: Object.entries(topics).map(([topic, { words, ...answers }]) => ({
    topic,
    words: wordPattern(words),
    ...answers,
  })),
}));

function wordPattern(words: string | undefined): RegExp {
  // A topic without words is found by other signs; this expression matches nothing.
  if (words === undefined) return /(?!)/giu;
  // The smallest Arabic words are written together with the word that follows them.
  return new RegExp(`(?<!\\p{L})\\p{Script=Arabic}{0,3}(?:${words})`, "giu");
}
