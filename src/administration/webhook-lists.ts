import type { Microseconds } from "../core/clock.ts";
import type { ListedDeliveryRow } from "../store/webhooks/deliveries.ts";

/** A webhook's URL as lists show it: what stands behind the question mark is often a token. */
export function withoutQuery(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return `${origin}${pathname}${search ? "?…" : ""}`;
}

/** When a delivery is tried again after a failure; `null` for one that is not. */
export function nextAttemptOf({ state, attempts, is_enabled, due }: ListedDeliveryRow): Microseconds | null {
  return state === "waiting" && attempts > 0 && is_enabled ? due : null;
}
