import { nilIdentifier } from "../../core/identifiers.ts";
import { Problem } from "../../core/problem.ts";
import type { SenderDiscriminator } from "../../protocol/connector/messages.ts";
import { messageDocument, threadDocument } from "./documents.ts";
import { documentOf, type GroupThread, newThread } from "./group-threads.ts";
import {
  type AddMessages,
  type AddNote,
  type Assign,
  type LocatedWrite,
  type NewMessage,
  noSuchThread,
  type OpenThread,
  type Reply,
  type StaffWrite,
} from "./located-writes.ts";
import type { WriteGroup } from "./write-group.ts";

export interface Written {
  /** What was made or changed, as the API answers it, in the order of the write. */
  readonly documents: readonly string[];
  /** The answer to the first request with this idempotency key, when this is a repetition. */
  readonly replayed?: string;
}

/**
 * Carries out one write of a group. It changes nothing before it knows that it can.
 * @throws Problem (invalid) for a thread out of scope, or an idempotency key that came with another body, (conflict) for
 * a reply to what has changed meanwhile
 */
export function applyWrite(group: WriteGroup, located: LocatedWrite): Written {
  const { write } = located;
  switch (write.kind) {
    case "openThread":
      return once(group, located, () => openThread(group, write));
    case "addMessages": {
      const threads = write.messages.map(({ messageThreadId }, index) =>
        threadOf(group, located, write, messageThreadId, index),
      );
      return once(group, located, () => addMessages(group, write, threads));
    }
    default:
      return carryOut(group, write, threadOf(group, located, write, write.messageThreadId, 0));
  }
}

function carryOut(group: WriteGroup, write: StaffWrite, thread: GroupThread): Written {
  switch (write.kind) {
    case "reply":
      return reply(group, write, thread);
    case "addNote":
      return addNote(group, write, thread);
    case "assign":
      return assign(group, write, thread);
    case "setResolved":
      return setResolved(group, write.isResolved, write.userId, thread);
  }
}

function once({ kept }: WriteGroup, located: LocatedWrite, work: () => string[]): Written {
  const replayed = kept.find(located);
  if (replayed !== undefined) return { documents: [], replayed };
  const documents = work();
  kept.keep(located, documents);
  return { documents };
}

function openThread(group: WriteGroup, write: OpenThread): string[] {
  const { enterpriseId, id, originalSender, subject, scope } = write;
  const { clientId } = scope;
  const { created, sequence } = group.append(enterpriseId, { kind: "ThreadAdded", clientId, messageThreadId: id });
  const document = threadDocument(id, originalSender, subject, created);
  group.addThread(newThread({ enterprise_id: enterpriseId, client_id: clientId, created, id, document }, sequence));
  return [document];
}

/** The thread that a write names; one of another client is as good as none. */
function threadOf(
  group: WriteGroup,
  { enterpriseOf }: LocatedWrite,
  write: AddMessages | StaffWrite,
  id: string,
  index: number,
): GroupThread {
  const thread = group.thread(enterpriseOf(id), id);
  const { clientId } = write.scope;
  if (!thread || (clientId !== null && clientId !== thread.row.client_id)) throw noSuchThread(write, index);
  return thread;
}

function addMessages(group: WriteGroup, { messages, sender }: AddMessages, threads: readonly GroupThread[]): string[] {
  return threads.flatMap((thread, index) => {
    const message = messages[index];
    if (!message) return [];
    const { enterprise_id, client_id: clientId, id: messageThreadId } = thread.row;
    if (sender === "Application" && thread.isResolved) {
      thread.isResolved = false;
      group.append(enterprise_id, { kind: "ThreadReopened", clientId, messageThreadId });
    }
    return [addMessage(group, thread, sender, message)];
  });
}

/** A guest who has not been answered waits since the first message after the last answer. */
function addMessage(
  group: WriteGroup,
  thread: GroupThread,
  sender: SenderDiscriminator,
  { id, text }: Pick<NewMessage, "id" | "text">,
  userId?: string,
): string {
  const { enterprise_id, client_id, id: message_thread_id } = thread.row;
  const entry = {
    kind: "MessageAdded",
    clientId: client_id,
    messageThreadId: message_thread_id,
    messageId: id,
  } as const;
  const { created, sequence } = group.append(enterprise_id, userId === undefined ? entry : { ...entry, userId });
  thread.updated = created;
  thread.waitingSince = sender === "Application" ? (thread.waitingSince ?? created) : null;
  thread.lastSender = sender;
  thread.lastUserId = userId ?? null;
  thread.lastPosition = sequence;
  thread.lastText = text;
  const document = messageDocument(id, message_thread_id, text, sender, created);
  group.addMessage({ enterprise_id, message_thread_id, created, id, client_id, document, user_id: userId ?? null });
  return document;
}

function reply(group: WriteGroup, write: Reply, thread: GroupThread): Written {
  if (group.isWritten(thread.row.enterprise_id, write.id)) return { documents: [] };
  if (thread.lastPosition > write.seen) {
    throw new Problem("conflict", "Nothing was sent: the thread has a message that you have not seen yet.");
  }
  const documents = [addMessage(group, thread, "Enterprise", write, write.userId)];
  if (write.resolves) setResolved(group, true, write.userId, thread);
  return { documents };
}

/** The thread stays as it is, to clients and in the lists. */
function addNote(group: WriteGroup, { id, userId, text }: AddNote, { row }: GroupThread): Written {
  const { enterprise_id, id: message_thread_id } = row;
  if (group.isWritten(enterprise_id, id)) return { documents: [] };
  const entry = { clientId: nilIdentifier, messageThreadId: message_thread_id, messageId: id, userId } as const;
  const { created } = group.append(enterprise_id, { kind: "NoteAdded", ...entry });
  group.addNote({ enterprise_id, id, message_thread_id, user_id: userId, created, text });
  return { documents: [] };
}

function assign(group: WriteGroup, { userId, assigneeId }: Assign, thread: GroupThread): Written {
  if (thread.assigneeId === assigneeId) return { documents: [] };
  const { enterprise_id, id: messageThreadId } = thread.row;
  group.append(enterprise_id, { kind: "ThreadAssigned", clientId: nilIdentifier, messageThreadId, userId, assigneeId });
  thread.assigneeId = assigneeId;
  return { documents: [] };
}

/** Whoever is opened again without a word of theirs waits for an answer if nobody has given one. */
function setResolved(group: WriteGroup, isResolved: boolean, userId: string | undefined, thread: GroupThread): Written {
  if (thread.isResolved !== isResolved) {
    const { enterprise_id, client_id: clientId, id: messageThreadId } = thread.row;
    const kind = isResolved ? "ThreadResolved" : "ThreadReopened";
    const entry = { kind, clientId, messageThreadId } as const;
    const { created } = group.append(enterprise_id, userId === undefined ? entry : { ...entry, userId });
    thread.updated = created;
    thread.isResolved = isResolved;
    thread.waitingSince = isResolved || thread.lastSender === "Enterprise" ? null : created;
  }
  return { documents: [documentOf(thread)] };
}
