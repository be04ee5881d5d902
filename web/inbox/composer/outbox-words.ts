import { say } from "../live/toasts.ts";
import { goTo } from "../place.ts";
import { whenSpoken, words } from "../words/words.ts";
import type { Outgoing } from "./outbox.ts";

/** Says that something was not sent before the person came back. */
export async function sayOfHeld(count: number, { MessageThreadId }: Outgoing): Promise<void> {
  // Right after signing in, the page may still be fetching the person's language.
  await whenSpoken();
  const { heldSince, open } = words();
  say(heldSince(count), { label: open, run: () => goTo({ threadId: MessageThreadId }) });
}

/** Says what became of a reply in a thread that is not on the screen. */
export function sayOfOutbox(what: "stopped" | "failed", { Guest, MessageThreadId }: Outgoing): void {
  const { stoppedElsewhere, failedElsewhere, open } = words();
  const text = what === "stopped" ? stoppedElsewhere(Guest) : failedElsewhere(Guest);
  say(text, { label: open, run: () => goTo({ threadId: MessageThreadId }) });
}
