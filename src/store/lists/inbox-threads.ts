import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import { invalid } from "../../core/problem.ts";
import type { SenderDiscriminator } from "../../protocol/connector/messages.ts";
import type { View } from "../../protocol/staff/inbox.ts";
import type { Reader } from "../db.ts";
import { each, indexedBy, lateral, query, sql } from "../query.ts";
import type { MessageThreadRow } from "../rows.ts";
import type { PropertyScope } from "../scope.ts";
import { firstRows, type Lists, listsOf, mergedOrder, type Source } from "./merged-lists.ts";

/** A thread as the lists of the inbox show it. */
export type InboxThreadRow = Pick<
  MessageThreadRow,
  | "enterprise_id"
  | "id"
  | "created"
  | "updated"
  | "is_resolved"
  | "document"
  | "assignee_id"
  | "waiting_since"
  | "last_words"
  | "last_user_id"
  | "last_position"
> & { readonly last_sender: SenderDiscriminator | null };

/** Where a page of a list ends. Within a property no two threads have the same place. */
type ListPlace = { readonly place: Microseconds; readonly placeEnterpriseId: string };

const columns = `
  thread.enterprise_id, thread.id, thread.created, thread.updated, thread.is_resolved, thread.document,
  thread.assignee_id, thread.waiting_since, thread.last_words, thread.last_sender, thread.last_user_id,
  thread.last_position`;

type ListSource<Own extends Readonly<Record<string, string | number>>> = Source<InboxThreadRow, ListPlace, Own>;

const awaiting: ListSource<{ readonly enterpriseId: string }> = {
  own: ["enterpriseId"],
  select: sql`
    SELECT ${columns}
    FROM message_thread AS thread ${indexedBy("message_thread_awaiting")}
    WHERE thread.enterprise_id = :enterpriseId AND thread.waiting_since IS NOT NULL
      AND (thread.waiting_since, thread.enterprise_id) > (:place, :placeEnterpriseId)`,
};

const byState: ListSource<{ readonly enterpriseId: string; readonly isResolved: 0 | 1 }> = {
  own: ["enterpriseId", "isResolved"],
  select: sql`
    SELECT ${columns}
    FROM message_thread AS thread ${indexedBy("message_thread_by_state")}
    WHERE thread.enterprise_id = :enterpriseId AND thread.is_resolved = :isResolved
      AND (thread.updated, thread.enterprise_id) < (:place, :placeEnterpriseId)`,
};

const openOfAssignee: ListSource<{ readonly enterpriseId: string; readonly assigneeId: string }> = {
  own: ["enterpriseId", "assigneeId"],
  select: sql`
    SELECT ${columns}
    FROM message_thread AS thread ${indexedBy("message_thread_open_by_assignee")}
    WHERE thread.enterprise_id = :enterpriseId AND thread.assignee_id = :assigneeId AND NOT thread.is_resolved
      AND (thread.updated, thread.enterprise_id) < (:place, :placeEnterpriseId)`,
};

export const sources = { awaiting, byState, openOfAssignee };

export const queries = {
  rows: query<InboxThreadRow, { readonly enterpriseIds: readonly string[]; readonly ids: readonly string[] }>`
    SELECT ${columns} FROM ${each("enterpriseIds", "scope")}
    CROSS JOIN ${each("ids", "wanted")}
    ${lateral("message_thread", "thread", "thread.enterprise_id = scope.value AND thread.id = wanted.value")}`,
};

function waitingPlace({ waiting_since, enterprise_id }: InboxThreadRow): ListPlace {
  return { place: waiting_since ?? 0, placeEnterpriseId: enterprise_id };
}

function updatedPlace({ updated, enterprise_id }: InboxThreadRow): ListPlace {
  return { place: updated, placeEnterpriseId: enterprise_id };
}

export const longestWaiting = mergedOrder<InboxThreadRow>("waiting_since, enterprise_id", (a, b) =>
  inOrder(waitingPlace(a), waitingPlace(b)),
);
export const lastUpdated = mergedOrder<InboxThreadRow>("updated DESC, enterprise_id DESC", (a, b) =>
  inOrder(updatedPlace(b), updatedPlace(a)),
);

/** What the lists of a view are found by. */
const lists: Readonly<
  Record<View, (enterpriseIds: readonly string[], userId: string) => Lists<InboxThreadRow, ListPlace>>
> = {
  Awaiting: (ids) => listsOf(awaiting, ofEach(ids, {})),
  Open: (ids) => listsOf(byState, ofEach(ids, { isResolved: 0 })),
  Resolved: (ids) => listsOf(byState, ofEach(ids, { isResolved: 1 })),
  All: (ids) => listsOf(byState, [...ofEach(ids, { isResolved: 0 }), ...ofEach(ids, { isResolved: 1 })]),
  Mine: (ids, userId) => listsOf(openOfAssignee, ofEach(ids, { assigneeId: userId })),
  Unassigned: (ids) => listsOf(openOfAssignee, ofEach(ids, { assigneeId: nilIdentifier })),
};

function ofEach<const T>(enterpriseIds: readonly string[], others: T): (T & { readonly enterpriseId: string })[] {
  return enterpriseIds.map((enterpriseId) => ({ enterpriseId, ...others }));
}

const firstPlace: ListPlace = { place: 0, placeEnterpriseId: nilIdentifier };
const lastPlace: ListPlace = { place: Number.MAX_SAFE_INTEGER, placeEnterpriseId: nilIdentifier };

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
  const place = cursor ? placeFrom(cursor) : isAscending ? firstPlace : lastPlace;
  const order = isAscending ? longestWaiting : lastUpdated;
  const rows = await firstRows(reader, order, [lists[view](scope.enterpriseIds, userId)], place, limit);
  const end = rows.at(-1);
  if (!end || rows.length < limit) return { rows, cursor: null };
  const last = isAscending ? waitingPlace(end) : updatedPlace(end);
  return { rows, cursor: `${last.place} ${last.placeEnterpriseId}` };
}

function inOrder(a: ListPlace, b: ListPlace): number {
  if (a.place !== b.place) return a.place - b.place;
  return a.placeEnterpriseId < b.placeEnterpriseId ? -1 : 1;
}

function placeFrom(cursor: string): ListPlace {
  const [, place, enterpriseId] = /^(\d{1,16}) ([0-9a-f-]{36})$/.exec(cursor) ?? [];
  if (!place || !enterpriseId) throw invalid("Limitation.Cursor is not one that this server has answered.");
  return { place: Number(place), placeEnterpriseId: enterpriseId };
}

/** Threads by their ids, as far as they are in scope, in any order. */
export async function inboxRows(
  reader: Reader,
  { enterpriseIds }: PropertyScope,
  ids: readonly string[],
): Promise<InboxThreadRow[]> {
  return ids.length === 0 ? [] : reader.all(queries.rows, { enterpriseIds, ids });
}
