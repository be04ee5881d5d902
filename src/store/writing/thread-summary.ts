import type { Microseconds } from "../../core/clock.ts";
import type { SenderDiscriminator } from "../../protocol/connector/messages.ts";

/** What the lists of the inbox show of a thread, beside what the Connector API answers. */
export interface ThreadSummary {
  /** Nobody is the identifier of zeros. */
  readonly assignee_id: string;
  readonly waiting_since: Microseconds | null;
  readonly last_words: string | null;
  readonly last_sender: SenderDiscriminator | null;
  readonly last_user_id: string | null;
  /** The number of the last message in the property's log. */
  readonly last_position: number;
  readonly counted: Counted;
  /** The `updated` that the summary is right for. */
  readonly summarized: Microseconds;
}

/** As what a thread is counted: not yet, open, open and awaiting a reply, resolved. */
export type Counted = 0 | 1 | 2 | 3;

/** The columns of `thread` that make it up, in the order of the interface. */
export const summaryColumns = `
  thread.assignee_id, thread.waiting_since, thread.last_words, thread.last_sender, thread.last_user_id,
  thread.last_position, thread.counted, thread.summarized`;

/** How many code points of a message a list shows. */
const maxWords = 140;

/** The beginning of a text, on one line. */
export function firstWords(text: string): string {
  // No more is looked at than may be needed, however long the text is.
  const line = text
    .slice(0, maxWords * 8)
    .replace(/\s+/g, " ")
    .trim();
  const points = [...line];
  return points.length > maxWords ? `${points.slice(0, maxWords).join("")}…` : line;
}

export function countedAs(isResolved: boolean, waitingSince: Microseconds | null): Counted {
  if (isResolved) return 3;
  return waitingSince === null ? 1 : 2;
}
