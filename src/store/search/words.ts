/** A word as it is searched, and where in a text it stands. */
export interface Word {
  /** Folded: letters and digits alone, without accents and case. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Beyond this, letters of a word and words of a text are not searched: no search needs as many. */
const maxLetters = 40;
const maxWords = 20_000;

/** Scripts that put no spaces between words. */
const unspaced = String.raw`\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}`;

/** A run of such letters, or a word of others. What is invisible, such as an override of direction, parts no word. */
const runs = new RegExp(
  String.raw`([${unspaced}][${unspaced}ー\p{M}\p{Cf}]*)|[[\p{L}\p{N}\p{M}\p{Cf}]--[${unspaced}]]+`,
  "gv",
);

const plainRuns = /[a-z\d]+/gi;
const isPlain = /^[\0-\x7f]*$/;

/** Letters that people leave the strokes off, or write as two, and that Unicode does not take apart. */
const simpler: Readonly<Record<string, string>> = {
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  æ: "ae",
  œ: "oe",
  ħ: "h",
  ŧ: "t",
  ς: "σ",
};

/** What is searched of a word: `Muller` and `müller` find the same. Empty where nothing is left. */
export function folded(word: string): string {
  if (isPlain.test(word)) return word.slice(0, maxLetters).toLowerCase();
  // Nothing behind this is kept, and taking it apart would take its time.
  const letters = word
    .slice(0, 4 * maxLetters)
    .normalize("NFKD")
    .toUpperCase()
    .toLowerCase()
    .replace(/[øłđðþæœħŧς]/g, (letter) => simpler[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, "");
  return letters.length <= maxLetters ? letters : [...letters].slice(0, maxLetters).join("");
}

/**
 * The words of a text, in order. Where no spaces are, each letter with the next one is a word, and the last letter by
 * itself, so that any part of the text is found as such words in a row.
 */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: run, 1: letters, index } of text.matchAll(isPlain.test(text) ? plainRuns : runs)) {
    if (words.length >= maxWords) break;
    if (letters !== undefined) addPairs(words, letters, index);
    else push(words, folded(run), index, index + run.length);
  }
  return words.slice(0, maxWords);
}

function push(words: Word[], text: string, start: number, end: number): void {
  if (text !== "") words.push({ text, start, end });
}

function addPairs(words: Word[], run: string, offset: number): void {
  let last: Word | undefined;
  let end = offset;
  for (const letter of run) {
    const text = folded(letter);
    const start = end;
    end += letter.length;
    if (text === "") continue;
    if (last) words.push({ text: last.text + text, start: last.start, end });
    last = { text, start, end };
  }
  if (last) words.push(last);
}

/** A word, or several in a row, as somebody looks for them. */
export interface TypedWords {
  readonly words: readonly string[];
  /** Whether the last one may go on. */
  readonly isUnfinished: boolean;
}

const isUnspaced = new RegExp(`[${unspaced}]`, "v");

/**
 * What was typed without a space in between, as words in a row; `undefined` where there is nothing to look for.
 * @param mayGoOn  whether more letters may follow
 */
export function typedWords(text: string, mayGoOn: boolean): TypedWords | undefined {
  const words = wordsOf(text);
  const last = words.at(-1);
  if (!last) return undefined;
  const texts = words.map((word) => word.text);
  if (!isUnspaced.test(text.slice(last.start, last.end))) return { words: texts, isUnfinished: mayGoOn };
  // The last letter of a run is in the pair before it, and stands alone only where a text ends.
  if (words.at(-2)?.end === last.end) return { words: texts.slice(0, -1), isUnfinished: false };
  return { words: texts, isUnfinished: true };
}
