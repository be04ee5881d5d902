import { hours, type Microseconds, seconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { Problem } from "../../core/problem.ts";
import type { View } from "../../protocol/staff/inbox.ts";
import type { Reader, ReadWriter } from "../db.ts";
import { inboxPage } from "../lists/inbox-threads.ts";
import { each, lateral, query, sqliteOnly } from "../query.ts";
import type { PropertyRow, SearchProgressRow } from "../rows.ts";
import type { PropertyScope } from "../scope.ts";
import {
  type Look,
  lookInPostgres,
  lookInSqlite,
  type SearchedProperty,
  type SearchMatch,
  type Sought,
} from "./matches.ts";
import type { SearchedState, SearchQuery } from "./terms.ts";
import { expanded, mistyped } from "./vocabulary.ts";

/** A thread that was found, and where: in itself, or in a message or note. */
export interface SearchHit {
  readonly enterpriseId: string;
  readonly messageThreadId: string;
  /** What has the words; undefined where only the filters were asked for. */
  readonly match: SearchMatch | undefined;
}

export interface SearchOutcome {
  /** One for each thread, the newest first. */
  readonly hits: readonly SearchHit[];
  /** Whether all of history was looked through. */
  readonly isComplete: boolean;
  /** The words that were looked for, with those that unfinished ones were taken to mean. */
  readonly words: readonly (readonly string[])[];
}

/** How long a search may take, in milliseconds. */
export const searchTime = 250;

/** How much of it each look for similar words may take. */
const similarTime = 80;

export const queries = {
  ends: query<End, { enterpriseIds: readonly string[] }>`
    SELECT property.enterprise_id, property.created, property.sequence, (
      SELECT progress.oldest FROM search_progress AS progress WHERE progress.enterprise_id = scope.value
    ) AS oldest
    FROM ${each("enterpriseIds", "scope")}
    ${lateral("property", "property", "property.enterprise_id = scope.value")}`,
  numbers: query<
    Pick<SearchProgressRow, "enterprise_id" | "number">,
    { enterpriseIds: readonly string[] }
  >`${sqliteOnly(`
    SELECT progress.enterprise_id, progress.number FROM json_each(:enterpriseIds) AS scope
    CROSS JOIN search_progress AS progress ON progress.enterprise_id = scope.value`)}`,
};

/** The last entry of a property's log, and the oldest one that is in the index. */
type End = PropertyRow & { readonly oldest: number | null };

/** What a search has to work with. */
interface Search {
  readonly reader: () => Reader;
  readonly isOver: () => boolean;
  readonly count: number;
}

/**
 * The newest `count` threads of the scope that have what is looked for. It takes no longer than `searchTime`: what was
 * not found until then is not answered, and `isComplete` says so.
 */
export async function search(
  db: ReadWriter,
  scope: PropertyScope,
  userId: string,
  query: SearchQuery,
  count: number,
  milliseconds: number = searchTime,
): Promise<SearchOutcome> {
  const end = performance.now() + milliseconds;
  const left = () => end - performance.now();
  const work: Search = {
    reader: () => db.searchReader(Math.max(1, Math.ceil(left()))),
    isOver: () => left() <= 0,
    count,
  };
  if (scope.enterpriseIds.length === 0 || isEmpty(query)) return { hits: [], isComplete: true, words: [] };
  if (query.terms.length === 0) return listed(db, work, scope, userId, query);

  const found = new Map<string, SearchMatch>();
  const words: (readonly string[])[] = [];
  const isComplete = await inTime(() => searched(db, work, scope, userId, query, found, words));
  // The index has what several properties wrote within a moment in an order of its own.
  const newest = [...found.values()].sort((a, b) => b.created - a.created);
  const hits = newest.map((match) => ({
    enterpriseId: match.enterprise_id,
    messageThreadId: match.message_thread_id,
    match,
  }));
  return { hits, isComplete, words };
}

/** Whether it asks for nothing, as signs without any letter do. */
function isEmpty({ terms, states, from, to }: SearchQuery): boolean {
  return terms.length === 0 && states.length === 0 && from === 0 && to === Number.MAX_SAFE_INTEGER;
}

/** Whether it came to its end before the time was up. */
async function inTime(work: () => Promise<boolean>): Promise<boolean> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem && error.kind === "timeout") return false;
    throw error;
  }
}

async function searched(
  db: ReadWriter,
  work: Search,
  scope: PropertyScope,
  userId: string,
  query: SearchQuery,
  found: Map<string, SearchMatch>,
  words: (readonly string[])[],
): Promise<boolean> {
  const { enterpriseIds } = scope;
  const ends = await work.reader().all(queries.ends, { enterpriseIds });
  const isIndexed = ends.every(({ sequence, oldest }) => sequence === 0 || (oldest !== null && oldest <= 1));
  const properties = await propertiesOf(db, work.reader(), scope);
  if (properties.length === 0) return isIndexed;
  const to = Math.min(query.to, Math.max(0, ...ends.map(({ created }) => created)) + microsecondsBehind);
  const first = Math.max(query.from, await beginningOf(db, scope, userId, query.states));
  const look = db.engine === "sqlite" ? lookInSqlite : lookInPostgres;
  const terms = await expanded(work.reader(), properties, query.terms);
  const sought: Sought = { properties, terms, states: query.states, userId };
  words.push(...terms.flatMap(({ rows }) => rows));
  const isThrough = await lookThrough(work, look, sought, first, to, found);
  if (found.size > 0 || !isThrough || db.engine === "sqlite") return isThrough && isIndexed;

  await inTime(async () => {
    const corrected = await mistyped(db.searchReader(similarTime), properties, terms);
    if (!corrected) return true;
    words.splice(0, words.length, ...corrected.flatMap(({ rows }) => rows));
    return lookThrough(work, look, { ...sought, terms: corrected }, first, to, found);
  });
  // What was asked for is nowhere, whatever similar words there are.
  return isIndexed;
}

