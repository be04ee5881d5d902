import type { InboxThread } from "../../src/protocol/staff/inbox.ts";
import { cell } from "../shared/cell.ts";
import { Refusal } from "../shared/refusal.ts";
import { call } from "./api.ts";
import { listAt, loadMore, takeThreads } from "./list/lists.ts";
import { threadOf } from "./list/threads.ts";
import { say } from "./live/toasts.ts";
import { goTo, place } from "./place.ts";
import { conversationOf, openConversation, takeWritten } from "./thread/conversations.ts";
import { words } from "./words/words.ts";

/** How long a thread is open before it counts as read. Milliseconds. */
const readAfter = 700;

/** What went wrong, in words for people. */
export function refusalText(error: unknown): string {
  const { somethingFailed, tooManyRequests, unreachable } = words();
  if (!(error instanceof Refusal)) return somethingFailed;
  if (error.status === 0) return unreachable;
  return error.status === 429 ? tooManyRequests : error.message || somethingFailed;
}

/** Does something on the server and says so when that fails. @returns whether it worked */
export async function attempt(action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (error) {
    say(refusalText(error));
    return false;
  }
}

/** The row that keys act on: the thread, and where it stood, for when it leaves the list. */
export const selection = cell<{ readonly id: string | undefined; readonly index: number }>({ id: undefined, index: 0 });

export function select(id: string): void {
  const index = listAt(place.get()).ids.indexOf(id);
  selection.set({ id, index: index >= 0 ? index : selection.get().index });
}

/** Moves the selection by so many rows. @returns the thread that it is at now */
export function moveSelection(step: number): string | undefined {
  const { ids } = listAt(place.get());
  const { id, index } = selection.get();
  const at = id === undefined ? -1 : ids.indexOf(id);
  // Where the selected thread was, the one after it is now.
  const from = at >= 0 ? at : step > 0 ? index - 1 : index;
  const isFirst = id === undefined && at < 0;
  const to = Math.max(0, Math.min(ids.length - 1, isFirst ? 0 : from + step));
  const next = ids[to];
  if (next !== undefined) selection.set({ id: next, index: to });
  return next;
}

/** Moves the selection to the end of the list, fetching what is between as long as nobody moves it elsewhere. */
export async function selectLast(): Promise<void> {
  const list = listAt(place.get());
  for (;;) {
    moveSelection(Number.POSITIVE_INFINITY);
    const { id } = selection.get();
    if (list.state === "complete" || list.state === "failed") return;
    await loadMore(list);
    if (selection.get().id !== id || listAt(place.get()) !== list) return;
  }
}

/** What a row or a search result leads to: a thread, and an item in it. */
export const wantedItem = cell<{ readonly threadId: string; readonly itemId: string } | undefined>(undefined);

export function openThread(threadId: string, itemId?: string): void {
  select(threadId);
  wantedItem.set(itemId ? { threadId, itemId } : undefined);
  void openConversation(threadId);
  goTo({ threadId });
}

/** Has the thread after the open one ready before it is asked for. */
export function prepareNext(): void {
  const { ids } = listAt(place.get());
  const next = ids[ids.indexOf(place.get().threadId ?? "") + 1];
  if (next && !conversationOf(next)) void openConversation(next);
}

export function setResolved(thread: InboxThread, isResolved: boolean): void {
  const { Id } = thread;
  const flip = (to: boolean) =>
    attempt(async () => {
      // At once on the screen; the answer says how it really is.
      takeThreads([{ ...(threadOf(Id) ?? thread), IsResolved: to, ...(to && { WaitingSinceUtc: null }) }]);
      try {
        takeWritten(await call(to ? "threads/resolve" : "threads/reopen", { MessageThreadId: Id }));
      } catch (error) {
        takeThreads([thread]);
        throw error;
      }
    });
  void flip(isResolved).then((worked) => {
    if (!worked) return;
    const { wasResolved, wasReopened, undo } = words();
    say(isResolved ? wasResolved : wasReopened, { label: undo, run: () => void flip(!isResolved) });
  });
}

export function setAssignee(thread: InboxThread, userId: string | null): Promise<boolean> {
  return attempt(async () => takeWritten(await call("threads/assign", { MessageThreadId: thread.Id, UserId: userId })));
}

/** The thread that was marked as unread by hand stays so until it is opened again. */
let keptUnread: string | undefined;

export function markUnread(thread: InboxThread): void {
  keptUnread = thread.Id;
  void attempt(async () => {
    const { Thread } = await call("threads/read", { MessageThreadId: thread.Id, Position: 0 });
    takeThreads([Thread]);
  });
}

let readTimer: ReturnType<typeof setTimeout> | undefined;

/** Marks the open thread as read, once somebody has looked at it for a moment. */
export function readOpenThread(): void {
  clearTimeout(readTimer);
  const { threadId } = place.get();
  if (threadId !== keptUnread) keptUnread = undefined;
  if (!threadId || document.hidden) return;
  readTimer = setTimeout(() => {
    const known = conversationOf(threadId);
    const thread = threadOf(threadId);
    if (place.get().threadId !== threadId || document.hidden || known?.state !== "ready") return;
    if (!thread?.IsUnread || keptUnread === threadId) return;
    void call("threads/read", { MessageThreadId: threadId, Position: known.position }).then(
      ({ Thread }) => takeThreads([Thread]),
      () => undefined,
    );
  }, readAfter);
}
