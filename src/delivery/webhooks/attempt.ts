import type { Clock, Microseconds } from "../../core/clock.ts";
import type { SecretBox } from "../../core/secret-box.ts";
import { withoutTokens } from "../../core/tokens.ts";
import { version } from "../../core/version.ts";
import type { Claim, MadeAttempt, Outcome } from "../../store/webhooks/claims.ts";
import type { WebhookEndpointRow } from "../../store/webhooks/endpoints.ts";
import type { CallResult, CallWebhook, Headers } from "./call.ts";
import { maxFailingTime, nextAttempt, readRetryAfter } from "./retry-schedule.ts";
import { signatureHeaders } from "./signature.ts";

/** What attempts are made with. */
export interface Sender {
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly secretBox: SecretBox;
  readonly call: CallWebhook;
}

/** What went over the wire, and when. */
export interface Exchange extends CallResult {
  readonly started: Microseconds;
  readonly latency: Microseconds;
  readonly requestHeaders: Headers;
}

/**
 * Sends a body to an endpoint, signed with its secret and, for as long as it is good, with the one before.
 * @throws Problem (unavailable) when a secret can't be opened
 */
export async function exchange(
  { clock, secretBox, call }: Omit<Sender, "random">,
  endpoint: WebhookEndpointRow,
  id: string,
  body: string,
  signal: AbortSignal,
): Promise<Exchange> {
  const started = clock();
  const start = performance.now();
  const requestHeaders = {
    "content-type": "application/json",
    "user-agent": `Innbox/${version}`,
    ...signatureHeaders(id, started, body, secretsOf(secretBox, endpoint, started)),
  };
  const subject = { clientName: endpoint.client_name, deliveryId: id };
  const result = await call(endpoint.url, requestHeaders, body, signal, subject);
  const latency = Math.round((performance.now() - start) * 1000);
  return { ...result, started, latency, requestHeaders };
}

/** Makes one attempt at a delivery and says what follows from it (contract, section 6). The signal cuts it short. */
export async function attemptDelivery(sender: Sender, claim: Claim, signal: AbortSignal): Promise<Outcome> {
  const { endpoint, delivery } = claim;
  const sent = await sentOrNot(sender, claim, signal);
  if (sent.postponedTo) return { kind: "postponed", due: sent.postponedTo };
  const made = madeAttempt(sent);
  if (sent.error === null) return { kind: "delivered", made };
  if (signal.aborted) return { kind: "cutShort" };
  const now = sender.clock();
  const isSlowDown = sent.status === 429 || sent.status === 503;
  const retryAfter = isSlowDown ? readRetryAfter(headerOf(sent.headers, "retry-after"), now) : undefined;
  const nextDue = nextAttempt(delivery.failures + 1, now, sender.random(), retryAfter);
  const reason = reasonToDisable(endpoint, sent.status, now);
  return reason ? { kind: "disabling", made, nextDue, reason } : { kind: "failed", made, nextDue };
}

function madeAttempt({ started, latency, status, error, requestHeaders, headers, body }: Exchange): MadeAttempt {
  return {
    started,
    latency,
    status,
    error,
    request_headers: JSON.stringify(requestHeaders),
    response_headers: headers && withoutTokens(JSON.stringify(headers)),
    response_body: body && withoutTokens(body),
  };
}

/** A body or secret that can't be opened with this installation's key is a failure of the attempt, which operators see. */
async function sentOrNot(sender: Sender, { endpoint, delivery }: Claim, signal: AbortSignal): Promise<Exchange> {
  try {
    const body = sender.secretBox.open(delivery.body, delivery.id);
    return await exchange(sender, endpoint, delivery.id, body, signal);
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    const nothing = { status: null, headers: null, body: null, requestHeaders: {} };
    return { ...nothing, error: sentence, started: sender.clock(), latency: 0 };
  }
}

function reasonToDisable({ failing_since }: WebhookEndpointRow, status: number | null, now: Microseconds) {
  if (status === 410) return "It answered 410.";
  return now - (failing_since ?? now) >= maxFailingTime ? "Nothing but failures for five days." : null;
}

/** The secrets that sign now, the newest first. */
function secretsOf(secretBox: SecretBox, endpoint: WebhookEndpointRow, now: Microseconds): string[] {
  const { id, secret, old_secret, old_secret_expires } = endpoint;
  const isOldGood = old_secret && (old_secret_expires ?? 0) > now;
  return [secret, ...(isOldGood ? [old_secret] : [])].map((sealed) => secretBox.open(sealed, id));
}

function headerOf(headers: Headers | null, name: string): string | undefined {
  const value = headers?.[name];
  return typeof value === "string" ? value : value?.[0];
}
