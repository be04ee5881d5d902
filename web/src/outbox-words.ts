import type { Outgoing } from "./outbox.ts";
import { goTo } from "./place.ts";
import { say } from "./toasts.ts";
import { words } from "./words.ts";

/** Says what became of a reply in a thread that is not on the screen. */
export function sayOfOutbox(what: "stopped" | "failed", { Guest, MessageThreadId }: Outgoing): void {
  const { stoppedElsewhere, failedElsewhere, open } = words();
  const text = what === "stopped" ? stoppedElsewhere(Guest) : failedElsewhere(Guest);
  say(text, { label: open, run: () => goTo({ threadId: MessageThreadId }) });
}
