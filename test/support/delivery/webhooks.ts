import type { Administrator } from "../../../src/administration/administrator.ts";
import { setWebhook, type WebhookRegistration } from "../../../src/administration/webhooks.ts";
import { parseSecretKey } from "../../../src/config/secret-key.ts";
import { tokenDigest } from "../../../src/core/tokens.ts";
import { destinations } from "../../../src/delivery/webhooks/destination.ts";
import { openSecretBox } from "../../../src/ops/secret-key.ts";
import type { GeneralWebhook } from "../../../src/protocol/connector/webhooks.ts";
import { demoTokens } from "../../../src/sandbox/demo/demo-world.ts";
import { clientOfToken } from "../../../src/store/directory/directory.ts";
import { listDeliveries } from "../../../src/store/webhooks/deliveries.ts";
import { environment } from "../database/engine.ts";
import { inSql } from "../database/in-sql.ts";
import { checkSent } from "../docs/described.ts";
import type { TestServer } from "../server/server.ts";
import type { Received } from "./receiver.ts";

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

/** Resolves once nothing is due at any of several servers on one database, and none of them makes a call. */
export async function settledTogether(servers: readonly Pick<TestServer, "app">[]): Promise<void> {
  const [first] = servers;
  const leased = "SELECT id FROM webhook_endpoint WHERE lease_holder IS NOT NULL";
  do {
    for (const { app } of servers) await app.settled();
    // One of them may have begun a call while another one was waited for; the next round waits for that.
  } while ((await first?.app.store.db.all(...inSql(leased)))?.length);
}

/** Every delivery, the newest first, as the operator sees them. */
export function deliveriesOf({ app }: Pick<TestServer, "app">) {
  return listDeliveries(app.store.db, 0, false, 1000);
}
