import type { SenderDiscriminator } from "../protocol/connector/messages.ts";

/** What is to happen in conversations, complete but for the times and numbers that the properties' logs give. */
export type Command = OpenThread | AddMessages | StaffCommand;

/** What the property's own people do in one thread. */
export type StaffCommand = Reply | AddNote | Assign | SetResolved;

/** A guest begins a conversation through a client's application. */
export interface OpenThread {
  readonly kind: "openThread";
  readonly clientId: string;
  readonly enterpriseId: string;
  readonly id: string;
  readonly originalSender: string;
  readonly subject: string;
}

/**
 * Messages that come in together, all or none: from a client's application, which speaks for guests, or from the property
 * without a colleague's name.
 */
export interface AddMessages {
  readonly kind: "addMessages";
  readonly sender: SenderDiscriminator;
  readonly messages: readonly NewMessage[];
}

export interface NewMessage {
  readonly id: string;
  readonly messageThreadId: string;
  readonly text: string;
}

/** A colleague answers the guest. The same `id` again adds nothing. */
export interface Reply {
  readonly kind: "reply";
  readonly messageThreadId: string;
  readonly id: string;
  readonly userId: string;
  readonly text: string;
  /** The number of the last entry of the property's log that the colleague has seen. */
  readonly seen: number;
  /** Whether the thread is resolved by it. */
  readonly resolves: boolean;
}

/** A colleague leaves a note for the others; no client learns of it. The same `id` again adds nothing. */
export interface AddNote {
  readonly kind: "addNote";
  readonly messageThreadId: string;
  readonly id: string;
  readonly userId: string;
  readonly text: string;
}

export interface Assign {
  readonly kind: "assign";
  readonly messageThreadId: string;
  /** The colleague who assigns it. */
  readonly userId: string;
  /** The colleague who is to look after the thread; the identifier of zeros for none. */
  readonly assigneeId: string;
}

/** The property closes a thread or opens it again. */
export interface SetResolved {
  readonly kind: "setResolved";
  readonly messageThreadId: string;
  readonly isResolved: boolean;
  /** The colleague who does it; the sandbox's staff have none. */
  readonly userId?: string;
}

/** The threads that must be there for a command, in its order. The same one may be named several times. */
export function threadIdsOf(command: Command): readonly string[] {
  switch (command.kind) {
    case "openThread":
      return [];
    case "addMessages":
      return command.messages.map(({ messageThreadId }) => messageThreadId);
    default:
      return [command.messageThreadId];
  }
}
