import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import type { Reader } from "../db.ts";
import { lateral, type Query, queryOf, sql } from "../query.ts";
import type { PropertyLogRow } from "../rows.ts";
import { type ExpandedTerm, matchText, type SearchedState, tsqueryText } from "./terms.ts";

/**
 * An entry of a property's log that has what is looked for. The place says where it stands in the order of the search,
 * the newest last; it is close to when the entry was written.
 */
export type SearchMatch = Pick<PropertyLogRow, "enterprise_id" | "message_thread_id" | "message_id" | "created"> & {
  readonly place: Microseconds;
  readonly kind: "ThreadAdded" | "MessageAdded" | "NoteAdded";
};

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
  mine: "NOT thread.is_resolved AND thread.assignee_id = :userId",
  unassigned: `NOT thread.is_resolved AND thread.assignee_id = '${nilIdentifier}'`,
};

/** A look into the index of words for what has the terms, in a stretch of time. */
type LookParameters = {
  readonly terms: string;
  readonly from: Microseconds;
  readonly to: Microseconds;
  readonly enterpriseIds: readonly string[];
  readonly userId: string;
  readonly limit: number;
};

const joinLog = lateral(
  "property_log",
  "log",
  sql`log.enterprise_id = ${{ sqlite: "progress", postgres: "document" }}.enterprise_id
      AND log.sequence = document.sequence`,
);

const joinThread = lateral(
  "message_thread",
  "thread",
  "thread.enterprise_id = log.enterprise_id AND thread.id = log.message_thread_id",
);

/**
 * Finds the newest matches whose threads are in all of the states. SQLite walks its index from the newest entry on, as far
 * as it must: the scope is named to the index where it is small enough, and held against every match in any case.
 * PostgreSQL reads all matches of the stretch, of the properties of the scope alone, and keeps the newest.
 */
export function matchesIn(states: readonly SearchedState[]): Query<SearchMatch, LookParameters> {
  const thread = states.length > 0 ? joinThread : sql``;
  const conditionsOf = states.map((state) => conditions[state]);
  const newest = "ORDER BY document.created DESC LIMIT :limit";
  // SQLite's index would hold bounds that are no integers, as numbers come from JavaScript, against every entry it has.
  return queryOf({
    sqlite: sql`
    SELECT document.id AS place, ${columns}
    FROM search_index
    ${lateral("search_document", "document", "document.id = search_index.rowid")}
    ${lateral("search_progress", "progress", "progress.number = document.property")}
    ${joinLog} ${thread}
    WHERE search_index MATCH :terms
      AND search_index.rowid >= CAST(:from AS INTEGER) AND search_index.rowid < CAST(:to AS INTEGER)
      AND progress.enterprise_id IN (SELECT value FROM json_each(:enterpriseIds))
      ${conditionsOf.map((condition) => `AND ${condition}`).join(" ")}
    ORDER BY search_index.rowid DESC LIMIT :limit + 0`.sqlite,
    postgres: sql`
    SELECT document.created AS place, ${columns}
    FROM (
      SELECT document.enterprise_id, document.sequence, document.created FROM search_document AS document
      WHERE document.words @@ :terms::tsquery AND document.created >= :from AND document.created < :to
        AND document.enterprise_id = ANY (:enterpriseIds::uuid[])
      ${states.length > 0 ? "" : newest}
    ) AS document
    ${joinLog} ${thread}
    ${states.length > 0 ? `WHERE ${conditionsOf.join(" AND ")}` : ""}
    ${newest}`.postgres,
  });
}

export const lookInSqlite: Look = (reader, sought, stretch) => {
  const numbers = sought.properties.flatMap(({ number }) => number ?? []);
  return look(reader, sought, stretch, matchText(sought.terms, numbers));
};

export const lookInPostgres: Look = (reader, sought, stretch) => {
  const { properties, terms } = sought;
  const { from, to } = stretch;
  return look(
    reader,
    sought,
    stretch,
    tsqueryText(
      terms,
      properties.map(({ id }) => id),
      from,
      to,
    ),
  );
};

function look(reader: Reader, { properties, states, userId }: Sought, stretch: Stretch, terms: string) {
  const enterpriseIds = properties.map(({ id }) => id);
  return reader.all(matchesIn(states), { terms, ...stretch, enterpriseIds, userId });
}
