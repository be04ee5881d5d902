import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { Administrator } from "../../src/administration/administrator.ts";
import { setWebhook, type WebhookRegistration } from "../../src/administration/webhooks.ts";
import { destinations } from "../../src/events/destination.ts";
import type { GeneralWebhook } from "../../src/protocol/webhooks.ts";
import { demoTokens } from "../../src/sandbox/demo-world.ts";
import { openSecretBox, parseSecretKey } from "../../src/secret-key.ts";
import { clientOfToken } from "../../src/store/directory.ts";
import { idleEndpoints } from "../../src/store/webhook-claims.ts";
import { listDeliveries } from "../../src/store/webhook-deliveries.ts";
import { tokenDigest } from "../../src/tokens.ts";
import { checkSent } from "./described.ts";
import { environment } from "./engine.ts";
import type { Received } from "./receiver.ts";
import type { TestServer } from "./server.ts";

/** The operator of a sandbox, in the same process. */
export function administratorOf({ app, database }: Pick<TestServer, "app" | "database">): Administrator {
  const place = { database, secretKey: parseSecretKey(environment.INNBOX_SECRET_KEY ?? ""), secretKeyFile: undefined };
  return { ...app, db: app.store.db, secretBox: () => openSecretBox(place, app.store.db) };
}

/** Registers client 1's URL, as `innbox webhook set` does, and answers its id and secret. */
export async function registerWebhook(
  server: TestServer,
  url: string,
  { clientToken = demoTokens.ClientToken, ...options }: Partial<WebhookRegistration> & { clientToken?: string } = {},
) {
  const clientId = await clientOfToken(server.app.store.db, tokenDigest(clientToken));
  const registration: WebhookRegistration = { clientId, kind: "general", events: ["MessageAdded"], url, ...options };
  const to = destinations({ kind: "sandbox", allow: [], timeout: 5000 });
  const { id, secret } = await setWebhook(administratorOf(server), registration, to);
  return { id, secret: secret ?? "" };
}

/** The body of a general webhook, held against the description. */
export function batchOf({ text }: Received): GeneralWebhook {
  return checkSent("GeneralWebhook", text);
}

/** The ids of everything that was announced, in the order of arrival. */
export function announcedIds(received: readonly Received[]): string[] {
  return received.flatMap((one) => batchOf(one).Events.map(({ Value }) => Value.Id));
}

/** Has the worker look at the clock; resolves once nothing is under way any more and nothing else is due. */
export async function quiet({ app }: Pick<TestServer, "app">): Promise<void> {
  const end = performance.now() + 10_000;
  app.wake();
  do {
    assert.ok(performance.now() < end, "Something is due all the time.");
    await setImmediate();
  } while (await isBusy(app));
}

async function isBusy({ store, clock }: TestServer["app"]): Promise<boolean> {
  return store.db.snapshot(async (reader) => {
    const idle = await idleEndpoints(reader, clock());
    const leased = await reader.all("SELECT id FROM webhook_endpoint WHERE lease_holder IS NOT NULL");
    return idle.length + leased.length > 0;
  });
}

/** Every delivery, the newest first, as the operator sees them. */
export function deliveriesOf({ app }: Pick<TestServer, "app">) {
  return listDeliveries(app.store.db, 0, false, 1000);
}
