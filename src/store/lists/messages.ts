import type { TimeRange } from "../../protocol/connector/interval.ts";
import { firstRow, type Reader, type Readers } from "../db.ts";
import { each, lateral, query, sql } from "../query.ts";
import type { MessageRow } from "../rows.ts";
import type { ClientScope } from "../scope.ts";
import { listsOf, type Source } from "./merged-lists.ts";
import {
  boundsOf,
  type Item,
  type ListBounds,
  newestFirst,
  type Page,
  type PageRow,
  type Place,
  pageOf,
  readPage,
} from "./newest-first.ts";
import { locateThreads } from "./threads.ts";

/** Which messages a list has; all given filters hold together. At least one kind of ids must be given. */
export interface MessageFilter {
  readonly threadIds?: readonly string[] | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly created?: TimeRange | undefined;
}

const ofThread: Source<Item, ListBounds, { readonly enterpriseId: string; readonly threadId: string }> = {
  own: ["enterpriseId", "threadId"],
  select: sql`
    SELECT created, enterprise_id, document FROM message
    WHERE enterprise_id = :enterpriseId AND message_thread_id = :threadId AND client_id = :clientId
      AND created >= :from AND (created, enterprise_id) < (:before, :beforeEnterpriseId)`,
};

export const sources = { ofThread };

export const queries = {
  place: query<
    Pick<MessageRow, "created" | "enterprise_id">,
    { readonly enterpriseIds: readonly string[]; readonly id: string; readonly clientId: string }
  >`
    SELECT message.created, message.enterprise_id FROM ${each("enterpriseIds", "scope")}
    ${lateral("message", "message", "message.enterprise_id = scope.value AND message.id = :id")}
    WHERE message.client_id = :clientId
    LIMIT 1`,
  // Sorts no more rows than identifiers were asked for, at most 1,000.
  pageOfIds: query<
    PageRow,
    ListBounds & {
      readonly enterpriseIds: readonly string[];
      readonly ids: readonly string[];
      /** Null for messages of all threads. */
      readonly threadIds: readonly string[] | null;
      readonly limit: number;
    }
  >`${pageOf(sql`
    SELECT message.created, message.enterprise_id, message.document
    FROM ${each("enterpriseIds", "scope")} CROSS JOIN ${each("ids", "wanted")}
    ${lateral("message", "message", "message.enterprise_id = scope.value AND message.id = wanted.value")}
    WHERE message.client_id = :clientId
      AND message.created >= :from AND (message.created, message.enterprise_id) < (:before, :beforeEnterpriseId)
      AND (message.message_thread_id IN (SELECT value FROM ${each("threadIds", "wanted_thread")}) OR :threadIds IS NULL)
    ORDER BY message.created DESC, message.enterprise_id DESC LIMIT :limit + 0`)}`,
};

/** The newest `limit` messages of the filter that are older than `before`. */
export async function messagePage(
  db: Readers,
  scope: ClientScope,
  filter: MessageFilter,
  before: Place | undefined,
  limit: number,
): Promise<Page> {
  const bounds = boundsOf(scope.clientId, filter.created, before);
  if (filter.ids) {
    const { enterpriseIds } = scope;
    const wanted = { enterpriseIds, ids: [...new Set(filter.ids)], threadIds: filter.threadIds ?? null, limit };
    return readPage(db, queries.pageOfIds, { ...bounds, ...wanted });
  }
  const threads = await locateThreads(db, scope, filter.threadIds ?? []);
  const own = threads.map(({ enterprise_id, id }) => ({ enterpriseId: enterprise_id, threadId: id }));
  return newestFirst(db, [listsOf(ofThread, own)], bounds, limit);
}

/** Where a message stands in the lists of its client; `undefined` when it is not the caller's. */
export async function messagePlace(db: Reader, scope: ClientScope, id: string): Promise<Place | undefined> {
  const { enterpriseIds, clientId } = scope;
  const row = await firstRow(db, queries.place, { enterpriseIds, id, clientId });
  return row && { created: row.created, enterpriseId: row.enterprise_id };
}
