import { setTimeout } from "node:timers/promises";
import { fromMilliseconds, type Microseconds, seconds } from "../../core/clock.ts";
import { duration } from "../../core/duration.ts";
import type { CallResult, CallWebhook } from "../../delivery/webhooks/call.ts";
import type { Fault } from "../../protocol/sandbox/faults.ts";
import type { FreezableClock } from "../clock/freezable-clock.ts";
import { formatWorldTime } from "../clock/world-time.ts";
import { type Faults, faultName } from "../faults/faults.ts";
import { millisecondsSince, plainHeaders, type Traffic } from "./traffic.ts";

export interface WebhookTapParts {
  readonly traffic: Traffic;
  readonly faults: Faults;
  readonly worldClock: FreezableClock;
}

type Call = Parameters<CallWebhook>;

/** How long a webhook that is to come after the next one waits for the next one. */
const reorderPatience: Microseconds = seconds(2);

const nothing = { status: null, headers: null, body: null } as const;

/** Records every attempt at a webhook, and injects faults. */
export function tapWebhooks(call: CallWebhook, { traffic, faults, worldClock }: WebhookTapParts): CallWebhook {
  /** By delivery, the fault that has it wait by the world's clock. */
  const postponed = new Map<string, Fault>();
  /** The URLs at which the next delivery is to overtake one that waits. */
  const overtaking = new Set<string>();

  async function recorded(given: Call, fault: Fault | undefined, make: CallWebhook): Promise<CallResult> {
    const [url, headers, body, , { clientName, deliveryId }] = given;
    const startedUtc = formatWorldTime(worldClock.now());
    const start = performance.now();
    const result = await make(...given);
    traffic.record({
      Kind: "Webhook",
      StartedUtc: startedUtc,
      Milliseconds: millisecondsSince(start),
      Client: clientName,
      ClientName: null,
      Operation: null,
      Method: "POST",
      Address: url,
      RequestHeaders: plainHeaders(headers),
      RequestBody: body,
      Status: result.status,
      ResponseHeaders: plainHeaders(result.headers),
      ResponseBody: result.body || null,
      Error: result.error,
      Fault: fault ? faultName(fault) : null,
      DeliveryId: deliveryId,
    });
    return result;
  }

  /** Has the worker come back with this delivery at a later time; it goes on with other deliveries meanwhile. */
  function postpone(given: Call, fault: Fault, by: Microseconds): Promise<CallResult> {
    const [, , , , { deliveryId }] = given;
    const until = worldClock.now() + by;
    postponed.set(deliveryId, fault);
    const error = `A fault holds it back until ${formatWorldTime(until)}.`;
    return recorded(given, fault, async () => ({ ...nothing, error, postponedTo: until }));
  }

  async function twice(given: Call, fault: Fault): Promise<CallResult> {
    const first = await recorded(given, fault, call);
    const second = await recorded(given, fault, call);
    return first.error === null ? first : second;
  }

  return async (...given) => {
    const [url, , , signal, { clientName, deliveryId }] = given;
    const waited = postponed.get(deliveryId);
    postponed.delete(deliveryId);
    // A delivery that has waited, or overtakes another one, has no further fault injected.
    const overtakes = overtaking.delete(url);
    if (waited || overtakes) return recorded(given, waited, call);

    const fault = faults.pick("Webhook", { client: clientName, clientName: null, operation: null });
    switch (fault?.Kind) {
      case "Delay":
        // The wait is not part of the five seconds that the receiver has for its answer.
        await setTimeout(duration(fault.Delay ?? "1s"), undefined, { signal }).catch(() => undefined);
        return recorded(given, fault, call);
      case "Drop":
        return recorded(given, fault, async () => ({ ...nothing, error: "A fault dropped it." }));
      case "Duplicate":
        return twice(given, fault);
      case "Reorder":
        overtaking.add(url);
        return postpone(given, fault, reorderPatience);
      case "Late":
        return postpone(given, fault, fromMilliseconds(duration(fault.Delay ?? "5m")));
      default:
        return recorded(given, undefined, call);
    }
  };
}
