import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import type { Reader } from "../db.ts";
import { type ExpandedTerm, matchText, type SearchedState, tsqueryText } from "./terms.ts";

/** An entry of a property's log that has what is looked for. */
export interface SearchMatch {
  /** Where it stands in the order of the search, the newest last; close to when it was written. */
  readonly place: Microseconds;
  readonly enterprise_id: string;
  readonly kind: "ThreadAdded" | "MessageAdded" | "NoteAdded";
  readonly message_thread_id: string;
  /** Of the message or the note. */
  readonly message_id: string | null;
  readonly created: Microseconds;
}

/** A property that is searched. */
export interface SearchedProperty {
  readonly id: string;
  /** On SQLite, what the index knows it by. */
  readonly number?: number;
}

/** What all looks of one search have in common. */
export interface Sought {
  readonly properties: readonly SearchedProperty[];
  readonly terms: readonly ExpandedTerm[];
  readonly states: readonly SearchedState[];
  readonly userId: string;
}

/** A stretch of time, from a place up to and without another, and how many matches to find there at most. */
export interface Stretch {
  readonly from: Microseconds;
  readonly to: Microseconds;
  readonly limit: number;
}

/** The newest matches of a stretch, newest first. */
export type Look = (reader: Reader, sought: Sought, stretch: Stretch) => Promise<SearchMatch[]>;

const columns = "log.enterprise_id, log.kind, log.message_thread_id, log.message_id, log.created";

/** What each state says of the thread of a match. */
const conditions: Readonly<Record<SearchedState, string>> = {
  open: "NOT thread.is_resolved",
  resolved: "thread.is_resolved",
  awaiting: "thread.waiting_since IS NOT NULL",
  mine: "NOT thread.is_resolved AND thread.assignee_id = ?6",
  unassigned: `NOT thread.is_resolved AND thread.assignee_id = '${nilIdentifier}'`,
};

const joinThread = `
    CROSS JOIN message_thread AS thread ON thread.enterprise_id = log.enterprise_id
      AND thread.id = log.message_thread_id`;

/**
 * Walks the index of SQLite from the newest entry on, as far as it must. The scope is named to the index where it is
 * small enough, and held against every match in any case. Bounds that are no integers, as numbers come from JavaScript,
 * the index would hold against every entry that it has.
 */
export function sqliteMatches(states: readonly SearchedState[]): string {
  return `
    SELECT document.id AS place, ${columns}
    FROM search_index
    CROSS JOIN search_document AS document ON document.id = search_index.rowid
    CROSS JOIN search_progress AS progress ON progress.number = document.property
    CROSS JOIN property_log AS log ON log.enterprise_id = progress.enterprise_id AND log.sequence = document.sequence
    ${states.length > 0 ? joinThread : ""}
    WHERE search_index MATCH ?1
      AND search_index.rowid >= CAST(?2 AS INTEGER) AND search_index.rowid < CAST(?3 AS INTEGER)
      AND progress.enterprise_id IN (SELECT value FROM json_each(?4))
      ${states.map((state) => `AND ${conditions[state]}`).join(" ")}
    ORDER BY search_index.rowid DESC LIMIT ?5 + 0`;
}

/** Reads all matches of a stretch, of the properties of the scope alone, and keeps the newest. */
export function postgresMatches(states: readonly SearchedState[]): string {
  const newest = "ORDER BY document.created DESC LIMIT ?5";
  const where = states.map((state) => conditions[state]).join(" AND ");
  return `
    SELECT document.created AS place, ${columns}
    FROM (
      SELECT document.enterprise_id, document.sequence, document.created FROM search_document AS document
      WHERE document.words @@ ?1::tsquery AND document.created >= ?2 AND document.created < ?3
        AND document.enterprise_id = ANY (?4::uuid[])
      ${states.length > 0 ? "" : newest}
    ) AS document
    CROSS JOIN property_log AS log ON log.enterprise_id = document.enterprise_id
      AND log.sequence = document.sequence
    ${states.length > 0 ? `${joinThread} WHERE ${where}` : ""}
    ${newest}`;
}

export const lookInSqlite: Look = (reader, sought, { from, to, limit }) => {
  const { properties, terms, states } = sought;
  const numbers = properties.flatMap(({ number }) => number ?? []);
  const scope = JSON.stringify(properties.map(({ id }) => id));
  const text = sqliteMatches(states);
  return reader.all(text, matchText(terms, numbers), from, to, scope, limit, ...userOf(sought));
};

export const lookInPostgres: Look = (reader, sought, { from, to, limit }) => {
  const { properties, terms, states } = sought;
  const ids = properties.map(({ id }) => id);
  const text = postgresMatches(states);
  const tsquery = tsqueryText(terms, ids, from, to);
  return reader.all(text, tsquery, from, to, `{${ids.join(",")}}`, limit, ...userOf(sought));
};

function userOf({ states, userId }: Sought): string[] {
  return states.includes("mine") ? [userId] : [];
}
