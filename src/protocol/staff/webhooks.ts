import Type from "typebox";
import { eventDiscriminators } from "../connector/event-names.ts";
import { describeOperation } from "../operation.ts";
import { dateTime, maxItems, nullableText, nullableTime, optional, text, uuid } from "../values.ts";
import { OverlapSeconds } from "./installation.ts";

const WebhookId = uuid("The webhook.");
const Kind = Type.Enum(["General", "Integration"], {
  description: "General ones hear of messages, integration ones of what happens to the client's integrations.",
});
const Secret = Type.String({ description: "What signs its requests, which is told this once." });
const nullableStatus = (description: string) => Type.Unsafe<number | null>({ type: ["integer", "null"], description });

type HeaderFields = Readonly<Record<string, string | string[] | undefined>>;
const headerFields = { additionalProperties: { type: ["string", "array"], items: { type: "string" } } };

/** An address to which a client has events sent. */
export const WebhookRecord = Type.Object(
  {
    Id: WebhookId,
    ClientId: uuid("Whose it is."),
    ClientName: Type.String(),
    Kind,
    Url: Type.String({ description: "Without its query, which is often a token." }),
    Events: Type.Array(Type.String(), { description: "What a general one hears of." }),
    IsEnabled: Type.Boolean(),
    FailingSinceUtc: nullableTime("The first failure since the last success."),
    DisabledReason: nullableText("Why it is disabled."),
    CreatedUtc: dateTime("When it was added."),
  },
  { $id: "WebhookRecord" },
);
export type WebhookRecord = Type.Static<typeof WebhookRecord>;

/** A request to a webhook, with all attempts at it. */
export const DeliveryRecord = Type.Object(
  {
    Id: uuid("Unique identifier of the delivery, which is the webhook-id that the receiver got."),
    WebhookId,
    ClientName: Type.String(),
    Kind,
    EnterpriseId: uuid("The property that it is about."),
    IntegrationId: uuid("The integration that it is about."),
    State: Type.Enum(["Waiting", "Delivered", "Failed"], { description: "Failed: it was given up." }),
    AttemptCount: Type.Integer(),
    LastStatus: nullableStatus("What the last attempt was answered with."),
    LastError: nullableText("Why the last attempt failed, in a sentence."),
    NextAttemptUtc: nullableTime("When it is tried again after a failure."),
    CreatedUtc: dateTime("When it was made."),
  },
  { $id: "DeliveryRecord" },
);
export type DeliveryRecord = Type.Static<typeof DeliveryRecord>;

/** The request that tested a webhook, and what it was answered. */
const Exchange = Type.Object({
  StartedUtc: dateTime("When it was sent."),
  Milliseconds: Type.Number({ description: "Until the end of the answer, or the failure." }),
  Status: nullableStatus("What it was answered with."),
  Error: nullableText("Why it failed, in a sentence."),
  Request: Type.Object({
    Headers: Type.Unsafe<HeaderFields>({ type: "object", ...headerFields }),
    Body: Type.String(),
  }),
  Response: Type.Object({
    Headers: Type.Unsafe<HeaderFields | null>({ type: ["object", "null"], ...headerFields }),
    Body: nullableText("The beginning of the answer."),
  }),
});
export type ExchangeRecord = Type.Static<typeof Exchange>;

const nothing = Type.Object({});
const hook = "0195d3a0-1c5e-7000-8000-5c1d6f3a2b15";
const bot = "0195d3a0-1c5e-7000-8000-5c1d6f3a2b13";
const delivery = "0195d3a0-1c5e-7000-8000-5c1d6f3a2b16";
const created = "2026-05-05T10:00:00Z";
const url = "https://bot.example/hook";
const secret = "whsec_wbdECm6MCLROTTFhhICGac3y3ze86iABJs+wt3VvrMY=";

export const getAllWebhooks = describeOperation({
  resource: "webhooks",
  action: "getAll",
  summary: "List webhooks",
  description: "Where clients hear of events, and how it goes.",
  input: nothing,
  output: Type.Object({ Webhooks: Type.Array(WebhookRecord) }),
  example: {
    request: {},
    answer: {
      Webhooks: [
        {
          Id: hook,
          ClientId: bot,
          ClientName: "Chatbot Inc.",
          Kind: "General",
          Url: url,
          Events: ["MessageAdded"],
          IsEnabled: true,
          FailingSinceUtc: null,
          DisabledReason: null,
          CreatedUtc: created,
        },
      ],
    },
  },
});

