import type { Microseconds } from "../core/clock.ts";
import { invalid } from "../core/problem.ts";
import { type Exchange, exchange } from "../delivery/webhooks/attempt.ts";
import { generalBody } from "../delivery/webhooks/body.ts";
import { webhookCaller } from "../delivery/webhooks/call.ts";
import type { Destinations } from "../delivery/webhooks/destination.ts";
import { newWebhookSecret } from "../delivery/webhooks/signature.ts";
import type { EventDiscriminator } from "../protocol/connector/event-names.ts";
import { mustBeClient } from "../store/directory/directory.ts";
import {
  findWebhookEndpoint,
  rotateWebhookSecret,
  setWebhookEndpoint,
  type WebhookKind,
} from "../store/webhooks/endpoints.ts";
import type { Administrator } from "./administrator.ts";

export interface WebhookRegistration {
  readonly clientId: string;
  readonly kind: WebhookKind;
  readonly url: string;
  /** Default: those that it has, or messages alone. */
  readonly events?: readonly EventDiscriminator[] | undefined;
}

/**
 * Registers a client's URL, or changes it, and enables it.
 * @returns the endpoint's id and, the first time only, the secret that signs what it is sent
 * @throws Problem (invalid) for an unknown client, or a URL that may not be called
 */
export async function setWebhook(
  { db, clock, newIdentifier, secretBox }: Administrator,
  { clientId, kind, url, events }: WebhookRegistration,
  destinations: Destinations,
): Promise<{ readonly id: string; readonly secret: string | undefined }> {
  await mustBeClient(db, clientId);
  if (!URL.canParse(url)) throw invalid(`"${url}" is not a URL.`);
  await destinations.check(new URL(url));
  const box = await secretBox();
  const newId = newIdentifier();
  const secret = newWebhookSecret();
  const created = clock();
  const endpoint = { id: newId, clientId, kind, url, events, secret: box.seal(secret, newId), created };
  const { id, isNew } = await db.transaction((transaction) => setWebhookEndpoint(transaction, endpoint));
  return { id, secret: isNew ? secret : undefined };
}

/**
 * Gives an endpoint a new secret; until `oldExpires` the one before signs too.
 * @returns the secret
 * @throws Problem (invalid) for an unknown endpoint
 */
export async function rotateSecret({ db, secretBox }: Administrator, id: string, oldExpires: Microseconds) {
  const box = await secretBox();
  const secret = newWebhookSecret();
  await db.transaction((transaction) => rotateWebhookSecret(transaction, id, box.seal(secret, id), oldExpires));
  return secret;
}

const nobody = "00000000-0000-0000-0000-000000000000";

/**
 * Sends an endpoint a request that announces nothing, signed like any other, enabled or not.
 * @throws Problem (invalid) for an unknown endpoint
 */
export async function testWebhook(
  { db, clock, newIdentifier, secretBox }: Administrator,
  id: string,
  destinations: Destinations,
): Promise<Exchange & { readonly requestBody: string }> {
  const endpoint = await findWebhookEndpoint(db, id);
  const requestBody =
    endpoint.kind === "general" ? generalBody(nobody, nobody, []) : JSON.stringify({ Action: "Test", Data: {} });
  const caller = webhookCaller(destinations);
  const sender = { clock, secretBox: await secretBox(), call: caller.call };
  try {
    const signal = new AbortController().signal;
    return { ...(await exchange(sender, endpoint, newIdentifier(), requestBody, signal)), requestBody };
  } finally {
    await caller.close();
  }
}
