import type { Microseconds } from "../core/clock.ts";
import { nilIdentifier } from "../core/identifiers.ts";
import type { SenderDiscriminator } from "../protocol/connector/messages.ts";
import type { OpenThread } from "./commands.ts";
import { newThreadDocument, updatedThreadDocument } from "./documents.ts";
import type { LogEnd } from "./log.ts";

/** All that rules and lists need to know of a conversation, apart from its messages. */
export interface Thread {
  readonly enterpriseId: string;
  readonly clientId: string;
  readonly id: string;
  readonly created: Microseconds;
  /** The time of the last message, or of being resolved or reopened. Notes and assignments do not count. */
  readonly updated: Microseconds;
  readonly isResolved: boolean;
  /** As the API answered the thread when it was loaded; `documentOf` answers it as it is. */
  readonly loadedDocument: string;
  /** The identifier of zeros when it is assigned to no colleague. */
  readonly assigneeId: string;
  /** Since when a guest waits for an answer; null when none does. */
  readonly waitingSince: Microseconds | null;
  /** The beginning of the last message; null when there is none. */
  readonly lastWords: string | null;
  readonly lastSender: SenderDiscriminator | null;
  /** The colleague who wrote the last message. */
  readonly lastUserId: string | null;
  /** The number of the last message in the property's log, or of the thread's opening. */
  readonly lastPosition: number;
}

/** A thread as it is opened: the guest waits for an answer before they have written a word. */
export function newThread(command: OpenThread, { sequence, created }: LogEnd): Thread {
  const { enterpriseId, clientId, id, originalSender, subject } = command;
  return {
    enterpriseId,
    clientId,
    id,
    created,
    updated: created,
    isResolved: false,
    loadedDocument: newThreadDocument(id, originalSender, subject, created),
    assigneeId: nilIdentifier,
    waitingSince: created,
    lastWords: null,
    lastSender: null,
    lastUserId: null,
    lastPosition: sequence,
  };
}

/** The thread as the API answers it. */
export function documentOf({ loadedDocument, updated, isResolved }: Thread): string {
  return updatedThreadDocument(loadedDocument, updated, isResolved);
}
