import { setTimeout } from "node:timers/promises";
import { fromMilliseconds, type Microseconds, seconds } from "../../core/clock.ts";
import { duration } from "../../core/duration.ts";
import type { CallResult, CallWebhook } from "../../delivery/webhooks/call.ts";
import type { Fault } from "../../protocol/sandbox/faults.ts";
import type { FreezableClock } from "../clock/freezable-clock.ts";
import { formatWorldTime } from "../clock/world-time.ts";
import type { Faults } from "./faults.ts";

/** What a webhook is called with. */
export type WebhookCall = Parameters<CallWebhook>;

/** Makes an attempt at a webhook and records it. @param outcome  what comes of it in place of the call */
export type Attempt = (given: WebhookCall, fault?: Fault, outcome?: CallResult) => Promise<CallResult>;

/** How long a webhook that is to come after the next one waits for the next one. */
const reorderPatience: Microseconds = seconds(2);

const nothing = { status: null, headers: null, body: null } as const;

/** Calls webhooks by `attempt`, with the faults that are picked for them. */
export function injectWebhookFaults(attempt: Attempt, faults: Faults, clock: FreezableClock): CallWebhook {
  /** By delivery, the fault that has it wait by the world's clock. */
  const postponed = new Map<string, Fault>();
  /** The URLs at which the next delivery is to overtake one that waits. */
  const overtaking = new Set<string>();

  /** Has the worker come back with this delivery at a later time; it goes on with other deliveries meanwhile. */
  function postpone(given: WebhookCall, fault: Fault, by: Microseconds): Promise<CallResult> {
    const [, , , , { deliveryId }] = given;
    const until = clock.now() + by;
    postponed.set(deliveryId, fault);
    const error = `A fault holds it back until ${formatWorldTime(until)}.`;
    return attempt(given, fault, { ...nothing, error, postponedTo: until });
  }

  async function twice(given: WebhookCall, fault: Fault): Promise<CallResult> {
    const first = await attempt(given, fault);
    const second = await attempt(given, fault);
    return first.error === null ? first : second;
  }

  return async (...given) => {
    const [url, , , signal, { clientName, deliveryId }] = given;
    const waited = postponed.get(deliveryId);
    postponed.delete(deliveryId);
    // A delivery that has waited, or overtakes another one, has no further fault injected.
    const overtakes = overtaking.delete(url);
    if (waited || overtakes) return attempt(given, waited);

    const fault = faults.pick("Webhook", { client: clientName, clientName: null, operation: null });
    switch (fault?.Kind) {
      case "Delay":
        // The wait is not part of the five seconds that the receiver has for its answer.
        await setTimeout(duration(fault.Delay ?? "1s"), undefined, { signal }).catch(() => undefined);
        return attempt(given, fault);
      case "Drop":
        return attempt(given, fault, { ...nothing, error: "A fault dropped it." });
      case "Duplicate":
        return twice(given, fault);
      case "Reorder":
        overtaking.add(url);
        return postpone(given, fault, reorderPatience);
      case "Late":
        return postpone(given, fault, fromMilliseconds(duration(fault.Delay ?? "5m")));
      default:
        return attempt(given);
    }
  };
}
