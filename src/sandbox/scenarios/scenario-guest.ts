import { version } from "../../core/version.ts";
import type { WorldParts } from "../worlds/world-parts.ts";

/** How a call ended: it was answered, was refused for good, or is to be made again after a while. */
export type GuestOutcome =
  | { readonly kind: "answered"; readonly body: object }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "again"; readonly why: string; readonly afterSeconds: number | undefined };

/** Makes one call. A call that is made again with the same key is carried out once. */
export type GuestCall = (operation: string, properties: object, key: string) => Promise<GuestOutcome>;

/** How long an answer may take, in milliseconds of real time. */
const patience = 60_000;

/** The statuses after which a client of the Connector API may make a call again. */
const passing: readonly number[] = [408, 429, 500, 503];

/**
 * The application of a guest: an ordinary client of the Connector API, whose calls are in the traffic.
 * @param signal  ends the call that is under way
 */
export function guestApplication(
  { url, name }: Pick<WorldParts, "url" | "name">,
  tokens: object,
  signal: AbortSignal,
): GuestCall {
  return async (operation, properties, key) => {
    try {
      const answer = await fetch(`${url}/api/connector/v1/${operation}`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Innbox-World": name, "Idempotency-Key": key },
        body: JSON.stringify({ ...tokens, Client: `Innbox scenario ${version}`, ...properties }),
        signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
      });
      const body: { readonly Message?: string } = JSON.parse(await answer.text());
      if (answer.ok) return { kind: "answered", body };
      const why = `was answered ${answer.status}: ${body.Message ?? "without a reason."}`;
      if (!passing.includes(answer.status)) return { kind: "refused", why };
      return { kind: "again", why, afterSeconds: Number(answer.headers.get("Retry-After") ?? Number.NaN) || undefined };
    } catch {
      return { kind: "again", why: "was not answered.", afterSeconds: undefined };
    }
  };
}
