import { signal } from "@preact/signals";
import type { InboxThread } from "../../src/protocol/staff/inbox.ts";
import { Refusal } from "../shared/refusal.ts";
import { call } from "./api.ts";
import { closeDialog } from "./dialogs/open-dialog.ts";
import { listAt, loadMore, takeThreads } from "./list/lists.ts";
import { threadOf } from "./list/threads.ts";
import { say } from "./live/toasts.ts";
import { goTo, type Place, place } from "./place.ts";
import { closeSearch } from "./search/search.ts";
import { conversationOf, openConversation, takeWritten } from "./thread/conversations.ts";
import { currentWords } from "./words/words.ts";

/** How long a thread is open before it counts as read. Milliseconds. */
const readAfter = 700;

/** What went wrong, in the page's language where the page knows the reason. */
export function refusalText(error: unknown): string {
  const { somethingFailed, tooManyRequests, unreachable } = currentWords();
  if (!(error instanceof Refusal)) return somethingFailed;
  if (error.status === 0) return unreachable;
  return error.status === 429 ? tooManyRequests : error.message || somethingFailed;
}

/** The same for a form: when the server refused what was typed, its sentence says which field and why. */
export function formRefusalText(error: unknown): string {
  const isTyped = error instanceof Refusal && error.status === 400;
  return isTyped ? `${currentWords().notAccepted}: ${error.message}` : refusalText(error);
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

/** The thread that keys act on, and its row, which tells the next thread when this one leaves the list. */
export const selection = signal<{ readonly id: string | undefined; readonly index: number }>({
  id: undefined,
  index: 0,
});

export function select(id: string): void {
  const index = listAt(place.value).ids.value.indexOf(id);
  selection.value = { id, index: index >= 0 ? index : selection.value.index };
}

/** Moves the selection by so many rows. @returns the thread that it is at now */
export function moveSelection(step: number): string | undefined {
  const ids = listAt(place.value).ids.value;
  const { id, index } = selection.value;
  const at = id === undefined ? -1 : ids.indexOf(id);
  // If the selected thread has left the list, the one that came after it has its row now.
  const from = at >= 0 ? at : step > 0 ? index - 1 : index;
  const isFirst = id === undefined && at < 0;
  const to = Math.max(0, Math.min(ids.length - 1, isFirst ? 0 : from + step));
  const next = ids[to];
  if (next !== undefined) selection.value = { id: next, index: to };
  return next;
}

/**
 * Moves the selection to the end of the list and fetches all pages up to there, unless the person moves it elsewhere.
 */
export async function selectLast(): Promise<void> {
  const list = listAt(place.value);
  for (;;) {
    moveSelection(Number.POSITIVE_INFINITY);
    const { id } = selection.value;
    if (list.state.value === "complete" || list.state.value === "failed") return;
    await loadMore(list);
    if (selection.value.id !== id || listAt(place.value) !== list) return;
  }
}

/** Goes to a list, and closes thread, search and dialog. */
export function goToList(change: Partial<Pick<Place, "view" | "enterpriseId">>): void {
  closeSearch();
  closeDialog();
  goTo({ ...change, threadId: undefined });
}

/** The item of a thread to which a search result leads, until the thread is scrolled to it. */
export const wantedItem = signal<{ readonly threadId: string; readonly itemId: string } | undefined>(undefined);

export function openThread(threadId: string, itemId?: string): void {
  select(threadId);
  wantedItem.value = itemId ? { threadId, itemId } : undefined;
  void openConversation(threadId);
  goTo({ threadId });
}

/** Fetches the thread after the open one, so that it is there when the person goes on. */
export function prepareNext(): void {
  const ids = listAt(place.value).ids.value;
  const next = ids[ids.indexOf(place.value.threadId ?? "") + 1];
  if (next && !conversationOf(next)) void openConversation(next);
}

export function setResolved(thread: InboxThread, isResolved: boolean): void {
  const { Id } = thread;
  const flip = (to: boolean) =>
    attempt(async () => {
      // Shown at once. The answer replaces it, and a refusal takes it back.
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
    const { wasResolved, wasReopened, undo } = currentWords();
    say(isResolved ? wasResolved : wasReopened, { label: undo, run: () => void flip(!isResolved) });
  });
}

export function setAssignee(thread: InboxThread, userId: string | null): Promise<boolean> {
  return attempt(async () => takeWritten(await call("threads/assign", { MessageThreadId: thread.Id, UserId: userId })));
}

/** The thread that the person marked as unread. It is not marked as read until it is opened again. */
let keptUnread: string | undefined;

export function markUnread(thread: InboxThread): void {
  keptUnread = thread.Id;
  void attempt(async () => {
    const { Thread } = await call("threads/read", { MessageThreadId: thread.Id, Position: 0 });
    takeThreads([Thread]);
  });
}

let readTimer: ReturnType<typeof setTimeout> | undefined;

/** Marks the open thread as read when it has been on the screen for a moment. */
export function readOpenThread(): void {
  clearTimeout(readTimer);
  const { threadId } = place.value;
  if (threadId !== keptUnread) keptUnread = undefined;
  if (!threadId || document.hidden) return;
  readTimer = setTimeout(() => {
    const known = conversationOf(threadId);
    const thread = threadOf(threadId);
    if (place.value.threadId !== threadId || document.hidden || known?.state !== "ready") return;
    if (!thread?.IsUnread || keptUnread === threadId) return;
    void call("threads/read", { MessageThreadId: threadId, Position: known.position }).then(
      ({ Thread }) => takeThreads([Thread]),
      () => undefined,
    );
  }, readAfter);
}
