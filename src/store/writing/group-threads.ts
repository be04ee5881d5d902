import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import type { SenderDiscriminator } from "../../protocol/connector/messages.ts";
import type { Row, Transaction } from "../db.ts";
import { type CountChange, saveCounts } from "../lists/inbox-counts.ts";
import { type ThreadRow, threadColumns } from "../lists/threads.ts";
import { updatedThreadDocument } from "./documents.ts";
import { keyOf, type LocatedWrite } from "./located-writes.ts";
import { countedAs, firstWords, summaryColumns, type ThreadSummary } from "./thread-summary.ts";

export interface GroupThreadRow extends ThreadRow, ThreadSummary {}

/** A thread as the writes of a group so far leave it. */
export interface GroupThread {
  readonly row: GroupThreadRow;
  readonly isNew: boolean;
  updated: Microseconds;
  isResolved: boolean;
  assigneeId: string;
  waitingSince: Microseconds | null;
  lastSender: SenderDiscriminator | null;
  lastUserId: string | null;
  lastPosition: number;
  /** Of the last message that the group has added. */
  lastText: string | undefined;
}

/** What of a thread changes, and by what it is found. */
const key = ["enterprise_id", "client_id", "created"];
const changes = [
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
  threads: `
    SELECT ${threadColumns}, ${summaryColumns} FROM json_each(?2) AS wanted
    CROSS JOIN message_thread AS thread ON thread.enterprise_id = ?1 AND thread.id = wanted.value`,
};

/** A thread that a group opens, by what the entry of the log gave it. */
export function newThread(row: Omit<ThreadRow, "updated" | "is_resolved">, position: number): GroupThread {
  const updated = row.created;
  const summary: ThreadSummary = {
    assignee_id: nilIdentifier,
    waiting_since: updated,
    last_words: null,
    last_sender: null,
    last_user_id: null,
    last_position: position,
    counted: 0,
    summarized: updated,
  };
  return groupThread({ ...row, updated, is_resolved: 0, ...summary }, true);
}

function groupThread(row: GroupThreadRow, isNew: boolean): GroupThread {
  return {
    row,
    isNew,
    updated: row.updated,
    isResolved: row.is_resolved === 1,
    assigneeId: row.assignee_id,
    waitingSince: row.waiting_since,
    lastSender: row.last_sender,
    lastUserId: row.last_user_id,
    lastPosition: row.last_position,
    lastText: undefined,
  };
}

/** The threads that the writes name, as far as there are any, by property and id. */
export async function readThreads(
  transaction: Transaction,
  writes: readonly LocatedWrite[],
): Promise<Map<string, GroupThread>> {
  const wanted = new Map<string, Set<string>>();
  for (const { threadIds } of writes) {
    for (const [enterpriseId, ids] of threadIds) {
      if (ids.length > 0) wanted.set(enterpriseId, new Set([...(wanted.get(enterpriseId) ?? []), ...ids]));
    }
  }
  const lists = await Promise.all(
    [...wanted].map(([enterpriseId, ids]) => readGroupThreads(transaction, enterpriseId, [...ids])),
  );
  return new Map(lists.flat().map((thread) => [keyOf(thread.row.enterprise_id, thread.row.id), thread]));
}

/** Threads of one property. */
export async function readGroupThreads(
  transaction: Transaction,
  enterpriseId: string,
  ids: readonly string[],
): Promise<GroupThread[]> {
  const rows = await transaction.all<GroupThreadRow>(queries.threads, enterpriseId, JSON.stringify(ids));
  return rows.map((row) => groupThread(row, false));
}

/** Writes back what the group has changed, with the counts of the inbox. */
export async function saveThreads(transaction: Transaction, threads: readonly GroupThread[]): Promise<void> {
  const added = threads.filter(({ isNew }) => isNew);
  const changed = threads.filter((thread) => !thread.isNew && isChanged(thread));
  await transaction.insert("message_thread", added.map(savedThread));
  await transaction.update("message_thread", key, changes, changed.map(savedThread));
  await saveCounts(transaction, [...added, ...changed].map(countChange));
}

/** Writes back threads of which everything was looked at. */
export async function saveSummaries(transaction: Transaction, threads: readonly GroupThread[]): Promise<void> {
  const rows = threads.map((thread) => ({ ...savedThread(thread), summarized: thread.updated }));
  await transaction.update("message_thread", key, changes, rows);
  await saveCounts(transaction, threads.map(countChange));
}

function isChanged({ row, updated, assigneeId }: GroupThread): boolean {
  return updated !== row.updated || assigneeId !== row.assignee_id;
}

/** The thread as the API answers it, with what the group has changed. */
export function documentOf({ row, updated, isResolved }: GroupThread): string {
  return updated === row.updated ? row.document : updatedThreadDocument(row.document, updated, isResolved);
}

function savedThread(thread: GroupThread): Row {
  const { row, updated, isResolved, lastText } = thread;
  return {
    ...row,
    updated,
    is_resolved: isResolved ? 1 : 0,
    document: documentOf(thread),
    assignee_id: thread.assigneeId,
    waiting_since: thread.waitingSince,
    last_words: lastText === undefined ? row.last_words : firstWords(lastText),
    last_sender: thread.lastSender,
    last_user_id: thread.lastUserId,
    last_position: thread.lastPosition,
    counted: countedAs(isResolved, thread.waitingSince),
    // What somebody else has left unsummarized stays so, until it is looked at as a whole.
    summarized: row.summarized === row.updated ? updated : row.summarized,
  };
}

function countChange({ row, assigneeId, isResolved, waitingSince }: GroupThread): CountChange {
  return {
    enterpriseId: row.enterprise_id,
    before: { assigneeId: row.assignee_id, counted: row.counted },
    after: { assigneeId, counted: countedAs(isResolved, waitingSince) },
  };
}
