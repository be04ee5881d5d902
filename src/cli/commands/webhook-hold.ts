import { formatDateTime } from "../../protocol/date-time.ts";
import type { Reader } from "../../store/db.ts";
import { holdWebhooks, releaseWebhooks, webhooksHeldSince } from "../../store/webhooks/hold.ts";
import { administer, databaseOptions } from "../administration.ts";
import type { Command, Terminal } from "../command.ts";

const hold: Command = {
  name: "webhook hold",
  summary: "Have no server on the database send any webhook, until webhook release. Events wait.",
  examples: ["webhook hold", "webhook hold --database sqlite:/var/lib/innbox/restored.db"],
  options: databaseOptions,
  run: (values, terminal) =>
    administer(values, terminal, async ({ store, clock }) => {
      terminal.note(heldSentence(await holdWebhooks(store.db, clock())));
    }),
};

const release: Command = {
  name: "webhook release",
  summary: "Send webhooks again that were held: all that waited, in its order.",
  examples: ["webhook release"],
  options: databaseOptions,
  run: (values, terminal) =>
    administer(values, terminal, async ({ store }) => {
      const wereHeld = await releaseWebhooks(store.db);
      terminal.note(wereHeld ? "Webhooks are sent again." : "Webhooks were not held.");
    }),
};

/** Prints, with lists of webhooks, that none of them is sent while they are held. */
export async function noteHold(reader: Reader, terminal: Pick<Terminal, "note">): Promise<void> {
  const since = await webhooksHeldSince(reader);
  if (since !== undefined) terminal.note(heldSentence(since));
}

function heldSentence(since: number): string {
  return `Webhooks are held since ${formatDateTime(since)}: none is sent until innbox webhook release.`;
}

export const webhookHoldCommands: readonly Command[] = [hold, release];
