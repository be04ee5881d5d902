import type { Microseconds } from "../core/clock.ts";
import { nilIdentifier } from "../core/identifiers.ts";
import { Problem } from "../core/problem.ts";
import type { SenderDiscriminator } from "../protocol/connector/messages.ts";
import type { AddMessages, AddNote, Assign, Command, NewMessage, OpenThread, Reply } from "./commands.ts";
import { messageDocument } from "./documents.ts";
import { type LogEnd, type LogEntry, nextEnd } from "./log.ts";
import { firstWords, waitingAfterMessage, waitingAfterResolving } from "./summary.ts";
import { documentOf, newThread, type Thread } from "./thread.ts";

/** All that a decision depends on. */
export interface Situation {
  /** The threads that the command names, in its order; the same one may be there several times. */
  readonly threads: readonly Thread[];
  /** Where the log of each of their properties ends, and of the one where a thread is opened. */
  readonly logEnds: ReadonlyMap<string, LogEnd>;
  /** No entry gets an earlier time. */
  readonly earliest: Microseconds;
  /** Whether the message or note of the command's `id` has been added before. */
  readonly isWritten: boolean;
}

/** What a command comes to. */
export interface Decision {
  /** In the order in which they happen: their times increase, also from one property to another. */
  readonly entries: readonly LogEntry[];
  /** Threads that are new or changed, as the command leaves them. */
  readonly threads: readonly Thread[];
  readonly messages: readonly AddedMessage[];
  readonly notes: readonly AddedNote[];
  /** What was made or changed, as the API answers it, in the order of the command. */
  readonly documents: readonly string[];
}

/** A new message, and the entry of the log with its id, thread, author and time. */
export interface AddedMessage {
  readonly entry: LogEntry;
  /** As the API answers it. */
  readonly document: string;
}

/** A new note, and the entry of the log with its id, thread, author and time. */
export interface AddedNote {
  readonly entry: LogEntry;
  readonly text: string;
}

/**
 * Decides what a command comes to. All rules of conversations are here and in `summary.ts`.
 * @throws Problem (conflict) for a reply of a colleague who has not seen the thread's last message
 */
export function decide(command: Command, situation: Situation): Decision {
  const draft = newDraft(situation);
  const documents = carryOut(command, draft);
  const { entries, changed, messages, notes } = draft;
  return { entries, threads: [...changed.values()], messages, notes, documents };
}

/** A decision that is being made. It is filled in step by step, and seen by nothing outside this file. */
interface Draft {
  readonly situation: Situation;
  readonly logEnds: Map<string, LogEnd>;
  /** By id. */
  readonly changed: Map<string, Thread>;
  readonly entries: LogEntry[];
  readonly messages: AddedMessage[];
  readonly notes: AddedNote[];
  earliest: Microseconds;
}

function newDraft(situation: Situation): Draft {
  const { earliest } = situation;
  return { situation, logEnds: new Map(), changed: new Map(), entries: [], messages: [], notes: [], earliest };
}

/** @returns the documents that are answered */
function carryOut(command: Command, draft: Draft): readonly string[] {
  if (command.kind === "openThread") return [openThread(draft, command)];
  if (command.kind === "addMessages") return addMessages(draft, command);
  const [thread] = draft.situation.threads;
  if (!thread) throw new Error("A decision needs the thread that its command names.");
  switch (command.kind) {
    case "reply":
      return reply(draft, thread, command);
    case "addNote":
      return addNote(draft, thread, command);
    case "assign":
      return assign(draft, thread, command);
    case "setResolved":
      return [documentOf(setResolved(draft, thread, command.isResolved, command.userId))];
  }
}

function openThread(draft: Draft, command: OpenThread): string {
  const { enterpriseId, clientId, id } = command;
  const thread = newThread(command, append(draft, { enterpriseId, id }, { kind: "ThreadAdded", clientId }));
  draft.changed.set(id, thread);
  return thread.loadedDocument;
}

