import type { Call } from "../conduct.ts";
import { counted, finding, type Rule } from "../rule.ts";

/** Requests of one access token in so many milliseconds (contract, section 2). */
const limit = 200;
const window = 30_000;

/** What is more than this share of the limit leaves too little for a busy day. */
const comfortable = 0.8;

export const limits: Rule = {
  name: "limits",
  demand: "It stays well below 200 requests of one access token in any 30 seconds.",
  advice:
    "Send several messages with one add, read what events name rather than everything, and spread work over time.",
  judge: ({ calls }) => {
    const known = calls.filter(({ entry }) => entry.Client !== null && entry.Operation !== null);
    if (known.length === 0) return [finding("unseen", "It made no request with good tokens.")];
    const counting = known.filter(({ entry }) => entry.Status !== 429 && entry.Status !== 401);
    const peaks = [...Map.groupBy(counting, ({ accessToken }) => accessToken).values()].map(busiest);
    const peak = peaks.sort((a, b) => b.length - a.length)[0] ?? [];
    const share = `${peak.length} of ${limit} requests in 30 s`;

    const refused = refusals(known);
    if (refused.length > 1) {
      return [
        finding("fail", `It ran into the limit ${counted(refused.length, "time")}; at most it made ${share}.`, refused),
      ];
    }
    const ends = [peak[0], peak.at(-1)].filter((call) => call !== undefined);
    if (peak.length > limit) return [finding("fail", `It made ${share}.`, ends)];
    if (refused.length === 1)
      return [finding("warn", `It ran into the limit once; at most it made ${share}.`, refused)];
    if (peak.length > limit * comfortable)
      return [finding("warn", `It made ${share}, which is close to the limit.`, ends)];
    return [finding("pass", `At most it made ${share}.`)];
  },
};

/** The most requests that fit into the window. */
function busiest(calls: readonly Call[]): readonly Call[] {
  let best: readonly [from: number, to: number] = [0, 0];
  let first = 0;
  for (const [index, { from }] of calls.entries()) {
    while ((calls[first]?.from ?? from) <= from - window) first += 1;
    if (index + 1 - first > best[1] - best[0]) best = [first, index + 1];
  }
  return calls.slice(...best);
}

/** The first 429 of each time that the limit was met, not those that a fault made. */
function refusals(calls: readonly Call[]): readonly Call[] {
  const first: Call[] = [];
  const over = new Map<string, number>();
  for (const call of calls) {
    const { entry, accessToken, from, to } = call;
    if (entry.Status !== 429 || entry.Fault !== null) continue;
    if (from >= (over.get(accessToken) ?? Number.NEGATIVE_INFINITY)) {
      first.push(call);
      over.set(accessToken, to + 1000 * Number(entry.ResponseHeaders["retry-after"] ?? 1));
    }
  }
  return first;
}
