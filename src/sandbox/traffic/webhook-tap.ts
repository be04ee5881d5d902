import type { CallWebhook } from "../../delivery/webhooks/call.ts";
import type { FreezableClock } from "../clock/freezable-clock.ts";
import { formatWorldTime } from "../clock/world-time.ts";
import { type Faults, faultName } from "../faults/faults.ts";
import { type Attempt, injectWebhookFaults } from "../faults/webhook-faults.ts";
import { millisecondsSince, plainHeaders, type Traffic } from "./traffic.ts";

export interface WebhookTapParts {
  readonly traffic: Traffic;
  readonly faults: Faults;
  readonly worldClock: FreezableClock;
}

/** Records every attempt at a webhook, and injects faults. */
export function tapWebhooks(call: CallWebhook, { traffic, faults, worldClock }: WebhookTapParts): CallWebhook {
  const attempt: Attempt = async (given, fault, outcome) => {
    const [url, headers, body, , { clientName, deliveryId }] = given;
    const startedUtc = formatWorldTime(worldClock.now());
    const start = performance.now();
    const result = outcome ?? (await call(...given));
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
  };
  return injectWebhookFaults(attempt, faults, worldClock);
}
