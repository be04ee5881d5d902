import { within } from "../deadline.ts";
import type { Message } from "../protocol/messages.ts";
import { type Db, first, type Transaction } from "./db.ts";
import { type GroupThread, readGroupThreads, saveSummaries } from "./group-threads.ts";
import { queries as items, type MessageRow } from "./thread-items.ts";
import { queries as group } from "./write-group.ts";

/** How many threads are looked at in one transaction, so that no writer waits for long. */
const maxThreads = 50;

/** How long a statement may take, in milliseconds: whoever has locked a table is in nobody else's way. */
const lookLimit = 3000;

/** How far back to look for the message that a guest has waited since. */
const maxMessages = 200;

export const queries = {
  // The index has no other rows than these.
  stale: `
    SELECT enterprise_id, id FROM message_thread INDEXED BY message_thread_unsummarized
    WHERE summarized <> updated LIMIT ${maxThreads}`,
};

interface StaleRow {
  readonly enterprise_id: string;
  readonly id: string;
}

/**
 * Summarizes some threads that were changed without it: before there were summaries, or by a server of a version that
 * has none.
 * @returns how many there were
 */
export async function summarizeSome(db: Db): Promise<number> {
  const rows = await db.until(within(lookLimit)).all<StaleRow>(queries.stale);
  for (const [enterpriseId, some] of Map.groupBy(rows, ({ enterprise_id }) => enterprise_id)) {
    await db.transaction(
      (transaction) =>
        summarize(
          transaction,
          enterpriseId,
          some.map(({ id }) => id),
        ),
      lookLimit,
    );
  }
  return rows.length;
}

async function summarize(transaction: Transaction, enterpriseId: string, ids: readonly string[]): Promise<void> {
  // Whoever writes locks it too.
  await first(transaction, group.property, enterpriseId);
  const threads = await readGroupThreads(transaction, enterpriseId, ids);
  const stale = threads.filter(({ row }) => row.summarized !== row.updated);
  await Promise.all(stale.map((thread) => lookAt(transaction, thread)));
  await saveSummaries(transaction, stale);
}

async function lookAt(transaction: Transaction, thread: GroupThread): Promise<void> {
  const { enterprise_id, id, created } = thread.row;
  const parameters = [enterprise_id, id, Number.MAX_SAFE_INTEGER, maxMessages];
  const rows = await transaction.all<MessageRow>(items.messages, ...parameters);
  const messages = rows.map((row) => ({ ...row, message: JSON.parse(row.document) as Message }));
  const answered = messages.findIndex(({ message }) => message.Sender.Discriminator === "Enterprise");
  const unanswered = answered < 0 ? messages : messages.slice(0, answered);
  const [newest] = messages;
  thread.lastSender = newest?.message.Sender.Discriminator ?? null;
  thread.lastUserId = newest?.user_id ?? null;
  thread.lastText = newest?.message.Text;
  // Who has never been answered waits since the thread was opened.
  const isNew = answered < 0 && messages.length < maxMessages;
  const waitingSince = isNew ? created : (unanswered.at(-1)?.created ?? null);
  thread.waitingSince = thread.isResolved ? null : waitingSince;
}
