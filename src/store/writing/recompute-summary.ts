import type { Microseconds } from "../../core/clock.ts";
import { type SummarizedMessage, summarized } from "../../messaging/summary.ts";
import type { Message } from "../../protocol/connector/messages.ts";
import { firstRow, type Transaction } from "../db.ts";
import { queries as items } from "../lists/thread-items.ts";
import { indexedBy, query } from "../query.ts";
import type { PropertyLogRow } from "../rows.ts";
import type { StoredThread } from "./thread-rows.ts";

/** How far back the message is looked for that a guest has waited since. */
const maxMessages = 200;

export const queries = {
  position: query<Pick<PropertyLogRow, "sequence">, { enterpriseId: string; clientId: string; created: Microseconds }>`
    SELECT sequence FROM property_log ${indexedBy("property_log_events")}
    WHERE enterprise_id = :enterpriseId AND client_id = :clientId AND created = :created AND kind <> 'ThreadAdded'`,
};

/** The thread with the summary that its stored messages give it. */
export async function recomputeSummary(transaction: Transaction, { row, thread }: StoredThread): Promise<StoredThread> {
  const { enterpriseId, clientId, id } = thread;
  const bounds = { enterpriseId, threadId: id, before: Number.MAX_SAFE_INTEGER, limit: maxMessages };
  const rows = await transaction.all(items.messages, bounds);
  const newest: SummarizedMessage[] = rows.map(({ created, user_id, document }) => ({
    created,
    userId: user_id,
    message: JSON.parse(document) as Message,
  }));
  const [last] = newest;
  const entry =
    last && (await firstRow(transaction, queries.position, { enterpriseId, clientId, created: last.created }));
  return { row, thread: summarized(thread, newest, newest.length < maxMessages, entry?.sequence) };
}
