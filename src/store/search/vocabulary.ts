import { firstRow, type Reader } from "../db.ts";
import type { SearchedProperty } from "./matches.ts";
import type { ExpandedTerm, SearchTerm } from "./terms.ts";

/** How many words an unfinished one is taken to mean: those that are used most. */
const maxMeanings = 32;

/** How many words with its beginning are looked at. */
const maxCandidates = 4000;

/** After every word that begins as it does. */
const lastLetter = "\u{10ffff}";

interface UsedWord {
  readonly word: string;
  readonly uses: number;
}

/** What each engine has its own words for. */
export const ownQueries = {
  sqlite: {
    beginningWith: `
      SELECT known.word, known.uses FROM json_each(?1) AS searched
      CROSS JOIN search_word AS known ON known.property = searched.value AND known.word >= ?2 AND known.word < ?3
      LIMIT ?4 + 0`,
  },
  postgres: {
    beginningWith: `
      SELECT known.word, known.uses FROM json_each(?1) AS searched
      CROSS JOIN search_word AS known ON known.enterprise_id = searched.value AND known.word >= ?2 AND known.word < ?3
      LIMIT ?4`,
    isKnown: `
      SELECT known.word FROM json_each(?1) AS searched
      CROSS JOIN search_word AS known ON known.enterprise_id = searched.value AND known.word = ?2
      LIMIT 1`,
    hasSimilar: "SELECT to_regclass('search_word_similar')::text AS name",
  },
} as const;

/** Words whose letters are much the same, for PostgreSQL with `pg_trgm`. The index is read as a bitmap. */
export const similarWords = `
  SELECT word, max(similarity(word, ?2)) AS similarity FROM search_word
  WHERE enterprise_id = ANY (?1::uuid[]) AND word % ?2
  GROUP BY word ORDER BY similarity DESC, word LIMIT ?3`;

/** Each term with the words that its last one may be the beginning of. */
export function expanded(
  reader: Reader,
  properties: readonly SearchedProperty[],
  terms: readonly SearchTerm[],
): Promise<ExpandedTerm[]> {
  return Promise.all(
    terms.map(async ({ field, words, isUnfinished }) => {
      const last = words.at(-1) ?? "";
      const meanings = isUnfinished ? await wordsBeginningWith(reader, properties, last) : [];
      return { field, rows: endingWith(words, [last, ...meanings.filter((word) => word !== last)]) };
    }),
  );
}

function endingWith(words: readonly string[], last: readonly string[]): string[][] {
  return last.map((word) => [...words.slice(0, -1), word]);
}

async function wordsBeginningWith(
  reader: Reader,
  properties: readonly SearchedProperty[],
  beginning: string,
): Promise<string[]> {
  const numbers = properties.flatMap(({ number }) => number ?? []);
  const engine = numbers.length > 0 ? "sqlite" : "postgres";
  const scope = JSON.stringify(engine === "sqlite" ? numbers : properties.map(({ id }) => id));
  const { beginningWith } = ownQueries[engine];
  const found = await reader.all<UsedWord>(beginningWith, scope, beginning, beginning + lastLetter, maxCandidates);
  return mostUsed(found);
}

function mostUsed(found: readonly UsedWord[]): string[] {
  const uses = new Map<string, number>();
  for (const { word, uses: count } of found) uses.set(word, (uses.get(word) ?? 0) + count);
  const sorted = [...uses].sort(([, a], [, b]) => b - a);
  return sorted.slice(0, maxMeanings).map(([word]) => word);
}

/** How many similar words stand for one that nobody has written. */
const maxSimilar = 8;

/**
 * The same terms with similar words for those that nobody has written, which may be mistyped; `undefined` where there
 * are none, or where the database can't tell.
 */
export async function mistyped(
  reader: Reader,
  properties: readonly SearchedProperty[],
  terms: readonly ExpandedTerm[],
): Promise<ExpandedTerm[] | undefined> {
  const { hasSimilar, isKnown } = ownQueries.postgres;
  const ids = properties.map(({ id }) => id);
  const isUnknown = async (word: string) => !(await firstRow(reader, isKnown, JSON.stringify(ids), word));
  let isCorrected = false;
  const corrected = await Promise.all(
    terms.map(async (term) => {
      const [row = []] = term.rows;
      const [word = ""] = row;
      // A row of words is quoted, and an unfinished one has its meanings.
      if (term.rows.length > 1 || row.length > 1 || !(await isUnknown(word))) return term;
      if (!(await firstRow<{ name: string | null }>(reader, hasSimilar))?.name) return term;
      const similar = await reader.all<{ word: string }>(similarWords, `{${ids.join(",")}}`, word, maxSimilar);
      isCorrected ||= similar.length > 0;
      return { ...term, rows: [row, ...similar.map((each) => [each.word])] };
    }),
  );
  return isCorrected ? corrected : undefined;
}
