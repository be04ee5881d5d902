import { say } from "../live/toasts.ts";
import { goTo } from "../place.ts";
import { currentWords, whenSpoken } from "../words/words.ts";

/** A reply or note on its way. The server adds an `Id` once, however often it is sent. */
export interface Outgoing {
  readonly Id: string;
  readonly MessageThreadId: string;
  readonly Guest: string;
  readonly Kind: "reply" | "note";
  readonly Text: string;
  readonly Position: number;
  readonly Resolve: boolean;
  readonly CreatedUtc: string;
  /** `queued` waits for the connection, `held` for its writer; `failed`: the server refused it. */
  readonly state: "sending" | "queued" | "held" | "failed";
  readonly message: string;
}

/** Says that something was not sent before the person came back. */
export async function sayHeld(count: number, { MessageThreadId }: Outgoing): Promise<void> {
  // Right after signing in, the page may still be fetching the person's language.
  await whenSpoken();
  const { heldSince, open } = currentWords();
  say(heldSince(count), { label: open, run: () => goTo({ threadId: MessageThreadId }) });
}

/** Says that a reply was not sent, in a thread that is not on the screen. */
export function sayNotSent(why: "stopped" | "failed", { Guest, MessageThreadId }: Outgoing): void {
  const { stoppedElsewhere, failedElsewhere, open } = currentWords();
  const text = why === "stopped" ? stoppedElsewhere(Guest) : failedElsewhere(Guest);
  say(text, { label: open, run: () => goTo({ threadId: MessageThreadId }) });
}
