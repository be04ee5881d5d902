import { nilIdentifier } from "../../core/identifiers.ts";
import type { Standing } from "../../messaging/summary.ts";
import type { Reader, Transaction } from "../db.ts";
import { each, lateral, query } from "../query.ts";
import type { InboxCountRow } from "../rows.ts";
import type { PropertyScope } from "../scope.ts";

/** How many threads each list of the inbox has at one property. */
export interface InboxCounts {
  readonly enterpriseId: string;
  readonly awaiting: number;
  readonly open: number;
  readonly mine: number;
  readonly unassigned: number;
  readonly resolved: number;
  readonly all: number;
}

export const queries = {
  add: query<never, Counts>`
    INSERT INTO inbox_count (enterprise_id, assignee_id, open_threads, awaiting_threads, resolved_threads)
    VALUES (:enterpriseId, :assigneeId, :open, :awaiting, :resolved)
    ON CONFLICT (enterprise_id, assignee_id) DO UPDATE SET
      open_threads = inbox_count.open_threads + excluded.open_threads,
      awaiting_threads = inbox_count.awaiting_threads + excluded.awaiting_threads,
      resolved_threads = inbox_count.resolved_threads + excluded.resolved_threads`,
  ofProperties: query<InboxCountRow, { readonly enterpriseIds: readonly string[] }>`
    SELECT inbox_count.enterprise_id, inbox_count.assignee_id, inbox_count.open_threads, inbox_count.awaiting_threads,
      inbox_count.resolved_threads
    FROM ${each("enterpriseIds", "scope")}
    ${lateral("inbox_count", "inbox_count", "inbox_count.enterprise_id = scope.value")}`,
};

/** The threads of a property that are assigned to one person, or to none. */
type Counts = {
  readonly enterpriseId: string;
  readonly assigneeId: string;
  readonly open: number;
  readonly awaiting: number;
  readonly resolved: number;
};

/** What a thread was counted as, `undefined` when it was not, and what it is counted as from now on. */
export interface CountChange {
  readonly enterpriseId: string;
  readonly before: { readonly assigneeId: string; readonly standing: Standing | undefined };
  readonly after: { readonly assigneeId: string; readonly standing: Standing };
}

/** Keeps the counts in the transaction that changes the threads: a row for each property and person with any. */
export async function saveCounts(transaction: Transaction, changes: Iterable<CountChange>): Promise<void> {
  const sums = new Map<string, Counts>();
  const add = (enterpriseId: string, assigneeId: string, standing: Standing | undefined, sign: 1 | -1) => {
    if (standing === undefined) return;
    const key = `${enterpriseId} ${assigneeId}`;
    const sum = sums.get(key);
    sums.set(key, {
      enterpriseId,
      assigneeId,
      open: (sum?.open ?? 0) + (standing === "resolved" ? 0 : sign),
      awaiting: (sum?.awaiting ?? 0) + (standing === "awaiting" ? sign : 0),
      resolved: (sum?.resolved ?? 0) + (standing === "resolved" ? sign : 0),
    });
  };
  for (const { enterpriseId, before, after } of changes) {
    if (before.standing === after.standing && before.assigneeId === after.assigneeId) continue;
    add(enterpriseId, before.assigneeId, before.standing, -1);
    add(enterpriseId, after.assigneeId, after.standing, 1);
  }
  for (const sum of sums.values()) {
    if (sum.open !== 0 || sum.awaiting !== 0 || sum.resolved !== 0) await transaction.run(queries.add, sum);
  }
}

/** The counts of each property of the scope, in its order, as one person sees them. */
export async function inboxCounts(
  reader: Reader,
  { enterpriseIds }: PropertyScope,
  userId: string,
): Promise<InboxCounts[]> {
  const rows = await reader.all(queries.ofProperties, { enterpriseIds });
  const ofProperty = Map.groupBy(rows, ({ enterprise_id }) => enterprise_id);
  return enterpriseIds.map((enterpriseId) => {
    const own = ofProperty.get(enterpriseId) ?? [];
    const sum = (value: (row: InboxCountRow) => number) => own.reduce((total, row) => total + value(row), 0);
    const openOf = (assigneeId: string) => own.find(({ assignee_id }) => assignee_id === assigneeId)?.open_threads ?? 0;
    const open = sum((row) => row.open_threads);
    const resolved = sum((row) => row.resolved_threads);
    return {
      enterpriseId,
      awaiting: sum((row) => row.awaiting_threads),
      open,
      mine: openOf(userId),
      unassigned: openOf(nilIdentifier),
      resolved,
      all: open + resolved,
    };
  });
}
