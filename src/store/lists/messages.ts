import type { TimeRange } from "../../protocol/connector/interval.ts";
import { firstRow, type Reader, type Readers } from "../db.ts";
import type { ClientScope } from "../scope.ts";
import type { Source } from "./merged-lists.ts";
import { boundsOf, newestFirst, type Page, type Place, readPage } from "./newest-first.ts";
import { locateThreads } from "./threads.ts";

/** Which messages a list has; all given filters hold together. At least one kind of ids must be given. */
export interface MessageFilter {
  readonly threadIds?: readonly string[] | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly created?: TimeRange | undefined;
}

const ofThread: Source = ([clientId, from, created, enterprise], [enterpriseId, threadId]) => `
  SELECT created, enterprise_id, document FROM message
  WHERE enterprise_id = ${enterpriseId} AND message_thread_id = ${threadId} AND client_id = ${clientId}
    AND created >= ${from} AND (created, enterprise_id) < (${created}, ${enterprise})`;

export const sources = { ofThread };

export const queries = {
  place: `
    SELECT message.created, message.enterprise_id FROM json_each(?1) AS scope
    CROSS JOIN message ON message.enterprise_id = scope.value AND message.id = ?2
    WHERE message.client_id = ?3
    LIMIT 1`,
  // Sorts no more rows than identifiers were asked for, at most 1,000.
  pageOfIds: `
    SELECT CAST(string_agg(document, ',') AS BLOB) AS documents, count(*) AS count FROM (
      SELECT message.document FROM json_each(?1) AS scope
      CROSS JOIN json_each(?2) AS wanted
      CROSS JOIN message ON message.enterprise_id = scope.value AND message.id = wanted.value
      WHERE message.client_id = ?3
        AND message.created >= ?4 AND (message.created, message.enterprise_id) < (?5, ?6)
        AND (message.message_thread_id IN (SELECT value FROM json_each(?7)) OR ?7 IS NULL)
      ORDER BY message.created DESC, message.enterprise_id DESC LIMIT ?8 + 0)`,
};

/** The newest `limit` messages of the filter that are older than `before`. */
export async function messagePage(
  db: Readers,
  scope: ClientScope,
  filter: MessageFilter,
  before: Place | undefined,
  limit: number,
): Promise<Page> {
  const shared = boundsOf(scope.clientId, filter.created, before);

  if (filter.ids) {
    const ids = JSON.stringify([...new Set(filter.ids)]);
    const threadIds = filter.threadIds ? JSON.stringify(filter.threadIds) : null;
    return readPage(db, queries.pageOfIds, JSON.stringify(scope.enterpriseIds), ids, ...shared, threadIds, limit);
  }
  const threads = await locateThreads(db, scope, filter.threadIds ?? []);
  const own = threads.map((thread) => [thread.enterprise_id, thread.id]);
  return newestFirst(db, shared, [{ source: ofThread, own }], limit);
}

/** Where a message stands in the lists of its client; `undefined` when it is not the caller's. */
export async function messagePlace(db: Reader, scope: ClientScope, id: string): Promise<Place | undefined> {
  const row = await firstRow<{ created: number; enterprise_id: string }>(
    db,
    queries.place,
    JSON.stringify(scope.enterpriseIds),
    id,
    scope.clientId,
  );
  return row && { created: row.created, enterpriseId: row.enterprise_id };
}
