import { firstRow, type Reader } from "../db.ts";
import { each, lateral, postgresOnly, query, type Sql, sql } from "../query.ts";
import type { SearchWordRow } from "../rows.ts";
import type { SearchedProperty } from "./matches.ts";
import type { ExpandedTerm, SearchTerm } from "./terms.ts";

/** How many words an unfinished one is taken to mean: those that are used most. */
const maxMeanings = 32;

/** How many words with its beginning are looked at. */
const maxCandidates = 4000;

/** After every word that begins as it does. */
const lastLetter = "\u{10ffff}";

type UsedWord = Pick<SearchWordRow, "word" | "uses">;

/** On SQLite, the index knows properties by their numbers. */
const property: Sql = { sqlite: "known.property", postgres: "known.enterprise_id" };

export const queries = {
  beginningWith: query<
    UsedWord,
    { properties: readonly string[] | readonly number[]; from: string; to: string; limit: number }
  >`
    SELECT known.word, known.uses FROM ${each("properties", "searched")}
    ${lateral("search_word", "known", sql`${property} = searched.value AND known.word >= :from AND known.word < :to`)}
    LIMIT :limit + 0`,
  isKnown: query<Pick<SearchWordRow, "word">, { enterpriseIds: readonly string[]; word: string }>`${postgresOnly(
    sql`
    SELECT known.word FROM ${each("enterpriseIds", "searched")}
    ${lateral("search_word", "known", "known.enterprise_id = searched.value AND known.word = :word")}
    LIMIT 1`.postgres,
  )}`,
  hasSimilar: query<{ readonly name: string | null }>`${postgresOnly(
    "SELECT to_regclass('search_word_similar')::text AS name",
  )}`,
};

/** Words whose letters are much the same, for PostgreSQL with `pg_trgm`. The index is read as a bitmap. */
export const similarWords = query<
  { readonly word: string; readonly similarity: number },
  { enterpriseIds: readonly string[]; word: string; limit: number }
>`${postgresOnly(`
  SELECT word, max(similarity(word, :word)) AS similarity FROM search_word
  WHERE enterprise_id = ANY (:enterpriseIds::uuid[]) AND word % :word
  GROUP BY word ORDER BY similarity DESC, word LIMIT :limit`)}`;

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
  const found = await reader.all(queries.beginningWith, {
    properties: numbers.length > 0 ? numbers : properties.map(({ id }) => id),
    from: beginning,
    to: beginning + lastLetter,
    limit: maxCandidates,
  });
  return mostUsed(found);
}

function mostUsed(found: readonly UsedWord[]): string[] {
  const uses = new Map<string, number>();
  for (const { word, uses: count } of found) uses.set(word, (uses.get(word) ?? 0) + count);
  const sorted = [...uses].sort(([, a], [, b]) => b - a);
  return sorted.slice(0, maxMeanings).map(([word]) => word);
}

/** How many similar words stand for one that no text has. */
const maxSimilar = 8;

/**
 * The same terms with similar words for those that no text has, which may be mistyped; `undefined` where there
 * are none, or where the database can't tell.
 */
export async function mistyped(
  reader: Reader,
  properties: readonly SearchedProperty[],
  terms: readonly ExpandedTerm[],
): Promise<ExpandedTerm[] | undefined> {
  const enterpriseIds = properties.map(({ id }) => id);
  const isUnknown = async (word: string) => !(await firstRow(reader, queries.isKnown, { enterpriseIds, word }));
  let isCorrected = false;
  const corrected = await Promise.all(
    terms.map(async (term) => {
      const [row = []] = term.rows;
      const [word = ""] = row;
      // A row of words is quoted, and an unfinished one has its meanings.
      if (term.rows.length > 1 || row.length > 1 || !(await isUnknown(word))) return term;
      if (!(await firstRow(reader, queries.hasSimilar))?.name) return term;
      const similar = await reader.all(similarWords, { enterpriseIds, word, limit: maxSimilar });
      isCorrected ||= similar.length > 0;
      return { ...term, rows: [row, ...similar.map((each) => [each.word])] };
    }),
  );
  return isCorrected ? corrected : undefined;
}
