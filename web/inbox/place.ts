import { computed, signal } from "@preact/signals";
import type { View } from "../../src/protocol/staff/inbox.ts";

/** What the inbox shows. The page's address holds all of it. */
export interface Place {
  readonly view: View;
  /** Undefined for all properties. */
  readonly enterpriseId: string | undefined;
  readonly threadId: string | undefined;
}

export const views: readonly View[] = ["Awaiting", "Open", "Mine", "Unassigned", "Resolved", "All"];

export const place = signal<Place>(placeOf(location));

/** The thread that is open, for what does not depend on the rest of the place. */
export const openThreadId = computed(() => place.value.threadId);

/** `/inbox/awaiting/THREAD?property=ID`, `/inbox/t/THREAD` */
function placeOf({ pathname, search }: { readonly pathname: string; readonly search: string }): Place {
  const [, , name, threadId] = pathname.split("/");
  const view = views.find((known) => known.toLowerCase() === name);
  return {
    view: view ?? (name === "t" ? "All" : "Awaiting"),
    enterpriseId: new URLSearchParams(search).get("property") ?? undefined,
    threadId: threadId || undefined,
  };
}

function addressOf({ view, enterpriseId, threadId }: Place): string {
  const path = ["/inbox", view.toLowerCase(), ...(threadId ? [threadId] : [])].join("/");
  return enterpriseId ? `${path}?property=${enterpriseId}` : path;
}

/**
 * Changes the place. Going from thread to thread replaces the address, so that the browser's "back" leads to the list.
 */
export function goTo(change: Partial<Place>): void {
  const from = place.value;
  const to = { ...from, ...change };
  const address = addressOf(to);
  if (address === addressOf(from)) return;
  const isNextThread = from.threadId !== undefined && to.threadId !== undefined;
  if (isNextThread) history.replaceState(history.state, "", address);
  else history.pushState({ isOurs: true }, "", address);
  place.value = to;
}

/** Goes to the first view, for a person who did not open the page's address. */
export function beginAtTheBeginning(): void {
  history.replaceState(null, "", "/inbox");
  place.value = placeOf(location);
}

/** Closes the thread, by the browser's "back" if the list was there before. */
export function leaveThread(): void {
  if (!place.value.threadId) return;
  const isOurs = (history.state as { isOurs?: boolean } | null)?.isOurs;
  if (isOurs) history.back();
  else goTo({ threadId: undefined });
}

addEventListener("popstate", () => {
  place.value = placeOf(location);
});