/** A guest's message opens a resolved thread again; one of the property leaves it as it is. */
function addMessages(draft: Draft, { sender, messages }: AddMessages): string[] {
  return messages.map((message, index) => {
    const named = draft.situation.threads[index];
    if (!named) throw new Error("A decision needs every thread that its command names.");
    const thread = draft.changed.get(named.id) ?? named;
    const isReopened = sender === "Application" && thread.isResolved;
    if (isReopened) append(draft, thread, { kind: "ThreadReopened", clientId: thread.clientId });
    return addMessage(draft, isReopened ? { ...thread, isResolved: false } : thread, sender, message, null);
  });
}

function addMessage(
  draft: Draft,
  thread: Thread,
  sender: SenderDiscriminator,
  { id, text }: Pick<NewMessage, "id" | "text">,
  userId: string | null,
): string {
  const entry = append(draft, thread, { kind: "MessageAdded", clientId: thread.clientId, messageId: id, userId });
  const { created, sequence } = entry;
  const document = messageDocument(id, thread.id, text, sender, created);
  draft.messages.push({ entry, document });
  draft.changed.set(thread.id, {
    ...thread,
    updated: created,
    waitingSince: waitingAfterMessage(thread, sender, created),
    lastWords: firstWords(text),
    lastSender: sender,
    lastUserId: userId,
    lastPosition: sequence,
  });
  return document;
}

/** A colleague's answer is refused when there is a message that the colleague has not seen. */
function reply(draft: Draft, thread: Thread, command: Reply): string[] {
  if (draft.situation.isWritten) return [];
  if (thread.lastPosition > command.seen) {
    throw new Problem("conflict", "Nothing was sent: the thread has a message that you have not seen yet.");
  }
  const document = addMessage(draft, thread, "Enterprise", command, command.userId);
  if (command.resolves) setResolved(draft, draft.changed.get(thread.id) ?? thread, true, command.userId);
  return [document];
}

/** A note leaves the thread as it is, for clients and in the lists. */
function addNote(draft: Draft, thread: Thread, { id, userId, text }: AddNote): [] {
  if (draft.situation.isWritten) return [];
  const entry = append(draft, thread, { kind: "NoteAdded", clientId: nilIdentifier, messageId: id, userId });
  draft.notes.push({ entry, text });
  return [];
}

function assign(draft: Draft, thread: Thread, { userId, assigneeId }: Assign): [] {
  if (thread.assigneeId === assigneeId) return [];
  append(draft, thread, { kind: "ThreadAssigned", clientId: nilIdentifier, userId, assigneeId });
  draft.changed.set(thread.id, { ...thread, assigneeId });
  return [];
}

function setResolved(draft: Draft, thread: Thread, isResolved: boolean, userId: string | undefined): Thread {
  if (thread.isResolved === isResolved) return thread;
  const kind = isResolved ? "ThreadResolved" : "ThreadReopened";
  const { created } = append(draft, thread, { kind, clientId: thread.clientId, userId: userId ?? null });
  const waitingSince = waitingAfterResolving(thread, isResolved, created);
  const changed = { ...thread, updated: created, isResolved, waitingSince };
  draft.changed.set(thread.id, changed);
  return changed;
}

/** Takes the next number and time of a property's log. */
function append(
  draft: Draft,
  { enterpriseId, id: messageThreadId }: Pick<Thread, "enterpriseId" | "id">,
  details: Pick<LogEntry, "kind" | "clientId"> & Partial<Pick<LogEntry, "messageId" | "userId" | "assigneeId">>,
): LogEntry {
  const end = draft.logEnds.get(enterpriseId) ?? draft.situation.logEnds.get(enterpriseId);
  if (!end) throw new Error(`A decision needs the end of the log of ${enterpriseId}.`);
  const none = { messageId: null, userId: null, assigneeId: null };
  const entry = { ...nextEnd(end, draft.earliest), enterpriseId, messageThreadId, ...none, ...details };
  draft.entries.push(entry);
  draft.logEnds.set(enterpriseId, entry);
  draft.earliest = entry.created + 1;
  return entry;
}
