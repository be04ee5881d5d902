import { type Signal, signal } from "@preact/signals";
import type { InboxThread, View } from "../../../src/protocol/staff/inbox.ts";

/** Each thread has a signal of its own, so that its change draws no other thread's row again. */
const threads = new Map<string, Signal<InboxThread | undefined>>();

function signalOf(id: string): Signal<InboxThread | undefined> {
  const known = threads.get(id) ?? signal(undefined);
  threads.set(id, known);
  return known;
}

/** The latest known state of a thread. A component that reads an unknown one is drawn again when it comes. */
export function threadOf(id: string): InboxThread | undefined {
  return signalOf(id).value;
}

export function keepThread(thread: InboxThread): void {
  signalOf(thread.Id).value = thread;
}

/** Whether a thread is in a view, as the server would say. */
export function isIn(view: View, thread: InboxThread, userId: string): boolean {
  switch (view) {
    case "Awaiting":
      return thread.WaitingSinceUtc !== null;
    case "Open":
      return !thread.IsResolved;
    case "Mine":
      return !thread.IsResolved && thread.AssigneeId === userId;
    case "Unassigned":
      return !thread.IsResolved && thread.AssigneeId === null;
    case "Resolved":
      return thread.IsResolved;
    case "All":
      return true;
  }
}

/**
 * Negative if `a` stands before `b`. The longest waiting guest comes first in Awaiting, and the newest thread
 * elsewhere.
 */
export function order(view: View, a: InboxThread, b: InboxThread): number {
  if (view === "Awaiting") return compare(a.WaitingSinceUtc ?? "", b.WaitingSinceUtc ?? "");
  return compare(b.UpdatedUtc, a.UpdatedUtc);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
