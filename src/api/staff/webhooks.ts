import { deliveryRecord, exchangeRecord, webhookRecord } from "../../administration/records.ts";
import { rotateSecret, setWebhook, testWebhook } from "../../administration/webhooks.ts";
import { type Microseconds, seconds } from "../../core/clock.ts";
import { invalid } from "../../core/problem.ts";
import { formatDateTime, secondOf } from "../../protocol/date-time.ts";
import { defaultOverlapSeconds } from "../../protocol/staff/installation.ts";
import * as descriptions from "../../protocol/staff/webhooks.ts";
import { listDeliveries, resend, resendFailed } from "../../store/webhooks/deliveries.ts";
import { disableWebhookEndpoint, enableWebhookEndpoint, listWebhookEndpoints } from "../../store/webhooks/endpoints.ts";
import { type StaffOperation, staffOperation } from "./staff-operation.ts";

const getAll = staffOperation(descriptions.getAllWebhooks, "installation", async (_context, { db }) => {
  const rows = await listWebhookEndpoints(db);
  return { body: { Webhooks: rows.map(webhookRecord) } };
});

const set = staffOperation(descriptions.setWebhook, "installation", async (context, { input, db }) => {
  const isGeneral = input.Kind === "General";
  if (!isGeneral && input.Events) throw invalid("Events is for general webhooks only.");
  const events = input.Events ? [...new Set(input.Events)] : undefined;
  const registration = {
    clientId: input.ClientId.toLowerCase(),
    kind: isGeneral ? "general" : "integration",
    url: input.Url.trim(),
    events: isGeneral ? events : [],
  } as const;
  const { id, secret } = await setWebhook({ ...context, db }, registration, context.destinations);
  return { body: { WebhookId: id, Secret: secret ?? null } };
});

const enable = staffOperation(descriptions.enableWebhook, "installation", async (_context, { input, db }) => {
  await db.transaction((transaction) =>
    enableWebhookEndpoint(transaction, input.WebhookId.toLowerCase(), input.Skip ?? false),
  );
  return { body: {} };
});

const disable = staffOperation(descriptions.disableWebhook, "installation", async (_context, { input, db }) => {
  await db.transaction((transaction) =>
    disableWebhookEndpoint(transaction, input.WebhookId.toLowerCase(), "By an owner."),
  );
  return { body: {} };
});

const rotate = staffOperation(descriptions.rotateSecret, "installation", async (context, { input, db }) => {
  const oldExpires = context.clock() + seconds(input.OverlapSeconds ?? defaultOverlapSeconds);
  const secret = await rotateSecret({ ...context, db }, input.WebhookId.toLowerCase(), oldExpires);
  return { body: { Secret: secret, OldSecretExpiresUtc: formatDateTime(oldExpires) } };
});

/** An endpoint's failure is what the caller wants to know, and so is answered 200. */
const test = staffOperation(descriptions.testWebhook, "installation", async (context, { input, db }) => {
  const sent = await testWebhook({ ...context, db }, input.WebhookId.toLowerCase(), context.destinations);
  return { body: exchangeRecord(sent) };
});

const shownAtMost = 100;

const getDeliveries = staffOperation(descriptions.getDeliveries, "installation", async (_context, { input, db }) => {
  const { OnlyFailed, SinceUtc, Count } = input;
  const since = SinceUtc ? momentOf(SinceUtc) : 0;
  const rows = await listDeliveries(db, since, OnlyFailed ?? false, Count ?? shownAtMost);
  return { body: { Deliveries: rows.map(deliveryRecord) } };
});

const sendAgain = staffOperation(descriptions.resendDeliveries, "installation", async ({ clock }, { input, db }) => {
  const id = input.DeliveryId?.toLowerCase();
  const { FailedSinceUtc } = input;
  if (id && !FailedSinceUtc) {
    await resend(db, id, clock());
    return { body: { Count: 1 } };
  }
  if (id || !FailedSinceUtc) throw invalid("Give either DeliveryId or FailedSinceUtc.");
  return { body: { Count: await resendFailed(db, momentOf(FailedSinceUtc), clock()) } };
});

/** The webhooks of clients, and what was sent to them. */
export const webhookOperations: readonly StaffOperation[] = [
  getAll,
  set,
  enable,
  disable,
  rotate,
  test,
  getDeliveries,
  sendAgain,
];

/** @throws Problem (invalid) for what is no date-time, which the operation's description has refused before */
function momentOf(text: string): Microseconds {
  const moment = secondOf(text);
  if (moment === undefined) throw invalid(`"${text}" is not a date-time.`);
  return moment;
}
