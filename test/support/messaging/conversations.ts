import type { Microseconds } from "../../../src/core/clock.ts";
import { type Command, threadIdsOf } from "../../../src/messaging/commands.ts";
import { type AddedMessage, type AddedNote, type Decision, decide } from "../../../src/messaging/decide.ts";
import type { LogEnd, LogEntry } from "../../../src/messaging/log.ts";
import type { Thread } from "../../../src/messaging/thread.ts";

/** Ids that a reader can tell apart. */
export const hotel = "hotel";
export const client = "client";
export const stay = "stay";
export const colleague = "colleague";

/** The conversations of some properties in memory: keeps what is decided, as the store does. */
export interface Conversations {
  /** Decides a command and keeps what it comes to. */
  carryOut(command: Command, earliest?: Microseconds): Decision;
  thread(id?: string): Thread;
  readonly log: readonly LogEntry[];
  readonly messages: readonly AddedMessage[];
  readonly notes: readonly AddedNote[];
}

export function conversations(): Conversations {
  const threads = new Map<string, Thread>();
  const logEnds = new Map<string, LogEnd>();
  const log: LogEntry[] = [];
  const messages: AddedMessage[] = [];
  const notes: AddedNote[] = [];

  function thread(id: string = stay): Thread {
    const found = threads.get(id);
    if (!found) throw new Error(`There is no thread ${id}.`);
    return found;
  }

  return {
    log,
    messages,
    notes,
    thread,
    carryOut: (command, earliest = 0) => {
      if (command.kind === "openThread" && !logEnds.has(command.enterpriseId)) {
        logEnds.set(command.enterpriseId, { sequence: 0, created: 0 });
      }
      const named = threadIdsOf(command).map(thread);
      const isWritten = "id" in command && log.some(({ messageId }) => messageId === command.id);
      const decision = decide(command, { threads: named, logEnds, earliest, isWritten });
      for (const entry of decision.entries) logEnds.set(entry.enterpriseId, entry);
      for (const changed of decision.threads) threads.set(changed.id, changed);
      log.push(...decision.entries);
      messages.push(...decision.messages);
      notes.push(...decision.notes);
      return decision;
    },
  };
}

export const opening: Command = {
  kind: "openThread",
  clientId: client,
  enterpriseId: hotel,
  id: stay,
  originalSender: "Jane Guest",
  subject: "My stay",
};

let lastId = 0;

/** What a guest writes, a message for each text. */
export function guestWrites(...texts: readonly string[]): Command {
  const messages = texts.map((text) => ({ id: newId(), messageThreadId: stay, text }));
  return { kind: "addMessages", sender: "Application", messages };
}

/** What the property writes without a colleague's name. */
export function propertyWrites(text: string): Command {
  return { kind: "addMessages", sender: "Enterprise", messages: [{ id: newId(), messageThreadId: stay, text }] };
}

/** A colleague's answer, by default of somebody who has seen everything. */
export function replies(
  options: { readonly id?: string; readonly seen?: number; readonly resolves?: boolean } = {},
): Command {
  const { id = newId(), seen = Number.MAX_SAFE_INTEGER, resolves = false } = options;
  return { kind: "reply", messageThreadId: stay, id, userId: colleague, text: "Of course.", seen, resolves };
}

export function notes(id: string = newId()): Command {
  return { kind: "addNote", messageThreadId: stay, id, userId: colleague, text: "VIP" };
}

export function assigns(assigneeId: string): Command {
  return { kind: "assign", messageThreadId: stay, userId: colleague, assigneeId };
}

export function resolves(isResolved: boolean, userId?: string): Command {
  return { kind: "setResolved", messageThreadId: stay, isResolved, ...(userId !== undefined && { userId }) };
}

export function newId(): string {
  lastId += 1;
  return `id ${lastId}`;
}
