import { signal } from "@preact/signals";
import type { InboxCount, View } from "../../../src/protocol/staff/inbox.ts";
import { call } from "../api.ts";

export interface Counts {
  readonly byProperty: ReadonlyMap<string, InboxCount>;
  readonly unread: number;
}

export const counts = signal<Counts>({ byProperty: new Map(), unread: 0 });

/** Fetches the counts of every property. @throws Refusal, and keeps those that are known */
export async function loadCounts(): Promise<void> {
  brought.clear();
  const { Counts, Unread } = await call("counts/getAll", {});
  const byProperty = new Map([...Counts.map((count) => [count.EnterpriseId, count] as const), ...brought]);
  counts.value = { byProperty, unread: brought.size > 0 ? counts.value.unread : Unread };
}

/** Counts that the stream brought while all were being fetched. They are newer than the answer. */
const brought = new Map<string, InboxCount>();

export function takeCounts(changed: readonly InboxCount[], unread: number): void {
  for (const count of changed) brought.set(count.EnterpriseId, count);
  const byProperty = new Map(counts.value.byProperty);
  for (const count of changed) byProperty.set(count.EnterpriseId, count);
  counts.value = { byProperty, unread };
}

/** How many threads a view has at one property, or at all of them. Undefined until the counts are known. */
export function countOf({ byProperty }: Counts, view: View, enterpriseId: string | undefined): number | undefined {
  if (byProperty.size === 0) return undefined;
  if (enterpriseId) return byProperty.get(enterpriseId)?.[view] ?? 0;
  let sum = 0;
  for (const count of byProperty.values()) sum += count[view];
  return sum;
}
