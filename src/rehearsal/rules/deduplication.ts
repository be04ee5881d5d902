import { addCalls, addedMessages } from "../adds.ts";
import { type AnnouncedMessage, type Call, type Conduct, type Delivery, isSuccess } from "../conduct.ts";
import { idsIn } from "../json-object.ts";
import { counted, type Finding, finding, found, type Rule } from "../rule.ts";

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
    const deliveries = repeated.flatMap((each) => each.deliveries);
    return [finding("pass", sentence, deliveries)];
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
  const readAgain = repeated.flatMap(({ message, deliveries: same, from, to }) => {
    const reasons = new Set(same.map(({ id }) => id)).size;
    const read = reads.filter((call) => call.from >= from && call.from <= to && isNamed(message, call));
    if (reasons === same.length || read.length <= reasons) return [];
    return [{ wasTaken: same.slice(0, -1).some(isSuccess), evidence: [...same, ...read] }];
  });
  const evidence = readAgain.flatMap((each) => each.evidence);
  const sentence = `It read ${counted(readAgain.length, "message")} again when the same webhook came again.`;
  // Who did not answer the first one with a 2xx may have had to begin anew.
  return found(readAgain.some(({ wasTaken }) => wasTaken) ? "fail" : "warn", evidence, sentence);
}

function isNamed({ id }: AnnouncedMessage, { body }: Call): boolean {
  return idsIn(body.MessageIds).includes(id);
}

/** The same text in the message's thread more often than the client was told something new there. */
function answeredTwice({ calls, deliveries }: Conduct, repeated: readonly RepeatedMessage[]): readonly Finding[] {
  const adds = addCalls(calls).filter(isSuccess);
  const answered = adds.filter(({ entry }) => entry.ResponseHeaders["idempotent-replayed"] !== "true");
  const own = new Set(adds.flatMap(addedMessages));
  const twice = repeated.flatMap(({ message, deliveries: same, from, to }) => {
    if (own.has(message.id)) return [];
    const texts = answered
      .filter((add) => add.from >= from && add.from <= to)
      .flatMap((add) =>
        add.things.filter(({ threadId }) => threadId === message.threadId).map(({ key }) => ({ key, add })),
      );
    const told = deliveries
      .filter((delivery) => delivery.to >= from - aftermath && delivery.from <= to)
      .flatMap(({ messages }) => messages)
      .filter(({ id, threadId }) => threadId === message.threadId && !own.has(id));
    const news = new Set(told.map(({ id }) => id));
    const tooOften = [...Map.groupBy(texts, ({ key }) => key).values()].find((sent) => sent.length > news.size);
    return tooOften ? [[...same, ...tooOften.map(({ add }) => add)]] : [];
  });
  const sentence = `It answered ${counted(twice.length, "message")} twice with the same text when it was announced twice.`;
  return found("fail", twice.flat(), sentence);
}
