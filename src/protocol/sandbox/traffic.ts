import Type from "typebox";
import { describeOperation } from "../operation.ts";
import { maxItems, nullableText, optional, text } from "../values.ts";
import { asksNothing } from "./sandbox-values.ts";

/** What goes over the wire: requests of partners, webhooks to them, and WebSockets that they open. */
export const trafficKinds = ["Request", "Webhook", "Socket"] as const;

const largestNumber = Number.MAX_SAFE_INTEGER;

const Headers = Type.Unsafe<Readonly<Record<string, string>>>({
  type: "object",
  additionalProperties: { type: "string" },
  description: "By lower-case name.",
});

/** One exchange on the wire, in either direction. Bodies are kept as they were sent, up to 64 kB of each. */
export const TrafficEntry = Type.Object(
  {
    Number: Type.Integer({
      minimum: 1,
      description: "Counts from 1, without gaps; a later entry has a higher number.",
    }),
    Kind: Type.Enum([...trafficKinds]),
    StartedUtc: Type.String({ description: "When it began by the world's clock, with milliseconds." }),
    Milliseconds: Type.Number({ description: "How long it took, of real time." }),
    Client: nullableText("The partner's application, as in Client 1; null where no client has these tokens."),
    ClientName: nullableText("What a request says of itself in Client."),
    Operation: nullableText("As in messages/add; null for a webhook or an address that there is not."),
    Method: Type.String(),
    Address: Type.String({ description: "Path and query of a request; the whole URL of a webhook." }),
    RequestHeaders: Headers,
    RequestBody: nullableText("Null for one that is no text, or none."),
    Status: Type.Unsafe<number | null>({ type: ["integer", "null"], description: "Null when nothing was answered." }),
    ResponseHeaders: Headers,
    ResponseBody: nullableText("Null for one that is no text, or none."),
    Error: nullableText("Why it failed, in a sentence."),
    Fault: nullableText("The fault that bit it, as in Status 503."),
    DeliveryId: nullableText("Of a webhook: its webhook-id, the same at every attempt."),
  },
  { $id: "TrafficEntry" },
);
export type TrafficEntry = Type.Static<typeof TrafficEntry>;

const example: TrafficEntry = {
  Number: 1,
  Kind: "Request",
  StartedUtc: "2026-05-05T20:12:03.250Z",
  Milliseconds: 2.4,
  Client: "Client 1",
  ClientName: "Sample Client 1.0.0",
  Operation: "enterprises/getAll",
  Method: "POST",
  Address: "/api/connector/v1/enterprises/getAll",
  RequestHeaders: { "content-type": "application/json" },
  RequestBody: "{}",
  Status: 400,
  ResponseHeaders: { "content-type": "application/json; charset=utf-8" },
  ResponseBody: '{"Message":"ClientToken is required."}',
  Error: null,
  Fault: null,
  DeliveryId: null,
};

export const getAllTraffic = describeOperation({
  resource: "traffic",
  action: "getAll",
  summary: "Read what went over the wire",
  description:
    "The latest entries, oldest first. The sandbox keeps the last 2,000 of a world, fewer while they are long.",
  input: Type.Object({
    After: optional(
      Type.Integer({ minimum: 0, maximum: largestNumber, description: "Only entries with a higher number." }),
    ),
    Count: optional(Type.Integer({ minimum: 1, maximum: maxItems, description: "At most so many; 1,000 by default." })),
  }),
  output: Type.Object({ Traffic: Type.Array(TrafficEntry) }),
  example: { request: { After: 0, Count: 100 }, answer: { Traffic: [example] } },
});

export const resendTraffic = describeOperation({
  resource: "traffic",
  action: "resend",
  summary: "Send it again",
  description:
    "Makes the request of an entry once more, or has a webhook's delivery sent again under the same webhook-id.",
  input: Type.Object({ Number: Type.Integer({ minimum: 1, maximum: largestNumber, description: "The entry." }) }),
  output: Type.Object({
    Status: Type.Unsafe<number | null>({ type: ["integer", "null"], description: "What a request was answered with." }),
  }),
  example: { request: { Number: 1 }, answer: { Status: 200 } },
});

export const clearTraffic = describeOperation({
  resource: "traffic",
  action: "clear",
  summary: "Forget what went over the wire",
  description: "The numbers go on.",
  ...asksNothing,
});

/** Registers where a client of the sandbox hears of messages, without a command. */
export const setSandboxWebhook = describeOperation({
  resource: "webhooks",
  action: "set",
  summary: "Register a webhook",
  description: "Gives a client's general webhook a URL; its secret is answered each time.",
  input: Type.Object({
    ClientToken: text(1024, { description: "The client's token." }),
    Url: text(2048, { description: "Where it is told, as in http://localhost:3000/innbox." }),
    Events: optional(
      Type.Array(Type.Enum(["MessageAdded", "MessageThreadUpdated"]), {
        minItems: 1,
        maxItems: 2,
        description: "What it is told of. By default as before, or messages alone.",
      }),
    ),
  }),
  output: Type.Object({
    WebhookId: Type.String(),
    Secret: Type.String({ description: "What its requests are signed with." }),
  }),
  example: {
    request: {
      ClientToken: "E0D439EE522F44368DC78E1BFB03710C-D24FB11DBE31D4621C4817E028D9E1D",
      Url: "http://localhost:3000/",
    },
    answer: {
      WebhookId: "0195d3a0-1c5e-7000-8000-5c1d6f3a2b15",
      Secret: "whsec_wbdECm6MCLROTTFhhICGac3y3ze86iABJs+wt3VvrMY=",
    },
  },
});
