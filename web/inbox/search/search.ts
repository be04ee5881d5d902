import { signal } from "@preact/signals";
import type { SearchResult } from "../../../src/protocol/staff/search.ts";
import { call } from "../api.ts";
import { keepThread } from "../list/threads.ts";
import { place } from "../place.ts";

/** A search starts after so many milliseconds without a key. */
const quiet = 120;

/**
 * The pauses in milliseconds after which an incomplete search is repeated. The server may have had too little time, or
 * the newest messages may not be in its index yet.
 */
const again: readonly number[] = [400, 1200, 3600];

const count = 50;

export interface Search {
  readonly isOpen: boolean;
  readonly query: string;
  readonly state: "hints" | "searching" | "found" | "failed";
  readonly results: readonly SearchResult[];
  readonly isComplete: boolean;
  readonly active: number;
}

const closed: Search = { isOpen: false, query: "", state: "hints", results: [], isComplete: true, active: 0 };

export const search = signal<Search>(closed);

let underWay = new AbortController();
let timer: ReturnType<typeof setTimeout> | undefined;

export function openSearch(query = search.value.query): void {
  search.value = { ...search.value, isOpen: true };
  if (query !== search.value.query) lookFor(query);
}

export function closeSearch(): void {
  underWay.abort();
  clearTimeout(timer);
  search.value = closed;
}

/** Searches for `query` in a moment, and ends the search before it. */
export function lookFor(query: string): void {
  underWay.abort();
  clearTimeout(timer);
  const isEmpty = query.trim() === "";
  search.value = {
    ...search.value,
    isOpen: true,
    query,
    state: isEmpty ? "hints" : "searching",
    ...(isEmpty && { results: [] }),
  };
  if (!isEmpty) timer = setTimeout(() => void look(query), quiet);
}

async function look(query: string, [wait, ...later] = again): Promise<void> {
  underWay = new AbortController();
  const { signal } = underWay;
  const { enterpriseId } = place.value;
  try {
    const { Results, IsComplete } = await call(
      "threads/search",
      { Query: query.trim(), Count: count, ...(enterpriseId && { EnterpriseIds: [enterpriseId] }) },
      { signal },
    );
    if (signal.aborted) return;
    for (const { Thread } of Results) keepThread(Thread);
    const isAgain = !IsComplete && Results.length < count && wait !== undefined;
    search.value = {
      ...search.value,
      state: isAgain && Results.length === 0 ? "searching" : "found",
      results: Results,
      isComplete: IsComplete,
      active: activeAmong(Results, search.value),
    };
    if (isAgain) timer = setTimeout(() => void look(query, later), wait);
  } catch {
    if (signal.aborted) return;
    // Results of an earlier try stay on the screen.
    search.value = search.value.state === "found" ? search.value : { ...search.value, state: "failed", results: [] };
  }
}

/** The place of the active result among the new ones, or the first one for a new search. */
function activeAmong(results: readonly SearchResult[], { state, results: before, active }: Search): number {
  const id = state === "found" ? before[active]?.Thread.Id : undefined;
  return Math.max(
    0,
    results.findIndex(({ Thread }) => Thread.Id === id),
  );
}

export function moveInSearch(step: number): void {
  search.value = {
    ...search.value,
    active: Math.max(0, Math.min(search.value.results.length - 1, search.value.active + step)),
  };
}
