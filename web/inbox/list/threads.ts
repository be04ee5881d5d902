import type { InboxThread, View } from "../../../src/protocol/staff/inbox.ts";
import { cell } from "../../shared/cell.ts";

const threads = new Map<string, InboxThread>();

/** Counts the changes of threads and lists, for what is drawn from them. */
export const threadChanges = cell(0);

export function threadsChanged(): void {
  threadChanges.update((count) => count + 1);
}

export function threadOf(id: string): InboxThread | undefined {
  return threads.get(id);
}

export function keepThread(thread: InboxThread): void {
  threads.set(thread.Id, thread);
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

/** Negative when `a` stands before `b`: who has waited longest, or what is newest, comes first. */
export function order(view: View, a: InboxThread, b: InboxThread): number {
  if (view === "Awaiting") return compare(a.WaitingSinceUtc ?? "", b.WaitingSinceUtc ?? "");
  return compare(b.UpdatedUtc, a.UpdatedUtc);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
