import type { View } from "../../src/protocol/staff/inbox.ts";
import { goToList, markUnread, moveSelection, openThread, selection, selectLast, setResolved } from "./actions.ts";
import { isComposerAwaited, write } from "./composer/composing.ts";
import { dialog, show } from "./dialogs/open-dialog.ts";
import { listAt } from "./list/lists.ts";
import { threadOf } from "./list/threads.ts";
import { leaveThread, place } from "./place.ts";
import { closeSearch, moveInSearch, search } from "./search/search.ts";

/** The second key of a pair such as G I must follow within so many milliseconds. */
const pairWithin = 1500;

const viewKeys: Readonly<Record<string, View>> = {
  i: "Awaiting",
  o: "Open",
  m: "Mine",
  u: "Unassigned",
  r: "Resolved",
  a: "All",
};

let goPressed = 0;

/** Listens to the keys of the page. @returns what ends it */
export function startShortcuts(): () => void {
  addEventListener("keydown", pressed);
  return () => removeEventListener("keydown", pressed);
}

function pressed(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const isWithControl = event.ctrlKey || event.metaKey;
  if (isWithControl && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    if (!dialog.value) show("palette");
    return;
  }
  if (dialog.value || isComposerAwaited() || isWithControl || event.altKey) return;
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  const isField = target.matches("input, textarea, select, [contenteditable]");
  const isHandled = isField ? inField(event, target) : onPage(event, target);
  if (isHandled) event.preventDefault();
}

function inField(event: KeyboardEvent, target: HTMLElement): boolean {
  if (target.closest(".search-field")) return inSearch(event.key);
  if (event.key !== "Escape") return false;
  target.blur();
  document.querySelector<HTMLElement>(".messages")?.focus();
  return true;
}

function inSearch(key: string): boolean {
  if (key === "Escape") closeSearch();
  else if (key === "ArrowDown") moveInSearch(1);
  else if (key === "ArrowUp") moveInSearch(-1);
  else if (key === "Enter") openResult();
  else return false;
  return true;
}

function openResult(): void {
  const { results, active } = search.value;
  const result = results[active];
  if (result) openThread(result.Thread.Id, result.Item?.Id);
}

function onPage(event: KeyboardEvent, target: HTMLElement): boolean {
  const { key } = event;
  if (Date.now() - goPressed < pairWithin) {
    goPressed = 0;
    const view = viewKeys[key.toLowerCase()];
    if (view) {
      goToList({ view });
      return true;
    }
  }
  // The browser presses the focused button or link for these keys.
  const isControl = target.matches("button, a, summary");
  if (isControl && (key === "Enter" || key === " ")) return false;
  const isInMessages = target.closest(".thread-pane") !== null;
  switch (key) {
    case "ArrowDown":
    case "ArrowUp":
      if (isInMessages) return false;
      return move(key === "ArrowDown" ? 1 : -1);
    case "j":
      return move(1);
    case "k":
      return move(-1);
    case "Home":
      return !isInMessages && move(Number.NEGATIVE_INFINITY);
    case "End":
      if (isInMessages || search.value.isOpen) return false;
      void selectLast();
      return true;
    case "Enter":
    case "o":
      return openSelected();
    case "Escape":
      return back();
    case "/":
      focusSearch();
      return true;
    case "?":
      show("keys");
      return true;
    case "g":
      goPressed = Date.now();
      return true;
    default:
      return onThread(key);
  }
}

/** Moves the selection. Where list and thread are side by side, an open thread follows it. */
function move(step: number): boolean {
  if (search.value.isOpen) {
    moveInSearch(step);
    return true;
  }
  const next = moveSelection(step);
  const isBeside = !matchMedia("(max-width: 759px)").matches;
  if (next && isBeside && place.value.threadId) openThread(next);
  focusList();
  return true;
}

/** Moves the focus at once, so that what is typed next goes into the field, which opens the search. */
function focusSearch(): void {
  document.querySelector<HTMLElement>(".search-field input")?.focus();
}

function focusList(): void {
  document.querySelector<HTMLElement>(".virtual-list")?.focus({ preventScroll: true });
}

function openSelected(): boolean {
  if (search.value.isOpen) {
    openResult();
    return true;
  }
  const { id } = selection.value;
  const wanted = id ?? listAt(place.value).ids.value[0];
  if (!wanted) return false;
  openThread(wanted);
  requestAnimationFrame(() => document.querySelector<HTMLElement>(".messages")?.focus());
  return true;
}

function back(): boolean {
  if (place.value.threadId) {
    leaveThread();
    requestAnimationFrame(focusList);
  } else if (search.value.isOpen) closeSearch();
  else return false;
  return true;
}

function onThread(key: string): boolean {
  const thread = threadOf(place.value.threadId ?? selection.value.id ?? "");
  if (!thread) return false;
  const isOpen = place.value.threadId === thread.Id;
  switch (key) {
    case "r":
    case "n":
      if (!isOpen) openThread(thread.Id);
      write(key === "r" ? "reply" : "note");
      return true;
    case "e":
      setResolved(thread, !thread.IsResolved);
      return true;
    case "a":
      if (!isOpen) openThread(thread.Id);
      show("assign");
      return true;
    case "u":
      markUnread(thread);
      return true;
    default:
      return false;
  }
}
