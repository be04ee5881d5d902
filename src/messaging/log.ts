import type { Microseconds } from "../core/clock.ts";
import type { ItemKind } from "../protocol/staff/threads.ts";

/** The end of a property's log: the last number that was given out, and the last time. */
export interface LogEnd {
  readonly sequence: number;
  readonly created: Microseconds;
}

/** One change at a property, with its number and time in the property's log. */
export interface LogEntry extends LogEnd {
  readonly enterpriseId: string;
  readonly kind: ItemKind;
  /** The client that learns of it; the identifier of zeros for what the property's people keep to themselves. */
  readonly clientId: string;
  readonly messageThreadId: string;
  /** Of a message or a note. */
  readonly messageId: string | null;
  /** The colleague who did it. */
  readonly userId: string | null;
  readonly assigneeId: string | null;
}

/**
 * Where a log ends after one more entry: numbers have no gaps, and time never runs backwards and is never given twice.
 * @param earliest  the entry gets no earlier time
 */
export function nextEnd({ sequence, created }: LogEnd, earliest: Microseconds): LogEnd {
  return { sequence: sequence + 1, created: Math.max(earliest, created + 1) };
}
