import { setTimeout } from "node:timers/promises";
import { fromMilliseconds, type Microseconds } from "../../core/clock.ts";
import { duration } from "../../core/duration.ts";
import type { CallResult, CallWebhook } from "../../delivery/webhooks/call.ts";
import type { Fault } from "../../protocol/sandbox/faults.ts";
import type { WorldClock } from "../clock/world-clock.ts";
import { type Faults, faultName } from "../faults/faults.ts";
import { formatMoment, millisecondsSince, plainHeaders, type Traffic } from "./traffic.ts";

export interface WebhookTapParts {
  readonly traffic: Traffic;
  readonly faults: Faults;
  readonly worldClock: WorldClock;
}

type Call = Parameters<CallWebhook>;

/** How long a webhook that is to come after the next one waits for there to be one, in microseconds. */
const reorderPatience: Microseconds = 2_000_000;

const nothing = { status: null, headers: null, body: null } as const;

/** Records every attempt at a webhook, and has faults bite. */
export function tapWebhooks(call: CallWebhook, { traffic, faults, worldClock }: WebhookTapParts): CallWebhook {
  /** What waits by the world's clock, by delivery, and the fault that has it wait. */
  const postponed = new Map<string, Fault>();
  /** The URLs at which the next delivery is to come before the one that was to. */
  const overtaking = new Set<string>();

  async function recorded(given: Call, fault: Fault | undefined, make: CallWebhook): Promise<CallResult> {
    const [url, headers, body, , { clientName, deliveryId }] = given;
    const startedUtc = formatMoment(worldClock.now());
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

  /** Nothing is held back here: the worker goes on with others, and comes back with this one at its time. */
  function postpone(given: Call, fault: Fault, by: Microseconds): Promise<CallResult> {
    const [, , , , { deliveryId }] = given;
    const until = worldClock.now() + by;
    postponed.set(deliveryId, fault);
    const error = `A fault holds it back until ${formatMoment(until)}.`;
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
    // One that goes in front of another one does so whatever else is set.
    const overtakes = overtaking.delete(url);
    if (waited || overtakes) return recorded(given, waited, call);

    const fault = faults.bite("Webhook", { client: clientName, clientName: null, operation: null });
    switch (fault?.Kind) {
      case "Delay":
        // Before the call, whose own five seconds are the receiver's.
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
