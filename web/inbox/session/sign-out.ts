import { attempt } from "../actions.ts";
import { call } from "../api.ts";
import { sendDrafts } from "../composer/drafts.ts";
import { leavePage } from "./leave-page.ts";

/**
 * Ends the session and leaves the page. Only the server can remove the cookie, so while it can't be reached the person
 * stays signed in, and the page says so.
 */
export async function signOut(): Promise<void> {
  const leaves = call("presence/set", { MessageThreadId: null, IsTyping: false }).catch(() => undefined);
  await Promise.all([sendDrafts(), leaves]);
  if (await attempt(() => call("session/end", {}))) leavePage("signedOut");
}
