import { nilIdentifier } from "../../core/identifiers.ts";
import type { Standing } from "../../messaging/summary.ts";
import type { Reader, Transaction } from "../db.ts";
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

interface CountRow {
  readonly enterprise_id: string;
  readonly assignee_id: string;
  readonly open_threads: number;
  readonly awaiting_threads: number;
  readonly resolved_threads: number;
}

export const queries = {
  add: `
    INSERT INTO inbox_count (enterprise_id, assignee_id, open_threads, awaiting_threads, resolved_threads)
    VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (enterprise_id, assignee_id) DO UPDATE SET
      open_threads = inbox_count.open_threads + excluded.open_threads,
      awaiting_threads = inbox_count.awaiting_threads + excluded.awaiting_threads,
      resolved_threads = inbox_count.resolved_threads + excluded.resolved_threads`,
  ofProperties: `
    SELECT inbox_count.enterprise_id, inbox_count.assignee_id, inbox_count.open_threads, inbox_count.awaiting_threads,
      inbox_count.resolved_threads
    FROM json_each(?1) AS scope CROSS JOIN inbox_count ON inbox_count.enterprise_id = scope.value`,
};

/** What a thread was counted as, `undefined` when it was not, and what it is counted as from now on. */
export interface CountChange {
  readonly enterpriseId: string;
  readonly before: { readonly assigneeId: string; readonly standing: Standing | undefined };
  readonly after: { readonly assigneeId: string; readonly standing: Standing };
}

/** Keeps the counts in the transaction that changes the threads: a row for each property and person with any. */
export async function saveCounts(transaction: Transaction, changes: Iterable<CountChange>): Promise<void> {
  const sums = new Map<string, CountRow>();
  const add = (enterpriseId: string, assigneeId: string, standing: Standing | undefined, sign: 1 | -1) => {
    if (standing === undefined) return;
    const key = `${enterpriseId} ${assigneeId}`;
    const sum = sums.get(key);
    sums.set(key, {
      enterprise_id: enterpriseId,
      assignee_id: assigneeId,
      open_threads: (sum?.open_threads ?? 0) + (standing === "resolved" ? 0 : sign),
      awaiting_threads: (sum?.awaiting_threads ?? 0) + (standing === "awaiting" ? sign : 0),
      resolved_threads: (sum?.resolved_threads ?? 0) + (standing === "resolved" ? sign : 0),
    });
  };
  for (const { enterpriseId, before, after } of changes) {
    if (before.standing === after.standing && before.assigneeId === after.assigneeId) continue;
    add(enterpriseId, before.assigneeId, before.standing, -1);
    add(enterpriseId, after.assigneeId, after.standing, 1);
  }
  for (const { enterprise_id, assignee_id, open_threads, awaiting_threads, resolved_threads } of sums.values()) {
    if (open_threads === 0 && awaiting_threads === 0 && resolved_threads === 0) continue;
    const parameters = [enterprise_id, assignee_id, open_threads, awaiting_threads, resolved_threads];
    await transaction.run(queries.add, ...parameters);
  }
}

/** The counts of each property of the scope, in its order, as one person sees them. */
export async function inboxCounts(reader: Reader, scope: PropertyScope, userId: string): Promise<InboxCounts[]> {
  const rows = await reader.all<CountRow>(queries.ofProperties, JSON.stringify(scope.enterpriseIds));
  const ofProperty = Map.groupBy(rows, ({ enterprise_id }) => enterprise_id);
  return scope.enterpriseIds.map((enterpriseId) => {
    const own = ofProperty.get(enterpriseId) ?? [];
    const sum = (value: (row: CountRow) => number) => own.reduce((total, row) => total + value(row), 0);
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
