import { render } from "preact";
import { browserForget, browserKeep, browserKept, whenBrowserKeeps } from "../../shared/browser-kept.ts";
import { type Farewell, sayFarewell } from "./farewell.ts";
import { keptNames } from "./kept.ts";
import { boundPerson } from "./person.ts";
import { currentLook } from "./preferences.ts";

/**
 * The name under which the browser keeps, for all tabs, the id of the person who signed in last and did not sign out.
 */
const lastPerson = "lastPerson";

let isLeft = false;

/** Whether the page is about to be loaded again, so that no request may be sent in its person's name any more. */
export function hasLeft(): boolean {
  return isLeft;
}

/**
 * Ends the page: clears the screen and loads the page again, so that the next person finds nothing in its memory. What
 * the person wrote and did not send stays sealed in the browser.
 */
export function leavePage(reason: Farewell["reason"]): void {
  const user = boundPerson();
  if (isLeft || !user) return;
  isLeft = true;
  const { Id, Name, Email } = user;
  sayFarewell({ reason, user: { Id, Name, Email }, look: currentLook(), unsent: keptNames("outbox.").length });
  // From now on another person may use this browser, whether or not a page of theirs writes its name here.
  if (reason !== "ended" && browserKept(lastPerson) === Id) browserForget(lastPerson);
  clearPage();
  // The same person finds the same place again. Another person gets the first view.
  if (reason === "ended") location.reload();
  else location.replace("/inbox");
}

export function clearPage(): void {
  const root = document.getElementById("inbox");
  if (root) render(null, root);
}

/**
 * Tells all tabs of this browser who is signed in on this page, and leaves the page as soon as another tab tells of
 * another person.
 * @returns whether the person was the last one here, so that what they left unsent may be sent by itself
 */
export function watchForOthers(userId: string): boolean {
  const wasLast = browserKept(lastPerson) === userId;
  browserKeep(lastPerson, userId);
  const check = () => {
    if (browserKept(lastPerson) !== userId) leavePage("other");
  };
  // Without storage the tabs can't tell each other. There the server's refusals make the page leave.
  if (browserKept(lastPerson) !== userId) return wasLast;
  whenBrowserKeeps(lastPerson, check);
  // A tab that was frozen has missed the event.
  document.addEventListener("visibilitychange", check);
  document.addEventListener("resume", check);
  return wasLast;
}
