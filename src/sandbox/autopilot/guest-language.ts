import { dataFile } from "../data/data-file.ts";
import { CommonWordsData } from "../data/data-schema.ts";

/** Languages that are written in letters of their own. */
const scripts: readonly (readonly [code: string, letters: RegExp])[] = [
  ["ar", /\p{Script=Arabic}/gu],
  ["he", /\p{Script=Hebrew}/gu],
  ["uk", /\p{Script=Cyrillic}/gu],
  ["ja", /\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Han}/gu],
];

/** The codes of the languages in which each common word is one. */
const languagesByWord = dataFile("common-words.yaml", CommonWordsData, (data) => {
  const languages = new Map<string, string[]>();
  for (const [code, words] of Object.entries(data)) {
    for (const word of words.split(" ")) languages.set(word, [...(languages.get(word) ?? []), code]);
  }
  return languages;
});

/**
 * Guesses the language of a text, as in `de`; `undefined` where its words decide for none.
 * @param likely  the language of the guest's earlier messages: one word of another language does not change it
 */
export function guessLanguage(text: string, likely?: string): string | undefined {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const own = scripts.find(([, pattern]) => (text.match(pattern)?.length ?? 0) > letters / 2);
  if (own) return own[0];

  const scores = new Map<string, number>(likely === undefined ? [] : [[likely, 1]]);
  for (const word of text.toLowerCase().match(/[\p{L}’']+/gu) ?? []) {
    const codes = languagesByWord().get(word.replace("’", "'")) ?? [];
    // A word of several languages says less.
    for (const code of codes) scores.set(code, (scores.get(code) ?? 0) + 1 / codes.length);
  }
  const [best, next] = [...scores].sort((a, b) => b[1] - a[1]);
  return best && best[1] > (next?.[1] ?? 0) ? best[0] : undefined;
}
