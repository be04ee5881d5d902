import { type Word, wordsOf } from "../../store/search/words.ts";

/** Part of an excerpt: words that were looked for, or text between them. */
export interface ExcerptPart {
  readonly Text: string;
  readonly IsMatch: boolean;
}

/** How many letters of a text to show, and how many of them before the first match. */
const maxLetters = 160;
const lettersBefore = 50;

/** More letters than nearly all messages have. */
const usualLength = 4000;

/** The part of a text around the first word that was looked for, on one line; `undefined` when it has none of them. */
export function excerptOf(text: string, words: ReadonlySet<string>): ExcerptPart[] | undefined {
  // Splitting a very long text into words takes long, and most texts have a match near their beginning.
  const soon = text.length > usualLength ? excerptIn(text, wordsOf(text.slice(0, usualLength)), words) : undefined;
  return soon ?? excerptIn(text, wordsOf(text), words);
}

function excerptIn(text: string, all: readonly Word[], words: ReadonlySet<string>): ExcerptPart[] | undefined {
  const matches = all.filter((word) => words.has(word.text));
  const [first] = matches;
  if (!first) return undefined;
  const start = startOf(all, first);
  const end = endOf(text, all, Math.max(first.end, start + maxLetters));
  const parts: ExcerptPart[] = [];
  const add = (from: number, to: number, IsMatch: boolean) => {
    const Text = onOneLine(text.slice(from, to));
    if (Text !== "") parts.push({ Text, IsMatch });
  };
  if (start > 0) parts.push({ Text: "…", IsMatch: false });
  let at = start;
  for (const match of joined(matches)) {
    if (match.end > end) break;
    add(at, match.start, false);
    add(match.start, match.end, true);
    at = match.end;
  }
  add(at, end, false);
  if (end < text.length) parts.push({ Text: "…", IsMatch: false });
  return parts;
}

/** The beginning of a text that has none of the words. */
export function beginningOf(text: string): ExcerptPart[] {
  const end = endOf(text, wordsOf(text.slice(0, 2 * maxLetters)), maxLetters);
  return [{ Text: onOneLine(text.slice(0, end)) + (end < text.length ? "…" : ""), IsMatch: false }];
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** Where an excerpt begins: at the beginning of a word, shortly before the first match. */
function startOf(words: readonly Word[], first: Word): number {
  const earliest = first.start - lettersBefore;
  if (earliest <= 0) return 0;
  return words.find(({ start }) => start >= earliest)?.start ?? first.start;
}

function endOf(text: string, words: readonly Word[], latest: number): number {
  if (text.length <= latest) return text.length;
  const last = words.findLast(({ end }) => end <= latest);
  if (last) return last.end;
  // There is no word to end at. A character of two code units must not be cut in two.
  return latest - (/[\uDC00-\uDFFF]/.test(text[latest] ?? "") ? 1 : 0);
}

/** Joins matches that overlap, as words of a script without spaces do. */
function joined(matches: readonly Word[]): Pick<Word, "start" | "end">[] {
  const spans: { start: number; end: number }[] = [];
  for (const { start, end } of matches) {
    const last = spans.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else spans.push({ start, end });
  }
  return spans;
}
