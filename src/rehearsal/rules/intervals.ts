import { type AskedInterval, isAnswered, type ListCall, listCalls } from "../lists.ts";
import { counted, finding, found, type Rule } from "../rule.ts";

export const intervals: Rule = {
  name: "intervals",
  demand: "It asks for intervals in UTC, no longer than allowed, and leaves nothing out between one and the next.",
  advice: "Write times as 2026-05-05T20:12:03Z, and begin each interval at the newest time of the last answer.",
  judge: ({ calls }) => {
    const lists = listCalls(calls);
    const asked = lists.filter((list) => list.intervals.length > 0);
    const refused = calls.filter(({ entry, answer }) => entry.Status === 400 && isAboutInterval(answer?.Message));
    if (asked.length === 0 && refused.length === 0) return [finding("unseen", "It asked for no interval.")];
    const elsewhere = asked.filter((list) => list.intervals.some(({ texts }) => texts.some((text) => !isUtc(text))));
    const gaps = gapsIn(asked.filter(isAnswered));
    const inOtherTime = `${counted(elsewhere.length, "request")} with times that do not say that they are UTC.`;
    const withGap = `${counted(gaps.length, "time")} the next interval began after the end of the last one.`;
    const findings = [
      ...found("fail", refused, `${counted(refused.length, "interval")} answered 400.`),
      ...found("warn", elsewhere, inOtherTime),
      ...found("warn", gaps.flat(), withGap),
    ];
    if (findings.length > 0) return findings;
    return [finding("pass", `${counted(asked.length, "interval")} in UTC and within the limits.`)];
  },
};

function isAboutInterval(message: unknown): boolean {
  return typeof message === "string" && /^\w+Utc\b/.test(message);
}

function isUtc(text: string): boolean {
  return /(?:Z|[+-]00:00)$/i.test(text);
}

/** Two requests that follow what goes on, and leave out the time between their intervals. */
function gapsIn(lists: readonly ListCall[]): readonly (readonly [ListCall, ListCall])[] {
  const last = new Map<string, ListCall>();
  return lists.flatMap((list) => {
    const before = last.get(list.filters);
    last.set(list.filters, list);
    if (!before) return [];
    const hasGap = list.intervals.some((interval) => isAfterGap(interval, list, before));
    return hasGap ? [[before, list] as const] : [];
  });
}

function isAfterGap({ property, start }: AskedInterval, list: ListCall, before: ListCall): boolean {
  const earlier = before.intervals.find((interval) => interval.property === property);
  // Who jumps about in the past looks for something else; who follows begins not long before he asks.
  const elapsed = list.from - before.from;
  const isFollowing = start > before.from - elapsed && start <= list.from;
  return earlier !== undefined && isFollowing && start > earlier.end;
}
