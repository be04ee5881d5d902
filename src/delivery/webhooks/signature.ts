import { randomBytes } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { type Microseconds, microsecondsPerSecond } from "../../core/clock.ts";

/** A new secret of the Standard Webhooks scheme: 256 random bits. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString("base64")}`;
}

/** The headers that let a receiver verify a body, with a signature for each secret. */
export function signatureHeaders(id: string, now: Microseconds, body: string, secrets: readonly string[]) {
  const seconds = Math.floor(now / microsecondsPerSecond);
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, new Date(seconds * 1000), body));
  return {
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": signatures.join(" "),
  };
}
