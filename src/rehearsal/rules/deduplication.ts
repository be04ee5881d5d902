import { type AddCall, addCalls } from "../adds.ts";
import type { AnnouncedMessage, Call, Conduct, Delivery, Exchange } from "../conduct.ts";
import { idsIn, objectIn, objectsIn } from "../json-object.ts";
import { counted, type Finding, finding, type Rule } from "../rule.ts";

/** For how many milliseconds after a webhook what the client does may be because of it. */
const aftermath = 10_000;

export const deduplication: Rule = {
  name: "deduplication",
  demand: "When a webhook comes twice, it does what is to be done once.",
  advice:
    "Keep each webhook-id, and the id of each message, before you act; answer 2xx to what you have and do nothing.",
  judge: (conduct) => {
    const repeated = repeatedMessages(conduct);
    if (repeated.length === 0) return [finding("unseen", "No message was announced to it twice.")];
    const findings = [...readTwice(conduct, repeated), ...answeredTwice(conduct, repeated)];
    if (findings.length > 0) return findings;
    const sentence = `${counted(repeated.length, "message")} announced more than once, and acted upon once.`;
    return [
      finding(
        "pass",
        sentence,
        repeated.flatMap(({ deliveries }) => deliveries),
      ),
    ];
  },
};

/** A message that the client has heard of more than once, by whatever webhook. */
interface RepeatedMessage {
  readonly message: AnnouncedMessage;
  readonly deliveries: readonly Delivery[];
  /** From its first announcement until what its last one may have led to, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

function repeatedMessages({ deliveries }: Conduct): readonly RepeatedMessage[] {
  const announcements = deliveries
    .filter(({ isHeardOf }) => isHeardOf)
    .flatMap((delivery) => delivery.messages.map((message) => ({ message, delivery })));
  return [...Map.groupBy(announcements, ({ message }) => message.id).values()].flatMap((same) => {
    const [first] = same;
    const last = same.at(-1);
    if (!first || !last || same.length < 2) return [];
    const { message } = first;
    const to = last.delivery.to + aftermath;
    return [{ message, deliveries: same.map(({ delivery }) => delivery), from: first.delivery.from, to }];
  });
}

/**
 * Reads of the same message by its id. Each `webhook-id` is a reason to read once, since several of them tell of a
 * message to a client with several integrations; the same one again is none.
 */
function readTwice({ calls }: Conduct, repeated: readonly RepeatedMessage[]): readonly Finding[] {
  const reads = calls.filter((call) => call.entry.Operation === "messages/getAll" && isSuccess(call));
  const found = repeated.flatMap(({ message, deliveries: same, from, to }) => {
    const reasons = new Set(same.map(({ id }) => id)).size;
    const read = reads.filter((call) => call.from >= from && call.from <= to && isNamed(message, call));
    if (reasons === same.length || read.length <= reasons) return [];
    return [{ wasTaken: same.slice(0, -1).some(isSuccess), evidence: [...same, ...read] }];
  });
  if (found.length === 0) return [];
  const sentence = `It read ${counted(found.length, "message")} again when the same webhook came again.`;
  // Who did not answer the first one with a 2xx may have had to begin anew.
  const grade = found.some(({ wasTaken }) => wasTaken) ? "fail" : "warn";
  return [
    finding(
      grade,
      sentence,
      found.flatMap(({ evidence }) => evidence),
    ),
  ];
}

function isNamed({ id }: AnnouncedMessage, { body }: Call): boolean {
  return idsIn(body.MessageIds).includes(id);
}

/** The same text in the message's thread more often than the client was told something new there. */
function answeredTwice({ calls, deliveries }: Conduct, repeated: readonly RepeatedMessage[]): readonly Finding[] {
  const adds = addCalls(calls).filter(({ call }) => isSuccess(call));
  const answered = adds.filter(({ call }) => call.entry.ResponseHeaders["idempotent-replayed"] !== "true");
  const own = new Set(adds.flatMap(addedMessages));
  const found = repeated.flatMap(({ message, deliveries: same, from, to }) => {
    if (own.has(message.id)) return [];
    const texts = answered
      .filter(({ call }) => call.from >= from && call.from <= to)
      .flatMap(({ call, things }) =>
        things.filter(({ threadId }) => threadId === message.threadId).map(({ key }) => ({ key, call })),
      );
    const told = deliveries
      .filter((delivery) => delivery.to >= from - aftermath && delivery.from <= to)
      .flatMap(({ messages }) => messages)
      .filter(({ id, threadId }) => threadId === message.threadId && !own.has(id));
    const news = new Set(told.map(({ id }) => id));
    const twice = [...Map.groupBy(texts, ({ key }) => key).values()].find((sent) => sent.length > news.size);
    return twice ? [[...same, ...twice.map(({ call }) => call)]] : [];
  });
  if (found.length === 0) return [];
  const sentence = `It answered ${counted(found.length, "message")} twice with the same text when it was announced twice.`;
  return [finding("fail", sentence, found.flat())];
}

function addedMessages({ call }: AddCall): readonly unknown[] {
  return objectsIn(call.answer?.Messages).map(({ Message }) => objectIn(Message)?.Id);
}

function isSuccess({ entry }: Exchange): boolean {
  return entry.Status !== null && entry.Status >= 200 && entry.Status < 300;
}
