import { Client } from "undici";
import { setWebhook } from "../../administration/webhooks.ts";
import { invalid, Problem } from "../../core/problem.ts";
import { tokenDigest } from "../../core/tokens.ts";
import {
  clearTraffic,
  getAllTraffic,
  resendTraffic,
  setSandboxWebhook,
  type TrafficEntry,
} from "../../protocol/sandbox/traffic.ts";
import { maxItems } from "../../protocol/values.ts";
import { isCutText } from "../../sandbox/traffic/kept-body.ts";
import type { WorldContext } from "../../sandbox/worlds/world.ts";
import { worldHeader } from "../../sandbox/worlds/world-names.ts";
import { clientOfToken } from "../../store/directory/directory.ts";
import { resend } from "../../store/webhooks/deliveries.ts";
import { findWebhookEndpoint } from "../../store/webhooks/endpoints.ts";
import { type SandboxOperation, sandboxOperation, unlimitedOperation } from "./sandbox-operation.ts";

/** What went over the wire of a world, and where its clients hear of events. */
export const trafficOperations: readonly SandboxOperation[] = [
  sandboxOperation(getAllTraffic, ({ traffic }, { input }) => ({
    body: { Traffic: traffic.after(input.After ?? 0, input.Count ?? maxItems) },
  })),
  unlimitedOperation(resendTraffic, async (world, { input }) => {
    const entry = world.traffic.find(input.Number);
    if (!entry) throw invalid(`Number: there is no entry ${input.Number} any more, or not yet.`);
    if (entry.Kind === "Socket") throw invalid("Number is of a WebSocket, which only its client can open.");
    if (entry.Kind === "Request") return { body: { Status: await requestAgain(world, entry) } };
    await resend(world.db, entry.DeliveryId ?? "", world.clock());
    return { body: { Status: null } };
  }),
  sandboxOperation(clearTraffic, ({ traffic, changed }) => {
    traffic.clear();
    changed();
    return { body: {} };
  }),
  sandboxOperation(setSandboxWebhook, async (world, { input }) => {
    const { db, secretBox, destinations } = world;
    const clientId = await clientOfToken(db, tokenDigest(input.ClientToken.trim()));
    const events = input.Events ? [...new Set(input.Events)] : undefined;
    const { id } = await setWebhook(world, { clientId, kind: "general", url: input.Url.trim(), events }, destinations);
    // Elsewhere a secret is answered once; the sandbox answers it each time.
    const { secret } = await findWebhookEndpoint(db, id);
    return { body: { WebhookId: id, Secret: (await secretBox()).open(secret, id) } };
  }),
];

/** Headers that are about the connection of the first request, and not repeated on another one. */
const ownHeaders = /^(?:host|connection|keep-alive|transfer-encoding|content-length|expect|upgrade|te|trailer)$/;

/** @returns the status; `null` when the connection ended without one */
async function requestAgain({ name, url }: WorldContext, entry: TrafficEntry): Promise<number | null> {
  const { Method, Address, RequestHeaders, RequestBody } = entry;
  const length = Number(RequestHeaders["content-length"] ?? 0);
  if (RequestBody === null ? length > 0 : isCutText(RequestBody)) {
    throw new Problem("conflict", "The entry has not all of the request's body, so that it can't be sent again.");
  }
  const repeated = Object.entries(RequestHeaders).filter(([header]) => !ownHeaders.test(header));
  // A connection of its own, and not `fetch`, which would normalize the address.
  const client = new Client(url);
  try {
    const { statusCode, body } = await client.request({
      path: Address,
      method: Method as "POST",
      headers: { ...Object.fromEntries(repeated), [worldHeader.toLowerCase()]: name },
      body: RequestBody,
    });
    await body.dump();
    return statusCode;
  } catch {
    return null;
  } finally {
    await client.destroy();
  }
}
