import { addCalls } from "../adds.ts";
import type { Call, Conduct } from "../conduct.ts";
import { counted, type Finding, finding, found, type Rule } from "../rule.ts";

/** What begins so many milliseconds too early is on time, and what begins so soon after a 429 was under way. */
const leeway = 100;

/** How long after the wait a client may take to come back, in milliseconds. */
const patience = 30_000;

export const retryAfter: Rule = {
  name: "retry-after",
  demand: "After a 429, it asks nothing until the seconds of Retry-After are over, and then comes back.",
  advice: "Read the header Retry-After, hold back every request with that access token for so long, then repeat.",
  judge: (conduct) => {
    const limited = conduct.calls.filter(({ entry }) => entry.Status === 429);
    if (limited.length === 0) return [finding("unseen", "Nothing was answered 429.")];
    const findings = [...earlyRequests(conduct, limited), ...lostRequests(conduct, limited)];
    if (findings.length > 0) return findings;
    const cameBack = limited.filter((call) => isRepeated(conduct, call));
    if (cameBack.length === 0) return [finding("unseen", "It was limited just before the end.", limited)];
    return [
      finding("pass", `It waited and came back with ${counted(cameBack.length, "request")} answered 429.`, cameBack),
    ];
  },
};

function earlyRequests({ calls }: Conduct, limited: readonly Call[]): readonly Finding[] {
  const early = limited.flatMap((call) => {
    const begins = calls.filter(
      ({ from, accessToken }) =>
        accessToken === call.accessToken && from > call.to + leeway && from < waitIsOver(call) - leeway,
    );
    return begins.map((begin) => ({ call, begin }));
  });
  const requests = new Set(early.map(({ begin }) => begin));
  const sentence = `${counted(requests.size, "request")} came before the time of Retry-After was over.`;
  return found("fail", [...early.map(({ call }) => call), ...requests], sentence);
}

function lostRequests(conduct: Conduct, limited: readonly Call[]): readonly Finding[] {
  const lost = limited.filter((call) => conduct.until >= waitIsOver(call) + patience && !isRepeated(conduct, call));
  const isWrite = lost.some(({ entry }) => entry.Operation?.endsWith("/add"));
  const what = isWrite ? "never sent again, so that what it would have added is lost" : "not made again";
  return found(isWrite ? "fail" : "warn", lost, `${counted(lost.length, "request")} answered 429: ${what}.`);
}

/** In milliseconds since 1970. */
function waitIsOver({ entry, to }: Call): number {
  const seconds = Number(entry.ResponseHeaders["retry-after"]);
  return to + (seconds >= 1 ? seconds : 1) * 1000;
}

/** Whether what it wanted was asked or sent again, be it in other company. */
function isRepeated({ calls }: Conduct, call: Call): boolean {
  const later = calls.filter(({ entry, from }) => from > call.from && entry.Operation === call.entry.Operation);
  const [add] = addCalls([call]);
  if (!add) return later.some(({ accessToken }) => accessToken === call.accessToken);
  const sent = new Set(addCalls(later).flatMap(({ things }) => things.map(({ key }) => key)));
  return add.things.every(({ key }) => sent.has(key));
}
