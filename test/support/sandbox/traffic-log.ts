import type { TrafficEntry } from "../../../src/protocol/sandbox/traffic.ts";

/** What an exchange is other than the usual one. */
export interface Exchanged {
  readonly client?: string | null;
  /** How long it took, in milliseconds. */
  readonly took?: number;
  readonly status?: number | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer?: object;
  readonly answerHeaders?: Readonly<Record<string, string>>;
  readonly error?: string;
  readonly fault?: string;
}

const noon = Date.parse("2026-05-05T12:00:00Z");

/** What every request has in its body, unless it says otherwise. */
const usual = { ClientToken: "C", AccessToken: "A", Client: "Night Owl 1.2.0" };

/** A log that a test writes by hand: everything happens at `seconds` after noon. */
export function trafficLog() {
  const entries: TrafficEntry[] = [];

  function add(seconds: number, more: Exchanged, own: Partial<TrafficEntry>): TrafficEntry {
    const { client = "Client 1", took = 5, status = 200, headers = {}, answerHeaders = {} } = more;
    const entry: TrafficEntry = {
      Number: entries.length + 1,
      Kind: "Request",
      StartedUtc: new Date(noon + seconds * 1000).toISOString(),
      Milliseconds: took,
      Client: client,
      ClientName: null,
      Operation: null,
      Method: "POST",
      Address: "/",
      RequestHeaders: headers,
      RequestBody: null,
      Status: status,
      ResponseHeaders: answerHeaders,
      ResponseBody: more.answer ? JSON.stringify(more.answer) : null,
      Error: more.error ?? null,
      Fault: more.fault ?? null,
      DeliveryId: null,
      ...own,
    };
    entries.push(entry);
    return entry;
  }

  return {
    entries,
    /** A request of the client; `Client` in its body is what it calls itself. */
    request: (seconds: number, operation: string, body: object = {}, more: Exchanged = {}) => {
      const whole = { ...usual, ...body };
      return add(seconds, more, {
        Operation: operation,
        ClientName: whole.Client || null,
        Address: `/api/connector/v1/${operation}`,
        RequestBody: JSON.stringify(whole),
      });
    },
    /** A request that is answered 429. */
    limited: (
      seconds: number,
      operation: string,
      body: object = {},
      more: Exchanged & { readonly wait?: number } = {},
    ) => {
      const whole = { ...usual, ...body };
      return add(
        seconds,
        { status: 429, answerHeaders: { "retry-after": String(more.wait ?? 2) }, ...more },
        {
          Operation: operation,
          ClientName: whole.Client,
          RequestBody: JSON.stringify(whole),
        },
      );
    },
    /** An attempt to tell the client of messages. */
    webhook: (
      seconds: number,
      id: string,
      messages: readonly (readonly [id: string, threadId: string])[],
      more: Exchanged = {},
    ) =>
      add(seconds, more, {
        Kind: "Webhook",
        Address: "http://localhost:3000/",
        DeliveryId: id,
        RequestBody: JSON.stringify({
          Events: messages.map(([Id, MessageThreadId]) => ({
            Discriminator: "MessageAdded",
            Value: { Id, MessageThreadId },
          })),
        }),
      }),
  };
}

export type TrafficLog = ReturnType<typeof trafficLog>;
