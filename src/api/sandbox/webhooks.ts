import { setWebhook } from "../../administration/webhooks.ts";
import { tokenDigest } from "../../core/tokens.ts";
import { setSandboxWebhook } from "../../protocol/sandbox/traffic.ts";
import { clientOfToken } from "../../store/directory/directory.ts";
import { findWebhookEndpoint } from "../../store/webhooks/endpoints.ts";
import { type SandboxOperation, sandboxOperation } from "./sandbox-operation.ts";

/** Where the clients of a world hear of events. */
export const webhookOperations: readonly SandboxOperation[] = [
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
