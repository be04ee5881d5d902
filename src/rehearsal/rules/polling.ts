import type { Conduct } from "../conduct.ts";
import { isAnswered, type ListCall, listCalls } from "../lists.ts";
import { counted, finding, type Rule } from "../rule.ts";

/** Asking the same again within so many milliseconds, to learn nothing, is polling … */
const slow = 60_000;
const slowLimit = 3;

/** … and so soon it is a burden. */
const quick = 15_000;
const quickLimit = 5;

/** Lists whose news come by webhook, by WebSocket and in the feed. */
const announced = new Set(["messages/getAll", "messageThreads/getAll", "events/getAll"]);

export const polling: Rule = {
  name: "polling",
  demand: "It reads when an event tells it to, and does not ask over and over whether there is something new.",
  advice: "Register a webhook or open the WebSocket, and read what it names; ask once in a while to catch up.",
  judge: (conduct) => {
    const lists = listCalls(conduct.calls).filter((list) => announced.has(list.operation) && isAnswered(list));
    if (lists.length === 0) return [finding("unseen", "It read no messages, threads or events.")];
    const polls = vainRepetitions(lists, conduct);
    const groups = [...Map.groupBy(polls, ({ filters }) => filters).values()];
    const [most = []] = groups.sort((a, b) => b.length - a.length);
    const isQuick = most.filter(({ pause }) => pause < quick).length >= quickLimit;
    if (most.length < slowLimit) {
      return [finding("pass", `${counted(lists.length, "read")}, and none of them again and again.`)];
    }
    const mean = Math.round(most.reduce((sum, { pause }) => sum + pause, 0) / most.length / 100) / 10;
    const operation = most[0]?.operation;
    const sentence = `It asked ${operation} the same ${counted(most.length, "time")} to learn nothing, every ${mean} s.`;
    return [finding(isQuick ? "fail" : "warn", sentence, most)];
  },
};

interface Repetition extends ListCall {
  /** Since the same was asked before, in milliseconds. */
  readonly pause: number;
}

/** Questions that were asked before, whose answer had nothing new, and that no event gave a reason for. */
function vainRepetitions(lists: readonly ListCall[], { deliveries, sockets }: Conduct): readonly Repetition[] {
  const told = deliveries.filter(({ isHeldBack }) => !isHeldBack);
  const events = [...told, ...sockets].map(({ from }) => from);
  const asked = new Map<string, ListCall>();
  const known = new Set<string>();
  const found: Repetition[] = [];
  for (const list of lists) {
    const question = `${list.filters} ${list.cursor ?? ""}`;
    const before = asked.get(question);
    asked.set(question, list);
    const items = (list.items ?? [list.entry.ResponseBody]).map((item) => JSON.stringify([list.operation, item]));
    const hasNews = items.some((item) => !known.has(item));
    for (const item of items) known.add(item);
    if (!before || hasNews || !isSameTime(before, list)) continue;
    const pause = list.from - before.from;
    const hasReason = events.some((time) => time > before.from && time <= list.from);
    if (pause >= 0 && pause < slow && !hasReason) found.push({ ...list, pause });
  }
  return found;
}

/** Whether both look at the same time, be it that it goes on: not at one part of the past after the other. */
function isSameTime(before: ListCall, after: ListCall): boolean {
  const elapsed = after.from - before.from;
  return after.intervals.every(({ property, end }) => {
    const earlier = before.intervals.find((interval) => interval.property === property);
    return earlier !== undefined && end >= earlier.end && end - earlier.end <= elapsed + slow;
  });
}