export const setWebhook = describeOperation({
  resource: "webhooks",
  action: "set",
  summary: "Set a webhook",
  description:
    "Adds the client's webhook of this kind, or changes its URL and enables it. One that exists keeps its id, its " +
    "secret and what waits for it.",
  input: Type.Object({
    ClientId: uuid("Whose it is."),
    Kind,
    Url: text(2048, { description: "Where the client hears of events." }),
    Events: optional(
      Type.Array(Type.Enum([...eventDiscriminators]), {
        minItems: 1,
        maxItems: eventDiscriminators.length,
        description: "What a general one hears of. Default: as before, or MessageAdded.",
      }),
    ),
  }),
  output: Type.Object({
    WebhookId,
    Secret: nullableText("What signs its requests, which is told this once. Null for one that has a secret already."),
  }),
  example: {
    request: { ClientId: bot, Kind: "General", Url: url, Events: ["MessageAdded"] },
    answer: { WebhookId: hook, Secret: secret },
  },
});

export const enableWebhook = describeOperation({
  resource: "webhooks",
  action: "enable",
  summary: "Enable a webhook",
  description: "It is sent what waited, and what happened meanwhile.",
  input: Type.Object({
    WebhookId,
    Skip: optional(Type.Boolean({ description: "Leave out what happened meanwhile." })),
  }),
  output: nothing,
  example: { request: { WebhookId: hook, Skip: false }, answer: {} },
});

export const disableWebhook = describeOperation({
  resource: "webhooks",
  action: "disable",
  summary: "Disable a webhook",
  description: "It is sent nothing for now. Events go on waiting for it.",
  input: Type.Object({ WebhookId }),
  output: nothing,
  example: { request: { WebhookId: hook }, answer: {} },
});

export const rotateSecret = describeOperation({
  resource: "webhooks",
  action: "rotateSecret",
  summary: "Replace a secret",
  description: "Makes a new one; for a while the old one signs too.",
  input: Type.Object({ WebhookId, OverlapSeconds }),
  output: Type.Object({ Secret, OldSecretExpiresUtc: dateTime("Until when the old one signs too.") }),
  example: {
    request: { WebhookId: hook, OverlapSeconds: 3600 },
    answer: { Secret: secret, OldSecretExpiresUtc: "2026-05-05T11:00:00Z" },
  },
});

export const testWebhook = describeOperation({
  resource: "webhooks",
  action: "test",
  summary: "Test a webhook",
  description: "Sends a signed request that announces nothing, enabled or not, and answers what came back.",
  input: Type.Object({ WebhookId }),
  output: Exchange,
  example: {
    request: { WebhookId: hook },
    answer: {
      StartedUtc: created,
      Milliseconds: 8.991,
      Status: 500,
      Error: "It answered 500.",
      Request: { Headers: { "webhook-id": delivery }, Body: "{}" },
      Response: { Headers: { "content-type": "text/plain" }, Body: "no such table: guests" },
    },
  },
});

export const getDeliveries = describeOperation({
  resource: "webhooks",
  action: "getDeliveries",
  summary: "List deliveries",
  description: "What was sent to webhooks, the newest first.",
  input: Type.Object({
    OnlyFailed: optional(Type.Boolean({ description: "Only those that were given up." })),
    SinceUtc: optional(dateTime("Only those made since.")),
    Count: optional(Type.Integer({ minimum: 1, maximum: maxItems, description: "How many at most. Default: 100." })),
  }),
  output: Type.Object({ Deliveries: Type.Array(DeliveryRecord) }),
  example: {
    request: { OnlyFailed: true, Count: 10 },
    answer: {
      Deliveries: [
        {
          Id: delivery,
          WebhookId: hook,
          ClientName: "Chatbot Inc.",
          Kind: "General",
          EnterpriseId: "3fa85f64-5717-4562-b3fc-2c963f66afa6",
          IntegrationId: "0195d3a0-1c5e-7000-8000-5c1d6f3a2b14",
          State: "Failed",
          AttemptCount: 8,
          LastStatus: 500,
          LastError: "It answered 500.",
          NextAttemptUtc: null,
          CreatedUtc: created,
        },
      ],
    },
  },
});

export const resendDeliveries = describeOperation({
  resource: "webhooks",
  action: "resend",
  summary: "Send again",
  description:
    "Sends a delivery again, or all that were given up since a moment: the same ids and bodies, from the start of the " +
    "schedule. Give either one or the other.",
  input: Type.Object({
    DeliveryId: optional(uuid("The delivery.")),
    FailedSinceUtc: optional(dateTime("All that were made since and given up.")),
  }),
  output: Type.Object({ Count: Type.Integer({ description: "How many will be sent again." }) }),
  example: { request: { DeliveryId: delivery }, answer: { Count: 1 } },
});
