import type { Microseconds } from "../core/clock.ts";
import type { MessageThread } from "../protocol/connector/message-threads.ts";
import type { Message, SenderDiscriminator } from "../protocol/connector/messages.ts";
import { formatDateTime } from "../protocol/date-time.ts";

/** A new thread as the API answers it. */
export function newThreadDocument(id: string, originalSender: string, subject: string, created: Microseconds): string {
  const thread: MessageThread = {
    Id: id,
    OriginalSender: originalSender,
    Subject: subject,
    CreatedUtc: formatDateTime(created),
    UpdatedUtc: formatDateTime(created),
    IsResolved: false,
  };
  return JSON.stringify(thread);
}

/** The thread after a change; the order of its fields stays, and so do fields that a newer version has added. */
export function updatedThreadDocument(document: string, updated: Microseconds, isResolved: boolean): string {
  const thread = JSON.parse(document) as MessageThread;
  thread.UpdatedUtc = formatDateTime(updated);
  thread.IsResolved = isResolved;
  return JSON.stringify(thread);
}

/** A new message as the API answers it. */
export function messageDocument(
  id: string,
  messageThreadId: string,
  text: string,
  sender: SenderDiscriminator,
  created: Microseconds,
): string {
  const message: Message = {
    Id: id,
    MessageThreadId: messageThreadId,
    Text: text,
    Sender: { Discriminator: sender, Value: null },
    CreatedUtc: formatDateTime(created),
  };
  return JSON.stringify(message);
}

/** The texts of an answer before, between and after its documents: one more than there are documents. */
export type AnswerFrame = readonly string[];

/** An answer: documents in their frame. */
export function framed(frame: AnswerFrame, documents: readonly string[]): string {
  return frame.map((text, index) => text + (documents[index] ?? "")).join("");
}
