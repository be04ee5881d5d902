import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { invalid } from "../../core/problem.ts";
import type { SenderDiscriminator } from "../../protocol/connector/messages.ts";
import type { View } from "../../protocol/staff/inbox.ts";
import type { Reader, Value } from "../db.ts";
import type { PropertyScope } from "../scope.ts";
import { inStatements, mergedQuery, parametersOf, rememberedQuery, type Source, shapeOf } from "./merged-lists.ts";

/** A thread as the lists of the inbox show it. */
export interface InboxThreadRow {
  readonly enterprise_id: string;
  readonly id: string;
  readonly created: Microseconds;
  readonly updated: Microseconds;
  readonly is_resolved: 0 | 1;
  /** As the Connector API answers it, with sender and subject. */
  readonly document: string;
  readonly assignee_id: string;
  readonly waiting_since: Microseconds | null;
  readonly last_words: string | null;
  readonly last_sender: SenderDiscriminator | null;
  readonly last_user_id: string | null;
  readonly last_position: number;
}

/** Where a page of a list ends. Within a property no two threads have the same place. */
interface ListPlace {
  readonly place: Microseconds;
  readonly enterpriseId: string;
}

const columns = `
  thread.enterprise_id, thread.id, thread.created, thread.updated, thread.is_resolved, thread.document,
  thread.assignee_id, thread.waiting_since, thread.last_words, thread.last_sender, thread.last_user_id,
  thread.last_position`;

const awaiting: Source = ([place, enterprise], [enterpriseId]) => `
  SELECT ${columns}
  FROM message_thread AS thread INDEXED BY message_thread_awaiting
  WHERE thread.enterprise_id = ${enterpriseId} AND thread.waiting_since IS NOT NULL
    AND (thread.waiting_since, thread.enterprise_id) > (${place}, ${enterprise})`;

const byState: Source = ([place, enterprise], [enterpriseId, isResolved]) => `
  SELECT ${columns}
  FROM message_thread AS thread INDEXED BY message_thread_by_state
  WHERE thread.enterprise_id = ${enterpriseId} AND thread.is_resolved = ${isResolved}
    AND (thread.updated, thread.enterprise_id) < (${place}, ${enterprise})`;

const openOfAssignee: Source = ([place, enterprise], [enterpriseId, assigneeId]) => `
  SELECT ${columns}
  FROM message_thread AS thread INDEXED BY message_thread_open_by_assignee
  WHERE thread.enterprise_id = ${enterpriseId} AND thread.assignee_id = ${assigneeId} AND NOT thread.is_resolved
    AND (thread.updated, thread.enterprise_id) < (${place}, ${enterprise})`;

export const sources = { awaiting, byState, openOfAssignee };

export const queries = {
  rows: `
    SELECT ${columns} FROM json_each(?1) AS scope
    CROSS JOIN json_each(?2) AS wanted
    CROSS JOIN message_thread AS thread ON thread.enterprise_id = scope.value AND thread.id = wanted.value`,
};

export const longestWaiting = rememberedQuery((source, shape) =>
  mergedQuery(source, shape, "waiting_since, enterprise_id"),
);
export const lastUpdated = rememberedQuery((source, shape) =>
  mergedQuery(source, shape, "updated DESC, enterprise_id DESC"),
);

interface ListKind {
  readonly source: Source;
  /** What each property's list is found by. */
  readonly own: (enterpriseId: string, userId: string) => readonly (readonly Value[])[];
}

const lists: Readonly<Record<View, ListKind>> = {
  Awaiting: { source: awaiting, own: (enterpriseId) => [[enterpriseId]] },
  Open: { source: byState, own: (enterpriseId) => [[enterpriseId, 0]] },
  Resolved: { source: byState, own: (enterpriseId) => [[enterpriseId, 1]] },
  All: { source: byState, own: (enterpriseId) => [0, 1].map((isResolved) => [enterpriseId, isResolved]) },
  Mine: { source: openOfAssignee, own: (enterpriseId, userId) => [[enterpriseId, userId]] },
  Unassigned: { source: openOfAssignee, own: (enterpriseId) => [[enterpriseId, nilIdentifier]] },
};

const first: ListPlace = { place: 0, enterpriseId: nilIdentifier };
const last: ListPlace = { place: Number.MAX_SAFE_INTEGER, enterpriseId: nilIdentifier };

/** One page of a list. */
export interface InboxPage {
  readonly rows: readonly InboxThreadRow[];
  /** Where the next page begins; null when there is none. */
  readonly cursor: string | null;
}

/**
 * The first `limit` threads of a list, or those behind a cursor: who has waited longest, or what was updated last.
 * @throws Problem (invalid) for a cursor that no page had
 */
export async function inboxPage(
  reader: Reader,
  scope: PropertyScope,
  userId: string,
  view: View,
  limit: number,
  cursor?: string | null,
): Promise<InboxPage> {
  const isAscending = view === "Awaiting";
  const { source, own } = lists[view];
  const from = cursor ? placeFrom(cursor) : isAscending ? first : last;
  const shared = [from.place, from.enterpriseId];
  const all = scope.enterpriseIds.flatMap((enterpriseId) => own(enterpriseId, userId));
  const queryOf = isAscending ? longestWaiting : lastUpdated;
  const placeOf = (row: InboxThreadRow): ListPlace => ({
    place: isAscending ? (row.waiting_since ?? 0) : row.updated,
    enterpriseId: row.enterprise_id,
  });
  let rows: InboxThreadRow[] = [];
  for (const some of inStatements({ source, own: all })) {
    const parameters = parametersOf(shared, some, limit);
    const found = await reader.all<InboxThreadRow>(queryOf(source, shapeOf(shared, some)), ...parameters);
    rows = [...rows, ...found].sort((a, b) => (isAscending ? 1 : -1) * inOrder(placeOf(a), placeOf(b))).slice(0, limit);
  }
  const end = rows.at(-1);
  if (!end || rows.length < limit) return { rows, cursor: null };
  const { place, enterpriseId } = placeOf(end);
  return { rows, cursor: `${place} ${enterpriseId}` };
}

function inOrder(a: ListPlace, b: ListPlace): number {
  if (a.place !== b.place) return a.place - b.place;
  return a.enterpriseId < b.enterpriseId ? -1 : 1;
}

function placeFrom(cursor: string): ListPlace {
  const [, place, enterpriseId] = /^(\d{1,16}) ([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (!place || !enterpriseId) throw invalid("Limitation.Cursor is not one that this server has answered.");
  return { place: Number(place), enterpriseId };
}

/** Threads by their ids, as far as they are in scope, in any order. */
export async function inboxRows(
  reader: Reader,
  scope: PropertyScope,
  ids: readonly string[],
): Promise<InboxThreadRow[]> {
  if (ids.length === 0) return [];
  return reader.all<InboxThreadRow>(queries.rows, JSON.stringify(scope.enterpriseIds), JSON.stringify(ids));
}
