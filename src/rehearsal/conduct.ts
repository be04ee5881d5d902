import type { TrafficEntry } from "../protocol/sandbox/traffic.ts";
import { idsIn, type JsonObject, objectIn, objectsIn, parseObject, textIn } from "./json-object.ts";

/** One entry, with its times in milliseconds since 1970 by the world's clock. */
export interface Exchange {
  readonly entry: TrafficEntry;
  readonly from: number;
  readonly to: number;
}

/** A request of the client. */
export interface Call extends Exchange {
  /** Empty where the body was no whole JSON object. */
  readonly body: JsonObject;
  /** `undefined` where the answer was no JSON object, or is not recorded whole. */
  readonly answer: JsonObject | undefined;
  /** Whose limit it counts against; empty where it named none. */
  readonly accessToken: string;
}

/** A message that a webhook told of. */
export interface AnnouncedMessage {
  readonly id: string;
  /** Empty where it was not named. */
  readonly threadId: string;
}

/** One attempt to tell the client something by webhook. */
export interface Delivery extends Exchange {
  readonly id: string;
  readonly messages: readonly AnnouncedMessage[];
  /** Whether a fault kept it in the sandbox. */
  readonly isHeldBack: boolean;
  /** Whether the client has heard of it, as far as can be told: it answered, or had the time to. */
  readonly isHeardOf: boolean;
}

/** What one client was seen doing, in the order in which it began. */
export interface Conduct {
  readonly calls: readonly Call[];
  readonly deliveries: readonly Delivery[];
  readonly sockets: readonly Exchange[];
  /** When the last of all clients' traffic was seen: what would have come later is not known. */
  readonly until: number;
}

/** How long a webhook may take, in milliseconds (contract, section 6). */
export const webhookLimit = 5000;

export function isSuccess({ entry }: Exchange): boolean {
  return entry.Status !== null && entry.Status >= 200 && entry.Status < 300;
}

/** Reads the entries of one client. @param until  milliseconds of the world's clock */
export function conductOf(entries: readonly TrafficEntry[], until: number): Conduct {
  const exchanges = entries
    .map((entry) => {
      const from = Date.parse(entry.StartedUtc);
      return { entry, from, to: from + entry.Milliseconds };
    })
    .sort((a, b) => a.from - b.from || a.entry.Number - b.entry.Number);
  const ofKind = (kind: TrafficEntry["Kind"]) => exchanges.filter(({ entry }) => entry.Kind === kind);
  return {
    calls: ofKind("Request").map(callOf),
    deliveries: ofKind("Webhook").map(deliveryOf),
    sockets: ofKind("Socket"),
    until,
  };
}

function callOf(exchange: Exchange): Call {
  const { RequestBody, ResponseBody } = exchange.entry;
  const body = parseObject(RequestBody);
  // A body that is recorded in part may still have its token.
  const token = body ? textIn(body.AccessToken) : /"AccessToken"\s*:\s*"([^"]*)"/.exec(RequestBody ?? "")?.[1];
  return { ...exchange, body: body ?? {}, answer: parseObject(ResponseBody), accessToken: token ?? "" };
}

function deliveryOf(exchange: Exchange): Delivery {
  const { entry } = exchange;
  const events = objectsIn(parseObject(entry.RequestBody)?.Events);
  const values = events.filter(({ Discriminator }) => Discriminator === "MessageAdded").map(({ Value }) => Value);
  const messages = values.map((value) => {
    const { Id, MessageThreadId } = objectIn(value) ?? {};
    return { id: idsIn([Id])[0] ?? "", threadId: idsIn([MessageThreadId])[0] ?? "" };
  });
  const isHeardOf = entry.Status !== null || entry.Milliseconds >= webhookLimit;
  return { ...exchange, id: entry.DeliveryId ?? "", messages, isHeldBack: isHeldBack(entry), isHeardOf };
}

/** Whether a fault kept it in the sandbox: the client never heard of this attempt. */
function isHeldBack({ Status, Error: reason }: TrafficEntry): boolean {
  return Status === null && /^A fault (?:dropped|holds)/.test(reason ?? "");
}
