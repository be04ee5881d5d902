import type { Microseconds } from "../core/clock.ts";
import type { Message, SenderDiscriminator } from "../protocol/connector/messages.ts";
import type { Thread } from "./thread.ts";

/** As what the lists of the inbox count a thread. A thread that awaits a reply is open too. */
export type Standing = "open" | "awaiting" | "resolved";

export function standingOf({ isResolved, waitingSince }: Pick<Thread, "isResolved" | "waitingSince">): Standing {
  if (isResolved) return "resolved";
  return waitingSince === null ? "open" : "awaiting";
}

/** A guest waits since their first message after the property's last answer; an answer ends the wait. */
export function waitingAfterMessage(
  { waitingSince }: Thread,
  sender: SenderDiscriminator,
  created: Microseconds,
): Microseconds | null {
  return sender === "Application" ? (waitingSince ?? created) : null;
}

/**
 * No guest waits in a resolved thread. When the property opens it again, the guest waits from then on, unless the last
 * message is the property's answer.
 */
export function waitingAfterResolving(
  { lastSender }: Thread,
  isResolved: boolean,
  changed: Microseconds,
): Microseconds | null {
  return isResolved || lastSender === "Enterprise" ? null : changed;
}

/** How many code points of a message a list shows. */
const maxWords = 140;

/** The beginning of a text, on one line. */
export function firstWords(text: string): string {
  // However long the text is, no more of it is read than may be needed.
  const line = text
    .slice(0, maxWords * 8)
    .replace(/\s+/g, " ")
    .trim();
  const points = [...line];
  return points.length > maxWords ? `${points.slice(0, maxWords).join("")}…` : line;
}

/** A stored message, as much of it as a summary needs. */
export interface SummarizedMessage {
  readonly created: Microseconds;
  readonly userId: string | null;
  readonly message: Message;
}

/**
 * The thread with the summary that its messages give it.
 * @param newest  its newest messages, the newest first
 * @param isWhole  whether these are all of its messages
 * @param lastPosition  the number of the newest message in the property's log; `undefined` when there is none
 */
export function summarized(
  thread: Thread,
  newest: readonly SummarizedMessage[],
  isWhole: boolean,
  lastPosition: number | undefined,
): Thread {
  const [last] = newest;
  const answered = newest.findIndex(({ message }) => message.Sender.Discriminator === "Enterprise");
  const unanswered = answered < 0 ? newest : newest.slice(0, answered);
  // A guest who has never been answered waits since the thread was opened.
  const waitingSince = answered < 0 && isWhole ? thread.created : (unanswered.at(-1)?.created ?? null);
  return {
    ...thread,
    waitingSince: thread.isResolved ? null : waitingSince,
    lastWords: last ? firstWords(last.message.Text) : thread.lastWords,
    lastSender: last?.message.Sender.Discriminator ?? null,
    lastUserId: last?.userId ?? null,
    lastPosition: lastPosition ?? thread.lastPosition,
  };
}
