import { batch, type Signal, signal } from "@preact/signals";
import type { InboxThread, View } from "../../../src/protocol/staff/inbox.ts";
import { call } from "../api.ts";
import { type Place, place } from "../place.ts";
import { me } from "../session/session.ts";
import { isIn, keepThread, order, threadOf } from "./threads.ts";

const firstCount = 100;
/** Further pages are larger, since a person who scrolls on goes through many threads. */
const nextCount = 200;

/** The beginning of a list, as far as the person scrolled. */
export interface ThreadList {
  readonly view: View;
  readonly enterpriseId: string | undefined;
  readonly ids: Signal<readonly string[]>;
  readonly state: Signal<"empty" | "loading" | "partial" | "complete" | "failed">;
  cursor: string | null;
  /** The fetch that runs, or ran last. */
  underWay: Promise<void> | undefined;
}

type ListPlace = Pick<Place, "view" | "enterpriseId">;

/**
 * The signal gets another map when the lists are forgotten. Adding a list to the map changes nothing that was drawn.
 */
const lists = signal(new Map<string, ThreadList>());

/** The list at a place; empty when it is asked for first. */
export function listAt({ view, enterpriseId }: ListPlace): ThreadList {
  const key = `${view} ${enterpriseId ?? ""}`;
  const known = lists.value.get(key);
  if (known) return known;
  const list: ThreadList = {
    view,
    enterpriseId,
    ids: signal([]),
    state: signal("empty"),
    cursor: null,
    underWay: undefined,
  };
  lists.value.set(key, list);
  return list;
}

/** Fetches the next page of a list if there is one, or waits for the fetch that runs. */
export async function loadMore(list: ThreadList): Promise<void> {
  if (list.state.value === "complete") return;
  if (list.state.value !== "loading") list.underWay = fetchPage(list, list.cursor);
  await list.underWay;
}

async function fetchPage(list: ThreadList, cursor: string | null): Promise<void> {
  const begun = changes;
  list.state.value = "loading";
  try {
    const { Threads, Cursor } = await call("threads/getAll", {
      View: list.view,
      ...(list.enterpriseId && { EnterpriseIds: [list.enterpriseId] }),
      Limitation: { Count: cursor ? nextCount : firstCount, ...(cursor && { Cursor: cursor }) },
    });
    batch(() => {
      // What the stream brought during the fetch is newer than the answer.
      for (const thread of Threads) if (!isNewer(thread.Id, begun)) keepThread(thread);
      const page = Threads.map(({ Id }) => Id);
      const fetched = new Set(page);
      const before = cursor ? list.ids.value.filter((id) => !fetched.has(id)) : [];
      list.ids.value = [...before, ...page];
      list.cursor = Cursor;
      list.state.value = Cursor === null ? "complete" : "partial";
      const newer = [...changedAt.keys()].filter((id) => isNewer(id, begun));
      settle(
        list,
        newer.flatMap((id) => threadOf(id) ?? []),
      );
    });
  } catch {
    list.state.value = "failed";
  }
}

/** Fetches the list on the screen again, which shows the old threads meanwhile, and forgets the other lists. */
export async function reloadLists(): Promise<void> {
  const { ids } = listAt(place.value);
  lists.value = new Map();
  const fresh = listAt(place.value);
  fresh.ids.value = ids.value;
  fresh.underWay = fetchPage(fresh, null);
  await fresh.underWay;
}

/** Counts the changes that were taken, and keeps the number of each thread's last one. */
let changes = 0;
const changedAt = new Map<string, number>();

function isNewer(id: string, than: number): boolean {
  return (changedAt.get(id) ?? 0) > than;
}

/** Takes the new state of threads, and moves them to their places in every list. */
export function takeThreads(changed: readonly InboxThread[]): void {
  if (changed.length === 0) return;
  changes += 1;
  batch(() => {
    for (const thread of changed) {
      keepThread(thread);
      changedAt.set(thread.Id, changes);
    }
    for (const list of lists.value.values()) settle(list, changed);
  });
}

/** Removes all changed threads before it inserts them, since a place is found by binary search in a sorted list. */
function settle(list: ThreadList, changed: readonly InboxThread[]): void {
  if (changed.length === 0) return;
  const userId = me().User.Id;
  const leaving = new Set(changed.map(({ Id }) => Id));
  const present = new Set(list.ids.value.filter((id) => leaving.has(id)));
  const ids = present.size > 0 ? list.ids.value.filter((id) => !leaving.has(id)) : [...list.ids.value];
  for (const thread of changed) {
    const isHere = !list.enterpriseId || list.enterpriseId === thread.EnterpriseId;
    if (!isHere || !isIn(list.view, thread, userId)) continue;
    const to = placeFor(list.view, ids, thread);
    // A new thread that belongs after the fetched part comes with the next page.
    if (to < ids.length || list.state.value === "complete" || present.has(thread.Id)) ids.splice(to, 0, thread.Id);
  }
  list.ids.value = ids;
}

/** A thread goes behind those of the same time in Awaiting, where the oldest is first, and before them elsewhere. */
function placeFor(view: View, ids: readonly string[], thread: InboxThread): number {
  let low = 0;
  let high = ids.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = threadOf(ids[middle] ?? "");
    const difference = other ? order(view, other, thread) : 0;
    if (difference < 0 || (difference === 0 && view === "Awaiting")) low = middle + 1;
    else high = middle;
  }
  return low;
}
