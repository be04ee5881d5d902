import { watch } from "node:fs";
import { dirname } from "node:path";
import type { TestContext } from "node:test";
import { Webhook } from "standardwebhooks";
import { addIntegration } from "../../../src/administration/integrations.ts";
import { setWebhook } from "../../../src/administration/webhooks.ts";
import { createApp } from "../../../src/app.ts";
import { type Flags, readConfig } from "../../../src/config/config.ts";
import { newToken, tokenDigest } from "../../../src/core/tokens.ts";
import { type Destinations, destinations, type Lookup } from "../../../src/delivery/webhooks/destination.ts";
import { listenAndStart } from "../../../src/listen.ts";
import { changeDirectory, insertClient, insertEnterprise } from "../../../src/store/directory/directory.ts";
import {
  type AttemptRow,
  attemptsOf,
  type ListedDeliveryRow,
  listDeliveries,
} from "../../../src/store/webhooks/deliveries.ts";
import { environment, isOnPostgres } from "../database/engine.ts";
import { administratorOf } from "../delivery/webhooks.ts";
import { unhurried } from "../run/patience.ts";
import { call } from "./process.ts";
import { databaseFile, engineDatabase, type TestServer } from "./server.ts";
import { silentLog } from "./test-logs.ts";

/** What a server in this process must have so that partners can be added to it. */
export type Home = Pick<TestServer, "app" | "database" | "url">;

/** A real installation on a free port, without request limit. */
export async function startProduction(t: TestContext, flags: Flags = {}, lookup?: Lookup): Promise<Home> {
  const database = await engineDatabase(t);
  const config = readConfig({ port: "0", "rate-limit": "off", ...flags, database }, environment);
  const app = await createApp(config, { log: silentLog, ...unhurried, ...(lookup && { lookup }) });
  t.after(app.stop);
  return { app, database, url: await listenAndStart(app, config) };
}

/** A delivery and every attempt at it. */
export interface Delivered {
  readonly delivery: ListedDeliveryRow;
  readonly attempts: readonly AttemptRow[];
}

export interface Partner {
  readonly clientId: string;
  readonly integrationId: string;
  /** Registers the URL at which it hears of messages, as in the sandbox unless told otherwise. Answers its id. */
  hearAt(url: string, to?: Destinations): Promise<string>;
  /** Adds a thread with one message. Answers the message's id. */
  write(): Promise<string>;
  /** Resolves with the newest delivery to an endpoint once it has so many attempts. */
  attempted(endpointId: string, count?: number): Promise<Delivered>;
}

/** A new client that is connected to a property of its own. */
export async function addPartner(home: Home): Promise<Partner> {
  const administrator = administratorOf(home);
  const { db, clock, newIdentifier } = administrator;
  const [clientId, enterpriseId, clientToken] = [newIdentifier(), newIdentifier(), newToken()];
  await changeDirectory(db, async (transaction) => {
    const created = clock();
    const hotel = { id: enterpriseId, name: "Hotel", timeZoneIdentifier: "UTC", defaultLanguageCode: "en-US" };
    await insertEnterprise(transaction, { ...hotel, created });
    await insertClient(transaction, { id: clientId, name: "Bot", tokenDigest: tokenDigest(clientToken), created });
  });
  const { id: integrationId, accessToken } = await addIntegration(administrator, clientId, [enterpriseId]);
  const options = { tokens: { ClientToken: clientToken, AccessToken: accessToken } };
  const ask = (operation: string, properties: object) => call(home.url, operation, properties, options);

  return {
    clientId,
    integrationId,
    hearAt: async (url, to = destinations({ kind: "sandbox", allow: [], timeout: 5000 })) => {
      const registration = { clientId, kind: "general", url, events: ["MessageAdded"] } as const;
      return (await setWebhook(administrator, registration, to)).id;
    },
    write: async () => {
      const thread = (await ask("messageThreads/add", { OriginalSender: "Guest", Subject: "Stay" })).body;
      const MessageThreadId = thread.MessageThreads[0]?.Id;
      const { body } = await ask("messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] });
      return body.Messages[0]?.Message.Id ?? "";
    },
    attempted: (endpointId, count = 1) =>
      onceWritten(home.database, async () => {
        const deliveries = await listDeliveries(db, 0, false, 1000);
        const delivery = deliveries.find((one) => one.webhook_endpoint_id === endpointId);
        if (!delivery || delivery.attempts < count) return undefined;
        return { delivery, attempts: await attemptsOf(db, delivery) };
      }),
  };
}

/** Looks each time that a database may have been written to, until there is something to be found. */
export function onceWritten<T>(database: string, look: () => Promise<T | undefined>): Promise<T> {
  return new Promise((resolve, reject) => {
    const check = async () => {
      const found = await look();
      if (found === undefined) return;
      watcher.close();
      resolve(found);
    };
    const again = () => void check().catch(reject);
    const watcher = isOnPostgres ? regularly(again) : watch(dirname(databaseFile(database)), again);
    check().catch(reject);
  });
}

/** Whether one of a request's signatures is by a secret, whatever the time of its world. */
export function isSignedWith(secret: string, headers: Readonly<Record<string, unknown>>, body: string): boolean {
  const moment = new Date(Number(headers["webhook-timestamp"]) * 1000);
  const signature = new Webhook(secret).sign(String(headers["webhook-id"]), moment, body);
  return String(headers["webhook-signature"]).split(" ").includes(signature);
}

/** A PostgreSQL database has no file to watch, so it is looked at regularly. */
function regularly(look: () => void): { close(): void } {
  const timer = setInterval(look, 20);
  return { close: () => clearInterval(timer) };
}
