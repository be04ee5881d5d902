import type { Clock, Microseconds } from "../../core/clock.ts";
import type { SecretBox } from "../../core/secret-box.ts";
import { withoutTokens } from "../../core/tokens.ts";
import { version } from "../../core/version.ts";
import type { Attempt, Claim } from "../../store/webhooks/claims.ts";
import type { WebhookEndpointRow } from "../../store/webhooks/endpoints.ts";
import type { CallResult, CallWebhook, Headers } from "./call.ts";
import { nextAttempt, patience, readRetryAfter } from "./retry-schedule.ts";
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
  readonly latency: number;
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

/** Makes one attempt at a delivery and says what follows from it (contract, section 6). */
export async function attempt(sender: Sender, { endpoint, delivery }: Claim, signal: AbortSignal): Promise<Attempt> {
  const sent = await sentOrNot(sender, { endpoint, delivery }, signal);
  const now = sender.clock();
  const isDelivered = sent.error === null;
  const { postponedTo } = sent;
  const isSlowDown = sent.status === 429 || sent.status === 503;
  const retryAfter = isSlowDown ? readRetryAfter(headerOf(sent.headers, "retry-after"), now) : undefined;
  return {
    started: sent.started,
    latency: sent.latency,
    status: sent.status,
    error: sent.error,
    request_headers: JSON.stringify(sent.requestHeaders),
    response_headers: sent.headers && withoutTokens(JSON.stringify(sent.headers)),
    response_body: sent.body && withoutTokens(sent.body),
    isDelivered,
    postponedTo,
    nextDue: isDelivered ? null : nextAttempt(delivery.failures + 1, now, sender.random(), retryAfter),
    disabledReason: isDelivered ? null : reasonToDisable(endpoint, sent.status, now),
  };
}

/** What can't be opened with this installation's key is a failure like others, which the operator sees. */
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
  return now - (failing_since ?? now) >= patience ? "Nothing but failures for five days." : null;
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
