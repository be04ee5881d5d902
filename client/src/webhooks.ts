import type { GeneralWebhook, IntegrationWebhook } from "./types.ts";

/** Of `fetch`, of Node, or any other object of names and values. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface VerifyOptions {
  /** How far the time of sending may be off, in seconds. Default: 300. */
  readonly tolerance?: number | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** The request was not signed with any of the secrets, or not lately. Answer 401. */
export class WebhookVerificationError extends Error {
  override readonly name = "WebhookVerificationError";
}

/**
 * Checks a webhook by the scheme of Standard Webhooks, and answers its body. With several secrets, one that fits is
 * enough.
 * @param rawBody  the body as it came, before it is parsed
 * @param secrets  `whsec_` and base64
 * @throws WebhookVerificationError, or TypeError for what is no secret
 */
export async function verify(
  rawBody: string | Uint8Array,
  headers: WebhookHeaders,
  secrets: string | readonly string[],
  { tolerance = 300, now = Date.now }: VerifyOptions = {},
): Promise<GeneralWebhook | IntegrationWebhook> {
  const keys = [secrets].flat().map(bytesOfSecret);
  if (keys.length === 0) throw new TypeError("At least one secret is needed.");
  const id = required(headers, "webhook-id");
  const timestamp = required(headers, "webhook-timestamp");
  const signatures = signaturesIn(required(headers, "webhook-signature"));

  const seconds = /^\d+$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  const isTimely = Math.abs(Math.floor(now() / 1000) - seconds) <= tolerance;
  if (!isTimely) throw new WebhookVerificationError(`webhook-timestamp is more than ${tolerance} seconds off.`);

  const body = typeof rawBody === "string" ? new TextEncoder().encode(rawBody) : rawBody;
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), body);
  for (const bytes of keys) {
    const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
    for (const signature of signatures) {
      // Compares in constant time.
      if (await crypto.subtle.verify("HMAC", key, signature, signed)) return parsed(body);
    }
  }
  throw new WebhookVerificationError("No signature fits the body and a secret.");
}

type Bytes = Uint8Array<ArrayBuffer>;

function bytesOfSecret(secret: string): Bytes {
  const bytes = base64(String(secret).replace(/^whsec_/, ""));
  if (!bytes || bytes.length === 0) throw new TypeError("A secret must be whsec_ and base64.");
  return bytes;
}

function required(headers: WebhookHeaders, name: string): string {
  const value = headerValue(headers, name);
  if (!value) throw new WebhookVerificationError(`The header ${name} is missing.`);
  return value;
}

function headerValue(headers: WebhookHeaders, name: string): string | undefined {
  if (typeof headers.get === "function") return headers.get(name) ?? undefined;
  const [, value] = Object.entries(headers).find(([key]) => key.toLowerCase() === name) ?? [];
  const [first] = [value].flat();
  return typeof first === "string" ? first : undefined;
}

function signaturesIn(header: string): Bytes[] {
  return header.split(" ").flatMap((one) => {
    const [version, signature = ""] = one.split(",", 2);
    return (version === "v1" && base64(signature)) || [];
  });
}

/** `undefined` for what is no base64. */
function base64(text: string): Bytes | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Bytes {
  const bytes = new Uint8Array(head.length + tail.length);
  bytes.set(head);
  bytes.set(tail, head.length);
  return bytes;
}

function parsed(body: Uint8Array): GeneralWebhook | IntegrationWebhook {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) as GeneralWebhook | IntegrationWebhook;
  } catch {
    throw new WebhookVerificationError("The body is no JSON.");
  }
}
