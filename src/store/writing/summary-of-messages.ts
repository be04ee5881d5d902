import type { Message } from "../../protocol/connector/messages.ts";
import { firstRow, type Transaction } from "../db.ts";
import { queries as items, type MessageRow } from "../lists/thread-items.ts";
import type { GroupThread } from "./group-threads.ts";

/** How far back to look for the message that a guest has waited since. */
const maxMessages = 200;

export const queries = {
  position: `
    SELECT sequence FROM property_log INDEXED BY property_log_events
    WHERE enterprise_id = ?1 AND client_id = ?2 AND created = ?3 AND kind <> 'ThreadAdded'`,
};

/** Whether somebody has changed the thread without summarizing it. */
export function isStale({ row }: GroupThread): boolean {
  return row.summarized !== row.updated;
}

/** Finds out from a thread's messages what its summary should be. */
export async function lookAt(transaction: Transaction, thread: GroupThread): Promise<void> {
  const { enterprise_id, client_id, id, created } = thread.row;
  const parameters = [enterprise_id, id, Number.MAX_SAFE_INTEGER, maxMessages];
  const rows = await transaction.all<MessageRow>(items.messages, ...parameters);
  const messages = rows.map((row) => ({ ...row, message: JSON.parse(row.document) as Message }));
  const answered = messages.findIndex(({ message }) => message.Sender.Discriminator === "Enterprise");
  const unanswered = answered < 0 ? messages : messages.slice(0, answered);
  const [newest] = messages;
  if (newest) {
    const parameters = [enterprise_id, client_id, newest.created];
    const entry = await firstRow<{ sequence: number }>(transaction, queries.position, ...parameters);
    thread.lastPosition = entry?.sequence ?? thread.lastPosition;
  }
  thread.lastSender = newest?.message.Sender.Discriminator ?? null;
  thread.lastUserId = newest?.user_id ?? null;
  thread.lastText = newest?.message.Text;
  // Who has never been answered waits since the thread was opened.
  const isNew = answered < 0 && messages.length < maxMessages;
  const waitingSince = isNew ? created : (unanswered.at(-1)?.created ?? null);
  thread.waitingSince = thread.isResolved ? null : waitingSince;
}
