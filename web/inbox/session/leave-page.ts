import { render } from "preact";
import { browserForget, browserKeep, browserKept, whenBrowserKeeps } from "../../shared/browser-kept.ts";
import { type Farewell, sayFarewell } from "./farewell.ts";
import { keptNames } from "./kept.ts";
import { boundPerson } from "./person.ts";
import { currentLook } from "./preferences.ts";

/** In this browser, for all of its tabs: the id of the person who signed in last and has not signed out. */
const lastPerson = "lastPerson";

let isLeft = false;

/** Whether the page is about to be loaded anew: nothing is to be asked in its person's name any more. */
export function hasLeft(): boolean {
  return isLeft;
}

/**
 * Ends the page: takes its person's things off the screen and has everything loaded anew, so that nothing in memory
 * comes into the hands of the next person. What they wrote and did not send stays sealed in the browser.
 */
export function leavePage(reason: Farewell["reason"]): void {
  const user = boundPerson();
  if (isLeft || !user) return;
  isLeft = true;
  const { Id, Name, Email } = user;
  sayFarewell({ reason, user: { Id, Name, Email }, look: currentLook(), unsent: keptNames("outbox.").length });
  // From now on somebody else may have been here, also if no page of theirs has said so.
  if (reason !== "ended" && browserKept(lastPerson) === Id) browserForget(lastPerson);
  clearPage();
  // The same person finds the same place again; for another one the page begins at the beginning.
  if (reason === "ended") location.reload();
  else location.replace("/inbox");
}

export function clearPage(): void {
  const root = document.getElementById("inbox");
  if (root) render(null, root);
}

/**
 * Tells all tabs of this browser that the page's person is the one who is signed in, and leaves this page as soon as
 * another tab says so of somebody else.
 * @returns whether the person was the last one here, so that what they left unsent goes on by itself
 */
export function watchForOthers(userId: string): boolean {
  const wasLast = browserKept(lastPerson) === userId;
  browserKeep(lastPerson, userId);
  const check = () => {
    if (browserKept(lastPerson) !== userId) leavePage("other");
  };
  // A browser that keeps nothing tells nothing either; there the server's refusals remain.
  if (browserKept(lastPerson) !== userId) return wasLast;
  whenBrowserKeeps(lastPerson, check);
  // A tab that was frozen has missed the event.
  document.addEventListener("visibilitychange", check);
  document.addEventListener("resume", check);
  return wasLast;
}
