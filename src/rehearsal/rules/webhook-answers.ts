import { type Delivery, isSuccess, webhookLimit } from "../conduct.ts";
import { counted, finding, found, type Rule } from "../rule.ts";

/** An answer that takes so many milliseconds has little to spare on a bad day. */
const slow = webhookLimit / 2;

export const webhookAnswers: Rule = {
  name: "webhook-answers",
  demand: "It answers each webhook with a 2xx within 5 seconds.",
  advice: "Keep the request, answer 2xx at once, and do the work afterwards.",
  judge: ({ deliveries }) => {
    const sent = deliveries.filter(({ isHeldBack }) => !isHeldBack);
    if (sent.length === 0) return [finding("unseen", "No webhook was sent to it.")];
    const those = (grade: "warn" | "fail", is: (delivery: Delivery) => boolean, how: string) => {
      const some = sent.filter(is);
      return found(grade, some, `${counted(some.length, "webhook")} ${how}.`);
    };
    const findings = [
      ...those("fail", isUnanswered, "not answered within 5 seconds"),
      ...those("fail", isRefused, "not answered with a 2xx"),
      ...those("warn", isPutOff, "put off by Retry-After"),
      ...those("warn", isSlow, "answered after more than 2.5 seconds"),
    ];
    if (findings.length > 0) return findings;
    const longest = Math.ceil(Math.max(...sent.map(({ entry }) => entry.Milliseconds)));
    return [
      finding("pass", `${counted(sent.length, "webhook")} answered with a 2xx, the slowest within ${longest} ms.`),
    ];
  },
};

function isUnanswered({ entry }: Delivery): boolean {
  return entry.Status === null || entry.Milliseconds > webhookLimit;
}

function isRefused(delivery: Delivery): boolean {
  return !isUnanswered(delivery) && !isSuccess(delivery) && !isPutOff(delivery);
}

/** 429 and 503 with Retry-After are a polite way to ask for time. */
function isPutOff(delivery: Delivery): boolean {
  const { Status, ResponseHeaders } = delivery.entry;
  return !isUnanswered(delivery) && (Status === 429 || Status === 503) && "retry-after" in ResponseHeaders;
}

function isSlow(delivery: Delivery): boolean {
  return !isUnanswered(delivery) && isSuccess(delivery) && delivery.entry.Milliseconds > slow;
}