/** So many threads of a list are looked at to know how old the oldest is. */
const fewThreads = 500;

/** Before when nothing is in a thread of these states, where such threads are few. */
async function beginningOf(
  reader: Reader,
  scope: PropertyScope,
  userId: string,
  wanted: readonly SearchedState[],
): Promise<Microseconds> {
  if (wanted.length === 0) return 0;
  const { rows } = await inboxPage(reader, scope, userId, viewOf(wanted), fewThreads);
  if (rows.length >= fewThreads) return 0;
  return rows.reduce((oldest, { created }) => Math.min(oldest, created), Number.MAX_SAFE_INTEGER);
}

/** Where two properties wrote at once, a place is a little later than the time. */
const microsecondsBehind = seconds(1);

async function propertiesOf(
  db: ReadWriter,
  reader: Reader,
  { enterpriseIds }: PropertyScope,
): Promise<SearchedProperty[]> {
  if (db.engine === "postgres") return enterpriseIds.map((id) => ({ id }));
  const rows = await reader.all(queries.numbers, { enterpriseIds });
  return rows.map(({ enterprise_id, number }) => ({ id: enterprise_id, number }));
}

/** The first stretch that is looked through, and by how much the next one may be longer. */
const firstStretch = hours(4);
const maxGrowth = 8;

/** What one look is to take, in milliseconds: after a longer one, the next is at a shorter stretch. */
const lookTime = 40;

/**
 * From the newest on, stretch by stretch: each as long as the one before lets expect that enough will be found there,
 * and no more.
 * @returns whether it has seen everything, or found enough
 */
async function lookThrough(
  { reader, isOver, count }: Search,
  look: Look,
  sought: Sought,
  first: Microseconds,
  last: Microseconds,
  found: Map<string, SearchMatch>,
): Promise<boolean> {
  const limit = 4 * count;
  let length = firstStretch;
  let to = last;
  while (to > first && found.size < count) {
    if (isOver()) return false;
    const from = Math.max(first, to - length);
    const begin = performance.now();
    const matches = await look(reader(), sought, { from, to, limit });
    const known = found.size;
    for (const match of matches) {
      const key = `${match.enterprise_id} ${match.message_thread_id}`;
      if (found.size < count && !found.has(key)) found.set(key, match);
    }
    const end = matches.at(-1)?.place ?? from;
    const isFull = matches.length >= limit;
    // Several may have one place, and the last of them may not have been among these.
    const next = isFull ? Math.min(to - 1, end + 1) : from;
    const covered = to - next;
    to = next;
    const missing = (count - found.size) / Math.max(1, found.size - known);
    const growth = isFull ? 2 : Math.min(maxGrowth, Math.max(1, 2 * missing));
    length = Math.ceil(covered * (performance.now() - begin > lookTime ? growth / 4 : growth));
  }
  return true;
}

/** The list of the inbox that has all threads of the filters, as far as there is one. */
const views: readonly (readonly [SearchedState, View])[] = [
  ["mine", "Mine"],
  ["awaiting", "Awaiting"],
  ["unassigned", "Unassigned"],
  ["open", "Open"],
  ["resolved", "Resolved"],
];

function viewOf(wanted: readonly SearchedState[]): View {
  return views.find(([state]) => wanted.includes(state))?.[1] ?? "All";
}

/** How many threads of a list are looked at at once. */
const page = 200;

/** What has no words to look for is found in the lists of the inbox. */
async function listed(
  db: Reader,
  work: Search,
  scope: PropertyScope,
  userId: string,
  query: SearchQuery,
): Promise<SearchOutcome> {
  const { isOver, count } = work;
  const view = viewOf(query.states);
  const isByUpdate = view !== "Awaiting";
  const hits: { readonly hit: SearchHit; readonly updated: Microseconds }[] = [];
  let cursor: string | null = isByUpdate ? `${Math.min(query.to, Number.MAX_SAFE_INTEGER)} ${nilIdentifier}` : null;
  const outcome = (isComplete: boolean): SearchOutcome => {
    const newest = hits.toSorted((a, b) => b.updated - a.updated).slice(0, count);
    return { hits: newest.map(({ hit }) => hit), isComplete, words: [] };
  };
  const isComplete = await inTime(async () => {
    for (;;) {
      if (isOver()) return false;
      const { rows, cursor: next } = await inboxPage(db, scope, userId, view, page, cursor);
      for (const row of rows) {
        if (isByUpdate && row.updated < query.from) return true;
        if (row.updated < query.from || row.updated >= query.to || !query.states.every((is) => states[is](row, userId)))
          continue;
        hits.push({
          hit: { enterpriseId: row.enterprise_id, messageThreadId: row.id, match: undefined },
          updated: row.updated,
        });
      }
      if (!next || (isByUpdate && hits.length >= count)) return true;
      cursor = next;
    }
  });
  return outcome(isComplete);
}

interface ListedThread {
  readonly is_resolved: 0 | 1;
  readonly waiting_since: Microseconds | null;
  readonly assignee_id: string;
}

const states: Readonly<Record<SearchedState, (thread: ListedThread, userId: string) => boolean>> = {
  open: ({ is_resolved }) => !is_resolved,
  resolved: ({ is_resolved }) => Boolean(is_resolved),
  awaiting: ({ waiting_since }) => waiting_since !== null,
  mine: ({ is_resolved, assignee_id }, userId) => !is_resolved && assignee_id === userId,
  unassigned: ({ is_resolved, assignee_id }) => !is_resolved && assignee_id === nilIdentifier,
};
