import type { Microseconds } from "../../core/clock.ts";
import { nilIdentifier } from "../../core/identifiers.ts";
import type { AddedMessage, AddedNote } from "../../messaging/decide.ts";
import type { LogEntry } from "../../messaging/log.ts";
import type { Row, Transaction } from "../db.ts";
import type { LogChange } from "../log/property-log.ts";
import { markWaiting } from "../webhooks/queue.ts";
import { compositeKey } from "./composite-key.ts";
import type { Group } from "./load-group.ts";
import { saveLogEnd } from "./log-ends.ts";
import { saveThreads } from "./thread-rows.ts";

/**
 * Saves what the writes of a group have come to, in as few statements as there are kinds of rows.
 * @returns what is to be announced, once it is committed
 */
export async function saveGroup(transaction: Transaction, group: Group, now: Microseconds): Promise<LogChange[]> {
  const { entries, threads, messages, notes, kept, logEnds } = group;
  await transaction.insert("property_log", entries.map(entryRow));
  await saveThreads(transaction, [...threads.values()]);
  await transaction.insert("message", messages.map(messageRow));
  await transaction.insert("note", notes.map(noteRow));
  for (const enterpriseId of new Set(entries.map((entry) => entry.enterpriseId))) {
    const end = logEnds.get(enterpriseId);
    if (end) await saveLogEnd(transaction, enterpriseId, end);
  }
  await kept.save(transaction);
  const changes = changesIn(entries);
  for (const change of changes) {
    if (change.clientId !== nilIdentifier) await markWaiting(transaction, change, now);
  }
  return changes;
}

/** One change for each property and client that learns of entries. No client is told that a thread was opened. */
function changesIn(entries: readonly LogEntry[]): LogChange[] {
  const changes = new Map<string, LogChange>();
  for (const { enterpriseId, kind, clientId: author, created } of entries) {
    const clientId = kind === "ThreadAdded" ? nilIdentifier : author;
    const key = compositeKey(enterpriseId, clientId);
    if (!changes.has(key)) changes.set(key, { enterpriseId, clientId, created });
  }
  return [...changes.values()];
}

function entryRow(entry: LogEntry): Row {
  return {
    enterprise_id: entry.enterpriseId,
    sequence: entry.sequence,
    created: entry.created,
    kind: entry.kind,
    client_id: entry.clientId,
    message_thread_id: entry.messageThreadId,
    message_id: entry.messageId,
    user_id: entry.userId,
    assignee_id: entry.assigneeId,
  };
}

function messageRow({ entry, document }: AddedMessage): Row {
  return {
    enterprise_id: entry.enterpriseId,
    message_thread_id: entry.messageThreadId,
    created: entry.created,
    id: entry.messageId,
    client_id: entry.clientId,
    document,
    user_id: entry.userId,
  };
}

function noteRow({ entry, text }: AddedNote): Row {
  return {
    enterprise_id: entry.enterpriseId,
    id: entry.messageId,
    message_thread_id: entry.messageThreadId,
    user_id: entry.userId,
    created: entry.created,
    text,
  };
}
