import { type AddCall, addCalls, hasInCommon } from "../adds.ts";
import type { Call, Conduct } from "../conduct.ts";
import { idsIn } from "../json-object.ts";
import { counted, finding, type Rule } from "../rule.ts";

/** The same that is added so many milliseconds later is not a repetition any more. */
const longest = 120_000;

export const safeRepeats: Rule = {
  name: "safe-repeats",
  demand: "When it can't know whether something was added, it makes sure that it is not added twice.",
  advice: "Send an Idempotency-Key with each add and the same one when you repeat it, or look with getAll before.",
  judge: (conduct) => {
    const adds = addCalls(conduct.calls);
    const repeats = adds.filter(isUncertain).flatMap((add) => repetitionOf(add, adds));
    if (repeats.length === 0) return [finding("unseen", "It repeated no add after a broken or a late answer.")];
    const blind = repeats.filter(({ add, again }) => !hasSameKey(add, again) && !hasLooked(conduct, add, again));
    if (blind.length > 0) {
      const calls = blind.flatMap(({ add, again }) => [add, again]);
      const sentence = `${counted(blind.length, "add")} repeated blindly, so that what is added may be there twice.`;
      return [finding("fail", sentence, calls)];
    }
    const repeated = repeats.map(({ again }) => again);
    return [
      finding("pass", `${counted(repeats.length, "add")} repeated safely after a broken or a late answer.`, repeated),
    ];
  },
};

/** Whether its sender can't know what became of it. */
function isUncertain({ entry }: Call): boolean {
  const { Status, Fault } = entry;
  return Status === null || Status === 408 || Status >= 500 || /^(?:Drop|Half|Disconnect)\b/.test(Fault ?? "");
}

function repetitionOf(add: AddCall, adds: readonly AddCall[]) {
  const again = adds.find(
    (other) =>
      other.operation === add.operation &&
      other.from > add.from &&
      other.from <= add.to + longest &&
      hasInCommon(add, other),
  );
  return again ? [{ add, again }] : [];
}

function hasSameKey(add: AddCall, again: AddCall): boolean {
  return add.idempotencyKey !== undefined && add.idempotencyKey === again.idempotencyKey;
}

/** Whether it read, in between, where the first one would be found. */
function hasLooked({ calls }: Conduct, add: AddCall, again: AddCall): boolean {
  const threadIds = add.things.map(({ threadId }) => threadId);
  return calls.some(({ entry, from, body }) => {
    const isBetween = from >= add.from && from <= again.from && entry.Status !== null && entry.Status < 300;
    if (!isBetween) return false;
    if (add.operation === "messageThreads/add") return entry.Operation === "messageThreads/getAll";
    const read = idsIn(body.MessageThreadIds);
    return entry.Operation === "messages/getAll" && threadIds.every((id) => read.includes(id));
  });
}
