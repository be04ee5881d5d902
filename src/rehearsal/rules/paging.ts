import { addCalls, addedMessages } from "../adds.ts";
import type { Conduct } from "../conduct.ts";
import { isAnswered, type ListCall, listCalls } from "../lists.ts";
import { counted, type Finding, finding, found, type Rule } from "../rule.ts";

/** How long the next page may take to be asked for, in milliseconds. */
const patience = 10_000;

/** Without Limitation, a list of a longer time or with more items may be too long for one answer one day. */
const longInterval = 7 * 86_400_000;
const manyItems = 100;

/** Lists with cursors, and the property that names items one by one. */
const pagedLists: Readonly<Record<string, string>> = {
  "messageThreads/getAll": "MessageThreadIds",
  "messages/getAll": "MessageIds",
  "enterprises/getAll": "EnterpriseIds",
};

export const paging: Rule = {
  name: "paging",
  demand: "It reads lists by pages, and goes on until there are no more or it knows the rest.",
  advice: "Send Limitation with each list, and its Cursor with the next one, until the answer's Cursor is null.",
  judge: (conduct) => {
    const lists = listCalls(conduct.calls).filter(({ operation }) => operation in pagedLists);
    // A client knows the messages that it added itself without reading them.
    const full = fullPages(lists, addCalls(conduct.calls).flatMap(addedMessages));
    const left = full.filter((list) => isLeft(list, lists, conduct));
    const followed = full.filter((list) => nextPage(list, lists) !== undefined);
    const findings = [...leftPages(left, followed.length), ...unlimited(lists)];
    if (findings.length > 0) return findings;
    if (followed.length > 0) {
      return [finding("pass", `${counted(followed.length, "full page")} followed by the next one.`, followed)];
    }
    const paged = lists.filter(({ count }) => count !== undefined);
    if (paged.length === 0) return [finding("unseen", "It asked for no page of a list.")];
    if (full.length === 0) return [finding("unseen", "No page was full, so that none had a next one.")];
    if (full.some(({ isKnown }) => isKnown)) return [finding("pass", "It stopped where it had seen the rest before.")];
    return [finding("unseen", "The first full page came just before the end.", full)];
  },
};

interface FullPage extends ListCall {
  /** Whether the client had seen an item of it before. */
  readonly isKnown: boolean;
}

/** Pages with as many items as were asked for, behind which there may be more that the client does not know. */
function fullPages(lists: readonly ListCall[], added: readonly unknown[]): readonly FullPage[] {
  const seen = new Set(added);
  const full: FullPage[] = [];
  for (const list of lists.filter(isAnswered)) {
    const items = list.items ?? [];
    const isKnown = items.some(({ Id }) => seen.has(Id));
    for (const { Id } of items) seen.add(Id);
    const named = list.body[pagedLists[list.operation] ?? ""];
    const isAllThereIs = Array.isArray(named) && named.length <= (list.count ?? 0);
    // Who asks for one item wants the newest.
    if (list.count === undefined || list.count === 1 || items.length < list.count || isAllThereIs) continue;
    full.push({ ...list, isKnown });
  }
  return full;
}

/** Whether the client went away from a full page, with time to go on. */
function isLeft(list: ListCall, lists: readonly ListCall[], { until }: Conduct): boolean {
  return list.to + patience <= until && nextPage(list, lists) === undefined;
}

function nextPage(list: ListCall, lists: readonly ListCall[]): ListCall | undefined {
  const last = list.items?.at(-1)?.Id;
  return lists.find(({ cursor, filters, from }) => cursor === last && filters === list.filters && from >= list.from);
}

function leftPages(left: readonly FullPage[], followed: number): readonly Finding[] {
  const unknown = left.filter(({ isKnown }) => !isKnown);
  const sentence = `${counted(unknown.length, "full page")} not followed by the next one, so that older items were missed.`;
  return found(followed === 0 ? "fail" : "warn", unknown, sentence);
}

function unlimited(lists: readonly ListCall[]): readonly Finding[] {
  const long = lists.filter(
    ({ count, intervals, items }) =>
      count === undefined &&
      (intervals.some(({ start, end }) => end - start > longInterval) || (items?.length ?? 0) > manyItems),
  );
  return found("warn", long, `${counted(long.length, "long list")} asked for without Limitation.`);
}
