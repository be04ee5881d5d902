import { nilIdentifier } from "../core/identifiers.ts";
import type { MessageThread } from "../protocol/connector/message-threads.ts";
import { formatDateTime } from "../protocol/date-time.ts";
import type { InboxCount, InboxThread } from "../protocol/staff/inbox.ts";
import type { ThreadItem } from "../protocol/staff/threads.ts";
import type { Reader } from "../store/db.ts";
import type { InboxCounts } from "../store/lists/inbox-counts.ts";
import { type InboxThreadRow, inboxPage } from "../store/lists/inbox-threads.ts";
import { entryItem, messageItem } from "../store/lists/thread-items.ts";
import { unreadAmong } from "../store/lists/thread-readings.ts";
import type { LogRow } from "../store/log/property-log.ts";
import type { PropertyScope } from "../store/scope.ts";
import type { StaffCaller } from "./sign-in/caller.ts";

/** Threads as the inbox shows them to one person. */
export async function threadAnswers(
  reader: Reader,
  caller: StaffCaller,
  rows: readonly InboxThreadRow[],
): Promise<InboxThread[]> {
  const unread = await unreadAmong(reader, caller, rows);
  return rows.map((row) => threadAnswer(row, unread.has(row.id)));
}

function threadAnswer(row: InboxThreadRow, isUnread: boolean): InboxThread {
  const { OriginalSender, Subject } = JSON.parse(row.document) as MessageThread;
  return {
    Id: row.id,
    EnterpriseId: row.enterprise_id,
    OriginalSender,
    Subject,
    LastWords: row.last_words,
    LastSender: row.last_sender,
    LastUserId: row.last_user_id,
    CreatedUtc: formatDateTime(row.created),
    UpdatedUtc: formatDateTime(row.updated),
    WaitingSinceUtc: row.waiting_since === null ? null : formatDateTime(row.waiting_since),
    IsResolved: row.is_resolved === 1,
    AssigneeId: row.assignee_id === nilIdentifier ? null : row.assignee_id,
    IsUnread: isUnread,
  };
}

/** An entry of the log as an item of its thread. */
export function itemAnswer(row: LogRow): ThreadItem {
  const { created, document, user_id } = row;
  return document === null ? entryItem(row) : messageItem({ created, document, user_id });
}

export function countAnswer(counts: InboxCounts): InboxCount {
  return {
    EnterpriseId: counts.enterpriseId,
    Awaiting: counts.awaiting,
    Open: counts.open,
    Mine: counts.mine,
    Unassigned: counts.unassigned,
    Resolved: counts.resolved,
    All: counts.all,
  };
}

/** How many of the threads that have waited longest are looked at; more unread ones than this are said to be so many. */
const maxUnread = 100;

/** How many threads wait that the caller has not read. */
export async function unreadCount(reader: Reader, scope: PropertyScope, caller: StaffCaller): Promise<number> {
  const { rows } = await inboxPage(reader, scope, caller.userId, "Awaiting", maxUnread);
  return (await unreadAmong(reader, caller, rows)).size;
}
