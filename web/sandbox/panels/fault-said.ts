import type { Fault } from "../../../src/protocol/sandbox/faults.ts";

/** A fault in a few words, as in "20 % of messages/add: 503". */
export function faultSaid(fault: Fault): string {
  const { On, Share, Times, Client, Operation } = fault;
  const calls = Operation ?? (On === "Webhook" ? "webhooks" : "calls");
  const share = Share === undefined || Share === null || Share === 1 ? calls : `${percent(Share)} of ${calls}`;
  const whose = Client ? ` of ${Client}` : "";
  const often = Times ? `, ${Times === 1 ? "once" : `${Times} times`}` : "";
  return `${share}${whose}: ${kindSaid(fault)}${often}`;
}

function kindSaid({ On, Kind, Status, RetryAfterSeconds, Delay }: Fault): string {
  const isWebhook = On === "Webhook";
  switch (Kind) {
    case "Delay":
      return `${Delay ?? "1s"} slower`;
    case "Status":
      return `${Status ?? 503}${RetryAfterSeconds ? `, retry after ${RetryAfterSeconds} s` : ""}`;
    case "Disconnect":
      return "cut before anything is done";
    case "Drop":
      return isWebhook ? "never sent" : "done, but not answered";
    case "Half":
      return "half an answer";
    case "Duplicate":
      return "sent twice";
    case "Reorder":
      return "after the next one";
    case "Late":
      return "minutes late";
  }
}

function percent(share: number): string {
  return `${Math.round(share * 1000) / 10} %`;
}
