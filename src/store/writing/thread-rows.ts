import { nilIdentifier } from "../../core/identifiers.ts";
import { standingOf } from "../../messaging/summary.ts";
import { documentOf, type Thread } from "../../messaging/thread.ts";
import type { SenderDiscriminator } from "../../protocol/connector/messages.ts";
import type { Row, Transaction } from "../db.ts";
import { type CountChange, saveCounts } from "../lists/inbox-counts.ts";
import { threadColumns } from "../lists/threads.ts";
import { each, lateral, query } from "../query.ts";
import type { MessageThreadRow } from "../rows.ts";

/** A thread's row, with its summary for the lists of the inbox. */
type SummarizedRow = MessageThreadRow & { readonly last_sender: SenderDiscriminator | null };

/** As what `inbox_count` counts a thread, in the column `counted`: not yet, open, awaiting a reply, resolved. */
const countedAs = { open: 1, awaiting: 2, resolved: 3 } as const;
const standings = [undefined, "open", "awaiting", "resolved"] as const;

/** A thread, and the row that it was loaded from; a new thread has none. */
export interface StoredThread {
  readonly row: SummarizedRow | undefined;
  readonly thread: Thread;
}

/** The columns that find a thread, and those that change. */
export const threadKey = ["enterprise_id", "client_id", "created"];
export const threadChanges = [
  "updated",
  "is_resolved",
  "document",
  "assignee_id",
  "waiting_since",
  "last_words",
  "last_sender",
  "last_user_id",
  "last_position",
  "counted",
  "summarized",
];

export const queries = {
  threads: query<SummarizedRow, { enterpriseId: string; ids: readonly string[] }>`
    SELECT ${threadColumns}, thread.assignee_id, thread.waiting_since, thread.last_words, thread.last_sender,
      thread.last_user_id, thread.last_position, thread.counted, thread.summarized
    FROM ${each("ids", "wanted")}
    ${lateral("message_thread", "thread", "thread.enterprise_id = :enterpriseId AND thread.id = wanted.value")}`,
};

/** Threads of one property, as far as they are there. */
export async function readThreads(
  transaction: Transaction,
  enterpriseId: string,
  ids: readonly string[],
): Promise<StoredThread[]> {
  const rows = await transaction.all(queries.threads, { enterpriseId, ids });
  return rows.map((row) => ({ row, thread: threadOf(row) }));
}

function threadOf(row: SummarizedRow): Thread {
  return {
    enterpriseId: row.enterprise_id,
    clientId: row.client_id,
    id: row.id,
    created: row.created,
    updated: row.updated,
    isResolved: row.is_resolved === 1,
    loadedDocument: row.document,
    assigneeId: row.assignee_id,
    waitingSince: row.waiting_since,
    lastWords: row.last_words,
    lastSender: row.last_sender,
    lastUserId: row.last_user_id,
    lastPosition: row.last_position,
  };
}

/** Whether a server that writes no summaries has changed the thread since its summary was written. */
export function isStale({ row }: StoredThread): boolean {
  return row !== undefined && row.summarized !== row.updated;
}

/** Saves threads that are new or changed, with the counts of the inbox. A stale summary stays marked as such. */
export async function saveThreads(transaction: Transaction, threads: readonly StoredThread[]): Promise<void> {
  const added = threads.filter(({ row }) => row === undefined);
  const changed = threads.filter((stored) => isChanged(stored));
  await transaction.insert("message_thread", added.map(savedRow));
  await transaction.update("message_thread", threadKey, threadChanges, changed.map(savedRow));
  await saveCounts(transaction, [...added, ...changed].map(countChange));
}

/** Saves threads whose summaries are right as they are here. */
export async function saveSummaries(transaction: Transaction, threads: readonly StoredThread[]): Promise<void> {
  const rows = threads.map((stored) => ({ ...savedRow(stored), summarized: stored.thread.updated }));
  await transaction.update("message_thread", threadKey, threadChanges, rows);
  await saveCounts(transaction, threads.map(countChange));
}

function isChanged({ row, thread }: StoredThread): boolean {
  return row !== undefined && (thread.updated !== row.updated || thread.assigneeId !== row.assignee_id);
}

function savedRow({ row, thread }: StoredThread): Row {
  const { updated } = thread;
  return {
    enterprise_id: thread.enterpriseId,
    client_id: thread.clientId,
    created: thread.created,
    id: thread.id,
    updated,
    is_resolved: thread.isResolved ? 1 : 0,
    document: updated === (row?.updated ?? thread.created) ? thread.loadedDocument : documentOf(thread),
    assignee_id: thread.assigneeId,
    waiting_since: thread.waitingSince,
    last_words: thread.lastWords,
    last_sender: thread.lastSender,
    last_user_id: thread.lastUserId,
    last_position: thread.lastPosition,
    counted: countedAs[standingOf(thread)],
    summarized: row === undefined || row.summarized === row.updated ? updated : row.summarized,
  };
}

function countChange({ row, thread }: StoredThread): CountChange {
  return {
    enterpriseId: thread.enterpriseId,
    before: { assigneeId: row?.assignee_id ?? nilIdentifier, standing: standings[row?.counted ?? 0] },
    after: { assigneeId: thread.assigneeId, standing: standingOf(thread) },
  };
}
