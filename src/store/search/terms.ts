import { days, hours, type Microseconds } from "../../core/clock.ts";
import type { TypedWords } from "./words.ts";

/** Where a word must stand; `any` is the sender, the subject, or what was written. */
export type SearchField = "any" | "sender" | "subject";

export interface SearchTerm extends TypedWords {
  readonly field: SearchField;
}

/** What a thread must be, as the lists of the inbox of these names have it. */
export type SearchedState = "open" | "resolved" | "awaiting" | "mine" | "unassigned";

/** What to look for: all of it together. */
export interface SearchQuery {
  readonly terms: readonly SearchTerm[];
  readonly states: readonly SearchedState[];
  /** When it was written, from the first moment up to and without the second. */
  readonly from: Microseconds;
  readonly to: Microseconds;
}

/** A term with all words that its last one may be meant as: rows of words, each of which will do. */
export interface ExpandedTerm {
  readonly field: SearchField;
  readonly rows: readonly (readonly string[])[];
}

/** Stands before what is no word of a text, since no word has it: the property and the time of an entry. */
const mark = "·";

/** How many properties are named to the index. More are told apart by the rows that it finds. */
const maxProperties = 16;

const columns: Readonly<Record<SearchField, string>> = {
  any: "{sender subject text}",
  sender: "{sender}",
  subject: "{subject}",
};

/** The property among the words of an entry. */
export function propertyWord(property: string | number): string {
  return mark + (typeof property === "number" ? property : property.slice(-8));
}

/** What SQLite's index is asked. Words have letters and digits alone, so that there is nothing to escape. */
export function matchText(terms: readonly ExpandedTerm[], properties: readonly number[]): string {
  const named = properties.length <= maxProperties ? [`{property} : (${quoted(properties.map(propertyWord))})`] : [];
  const asked = terms.map(({ field, rows }) => `${columns[field]} : (${quoted(rows.map((row) => row.join(" ")))})`);
  return [...named, ...asked].join(" AND ");
}

function quoted(rows: readonly string[]): string {
  return rows.map((row) => `"${row}"`).join(" OR ");
}

/** The index of PostgreSQL keeps the weight of each word: A in a sender, B in a subject. */
const weights: Readonly<Record<SearchField, string>> = { any: "", sender: ":A", subject: ":B" };

/** The same for PostgreSQL, of what was written from one moment up to another. */
export function tsqueryText(
  terms: readonly ExpandedTerm[],
  enterpriseIds: readonly string[],
  from: Microseconds,
  to: Microseconds,
): string {
  const named = enterpriseIds.length <= maxProperties ? [enterpriseIds.map((id) => `'${propertyWord(id)}'`)] : [];
  const within = timeWordsWithin(from, to);
  const asked = terms.map(({ field, rows }) =>
    rows.map((row) => `(${row.map((word) => `'${word}'${weights[field]}`).join(" <-> ")})`),
  );
  const parts = [...asked, ...named, ...(within ? [within.map((word) => `'${word}'`)] : [])];
  return parts.map((alternatives) => `(${alternatives.join(" | ")})`).join(" & ");
}

/** An hour, a day, and 32 days, by the letters that stand for them. */
const spans: Readonly<Record<string, Microseconds>> = { h: hours(1), d: days(1), m: days(32) };

/** How many of them a search names at most. */
const maxSpans = 64;

/** The time among the words of an entry. */
export function timeWords(created: Microseconds): string[] {
  return Object.entries(spans).map(([letter, span]) => `${mark}${letter}${Math.floor(created / span)}`);
}

/** The words of a stretch of time, in the shortest spans that are few enough; `undefined` for a longer one. */
function timeWordsWithin(from: Microseconds, to: Microseconds): string[] | undefined {
  const fitting = Object.entries(spans).find(([, span]) => to - from <= span * (maxSpans - 1));
  if (!fitting) return undefined;
  const [letter, span] = fitting;
  const first = Math.floor(from / span);
  const count = Math.floor((to - 1) / span) - first + 1;
  return Array.from({ length: Math.max(1, count) }, (_, index) => `${mark}${letter}${first + index}`);
}

/** What is searched of an entry of a log. */
export interface SearchedTexts {
  readonly sender: readonly string[];
  readonly subject: readonly string[];
  readonly text: readonly string[];
}

/** PostgreSQL counts no further. */
const maxPosition = 16_383;

/** How much of its words PostgreSQL takes, in bytes, with room for their places. */
const maxBytes = 700_000;

/** An entry as PostgreSQL's index takes it: each word with its places, and the property and the time without any. */
export function tsvectorText(enterpriseId: string, created: Microseconds, texts: SearchedTexts): string {
  const places = new Map<string, string[]>();
  let position = 0;
  let bytes = 0;
  const add = (words: readonly string[], weight: string) => {
    for (const word of words) {
      position = Math.min(position + 1, maxPosition);
      const known = places.get(word);
      const place = `${position}${weight}`;
      if (!known) bytes += Buffer.byteLength(word) + 8;
      if (bytes > maxBytes) return;
      if (known) known.push(place);
      else places.set(word, [place]);
    }
    // Words of one are not in a row with those of the next.
    position = Math.min(position + 1, maxPosition);
  };
  add(texts.sender, "A");
  add(texts.subject, "B");
  add(texts.text, "");
  const unplaced = [propertyWord(enterpriseId), ...timeWords(created)].map((word) => `'${word}'`);
  const placed = [...places].map(([word, at]) => `'${word}':${at.join(",")}`);
  return [...unplaced, ...placed].join(" ");
}
