import type { Call } from "../conduct.ts";
import { counted, finding, type Rule } from "../rule.ts";

/** Answers that the same request gets again. */
const lasting = new Set([400, 401, 403, 404, 413]);

/** So many of the same are no accident. */
const manyRepetitions = 2;

export const repeatedErrors: Rule = {
  name: "repeated-errors",
  demand: "It does not repeat, as it is, what was answered 400, 401, 403, 404 or 413.",
  advice: "Write the Message and RequestId of the answer into a log that somebody reads, and stop until it is mended.",
  judge: ({ calls }) => {
    const errors = calls.filter(({ entry }) => lasting.has(entry.Status ?? 0));
    if (errors.length === 0) return [finding("unseen", "Nothing was answered 400, 401, 403, 404 or 413.")];
    const groups = [...Map.groupBy(errors, mistake).values()].filter((same) => same.length > 1);
    if (groups.length === 0) {
      const sentence = `${counted(errors.length, "request")} refused, and none repeated as it was.`;
      return [finding("pass", sentence, errors)];
    }
    const [most = []] = groups.sort((a, b) => b.length - a.length);
    const { Operation, Address, Status } = most[0]?.entry ?? {};
    const what = Status === 401 ? "The same tokens were" : `The same ${Operation ?? Address} was`;
    const others = groups.length > 1 ? `, and ${counted(groups.length - 1, "other mistake")} made again too` : "";
    const sentence = `${what} answered ${Status} ${counted(most.length, "time")}${others}.`;
    return [finding(most.length > manyRepetitions ? "fail" : "warn", sentence, groups.flat())];
  },
};

/** What is the same when the same mistake is made again, as with an interval that is too long and goes on. */
function mistake({ entry, body }: Call): string {
  const { Status, Address } = entry;
  const { ClientToken, AccessToken } = body;
  if (Status === 401) return JSON.stringify([Status, ClientToken, AccessToken]);
  const rest = Object.entries(body).filter(([name]) => !name.endsWith("Utc"));
  const isWhole = rest.length > 0;
  const intervals = Object.keys(body).filter((name) => name.endsWith("Utc"));
  return JSON.stringify([Status, Address, isWhole ? rest.sort() : entry.RequestBody, intervals]);
}
