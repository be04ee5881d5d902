import type { CallWebhook } from "../../delivery/webhooks/call.ts";
import { formatWorldTime } from "../clock/world-time.ts";
import { faultName } from "../faults/faults.ts";
import { type Attempt, injectWebhookFaults } from "../faults/webhook-faults.ts";
import type { World } from "../worlds/world.ts";
import { blank, millisecondsSince, plainHeaders } from "./traffic.ts";

/** Records every attempt at a webhook, and injects faults. */
export function tapWebhooks(
  call: CallWebhook,
  { traffic, faults, worldClock }: Pick<World, "traffic" | "faults" | "worldClock">,
): CallWebhook {
  const attempt: Attempt = async (given, fault, outcome) => {
    const [url, headers, body, , { clientName, deliveryId }] = given;
    const startedUtc = formatWorldTime(worldClock.now());
    const start = performance.now();
    const result = outcome ?? (await call(...given));
    traffic.record({
      ...blank,
      Kind: "Webhook",
      StartedUtc: startedUtc,
      Milliseconds: millisecondsSince(start),
      Client: clientName,
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
