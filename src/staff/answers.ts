import { nilIdentifier } from "../core/identifiers.ts";
import type { MessageThread } from "../protocol/connector/message-threads.ts";
import type { Message } from "../protocol/connector/messages.ts";
import { formatDateTime } from "../protocol/date-time.ts";
import type { StaffSession } from "../protocol/staff/account.ts";
import type { InboxCount, InboxThread } from "../protocol/staff/inbox.ts";
import type { StaffLink } from "../protocol/staff/links.ts";
import type { Colleague, StaffUser } from "../protocol/staff/people.ts";
import type { StaffProperty as PropertyAnswer } from "../protocol/staff/properties.ts";
import type { SavedReply } from "../protocol/staff/saved-replies.ts";
import type { ThreadItem } from "../protocol/staff/threads.ts";
import type { Reader } from "../store/db.ts";
import type { InboxCounts } from "../store/lists/inbox-counts.ts";
import { type InboxThreadRow, inboxPage } from "../store/lists/inbox-threads.ts";
import type { EntryRow, ItemRow } from "../store/lists/thread-items.ts";
import { unreadAmong } from "../store/lists/thread-readings.ts";
import type { LogRow } from "../store/log/property-log.ts";
import type { PropertyScope } from "../store/scope.ts";
import type { SavedReplyRow } from "../store/staff/saved-replies.ts";
import type { SessionRow } from "../store/staff/sessions.ts";
import type { Person } from "./live/people.ts";
import type { StaffCaller, StaffProperty } from "./sign-in/caller.ts";
import type { OpenLink } from "./sign-in/open-links.ts";

// How rows of the store look in answers of the staff API, and in its live stream.

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

/** An item of a thread: a message or another entry of the log. */
export function itemAnswer(row: ItemRow | LogRow): ThreadItem {
  return typeof row.document === "string" ? messageAnswer(row.document, row.user_id) : entryAnswer(row);
}

function messageAnswer(document: string, userId: string | null): ThreadItem {
  const { Id, MessageThreadId, Text, Sender, CreatedUtc } = JSON.parse(document) as Message;
  return {
    Id,
    MessageThreadId,
    Kind: "MessageAdded",
    Sender: Sender.Discriminator,
    UserId: userId,
    AssigneeId: null,
    Text,
    CreatedUtc,
  };
}

/** An entry that is no message. It is known by its number in the log, where nothing else has an id. */
function entryAnswer(row: Omit<EntryRow, "document">): ThreadItem {
  return {
    Id: row.message_id ?? `00000000-0000-4000-8000-${row.sequence.toString(16).padStart(12, "0")}`,
    MessageThreadId: row.message_thread_id,
    Kind: row.kind,
    Sender: null,
    UserId: row.user_id,
    AssigneeId: row.assignee_id === nilIdentifier ? null : row.assignee_id,
    Text: row.text,
    CreatedUtc: formatDateTime(row.created),
  };
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

export function personAnswer({ memberships, ...user }: Person): StaffUser {
  return {
    Id: user.id,
    Name: user.name,
    Email: user.email,
    IsOwner: user.is_owner === 1,
    IsEnabled: user.is_enabled === 1,
    HasPassword: user.has_password === 1,
    Memberships: memberships.map(({ enterprise_id, role }) => ({ EnterpriseId: enterprise_id, Role: role })),
  };
}

/** @param enterpriseIds  where both they and the caller work */
export function colleagueAnswer({ id, name, is_enabled }: Person, enterpriseIds: readonly string[]): Colleague {
  return { Id: id, Name: name, IsEnabled: is_enabled === 1, EnterpriseIds: [...enterpriseIds] };
}

/** The properties of a person, by name. */
export function propertyAnswers(properties: readonly StaffProperty[]): PropertyAnswer[] {
  const answers = properties.map((property) => ({
    Id: property.id,
    Name: property.name,
    TimeZoneIdentifier: property.time_zone_identifier,
    DefaultLanguageCode: property.default_language_code,
    ReplyTargetMinutes: property.reply_target_minutes,
    Role: property.role,
  }));
  return answers.sort(byName);
}

/** The order of lists of people and properties. */
export function byName(a: { readonly Name: string }, b: { readonly Name: string }): number {
  return a.Name.localeCompare(b.Name, "en");
}

export function sessionAnswer(row: SessionRow, currentId: string): StaffSession {
  return {
    Id: row.id,
    IsCurrent: row.id === currentId,
    UserAgent: row.user_agent,
    Address: row.address,
    CreatedUtc: formatDateTime(row.created),
    LastUsedUtc: formatDateTime(row.last_used),
  };
}

/** An open link; none for the one that lets in the first owner, who is no person yet. */
export function linkAnswers({ row, isGood }: OpenLink): StaffLink[] {
  if (row.user_id === null || row.purpose === "FirstOwner") return [];
  return [
    {
      Id: row.id,
      Purpose: row.purpose,
      UserId: row.user_id,
      UserName: row.user_name ?? "",
      UserEmail: row.user_email ?? "",
      MakerId: row.maker_id,
      MakerName: row.maker_name,
      IsGood: isGood,
      CreatedUtc: formatDateTime(row.created),
      ExpiresUtc: formatDateTime(row.expires),
    },
  ];
}

export function savedReplyAnswer(row: SavedReplyRow): SavedReply {
  return {
    Id: row.id,
    EnterpriseId: row.enterprise_id,
    Shortcut: row.shortcut,
    LanguageCode: row.language_code,
    Text: row.text,
  };
}

/** How many waiting threads are looked at, those that wait longest first. The count of unread ones goes no higher. */
const maxUnread = 100;

/** How many threads wait that the caller has not read. */
export async function unreadCount(reader: Reader, scope: PropertyScope, caller: StaffCaller): Promise<number> {
  const { rows } = await inboxPage(reader, scope, caller.userId, "Awaiting", maxUnread);
  return (await unreadAmong(reader, caller, rows)).size;
}
