import type { CallOptions, Calls } from "./call.ts";
import { BadRequestError, ConnectorError, ForbiddenError, NotFoundError, UnauthorizedError } from "./errors.ts";
import { backoff } from "./retries.ts";
import { type Connection, readConnection, type WebSocketLike } from "./socket-connection.ts";
import type { GetAllEventsAnswer, GetAllEventsRequest, SocketEvent, SocketFrame } from "./types.ts";

/** Opens a WebSocket that sends these headers with its handshake. */
export type OpenWebSocket = (url: string, headers: { readonly Cookie: string }) => WebSocketLike;

export interface SocketOptions {
  /** (+) A position to go on after, or `now` for one that is asked for before the first connection. */
  readonly after?: string | undefined;
  /** Where the WebSocket is. Default: `/ws/connector` at `platformAddress`. */
  readonly address?: string | undefined;
  /** Default: the global WebSocket, with headers where it takes them. */
  readonly openWebSocket?: OpenWebSocket | undefined;
  /** How long the other side may be silent, in milliseconds. Default: 75 s where pings are heard; else 5 minutes, with a position. */
  readonly silence?: number | undefined;
  /** Called when a connection is open. When it is not resumed, look for what was missed. */
  readonly onConnect?: ((connection: { readonly isResumed: boolean }) => void) | undefined;
  /** Ends the iteration, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** Events as they come, over as many connections as it takes. For one reader; leaving its loop closes it. */
export interface ConnectorSocket extends AsyncIterable<SocketEvent> {
  /** The same as on the wire, each frame with its position. */
  frames(): AsyncGenerator<SocketFrame, void, undefined>;
  /** (+) All up to here has been taken: that of the last frame before the one that is being handled. */
  readonly position: string | undefined;
  /** Ends the iteration, also when more has come already. */
  close(): void;
}

export interface SocketContext
  extends Pick<Calls, "address" | "sleep" | "random" | "redact" | "logger" | "timeout" | "now"> {
  readonly clientToken: string;
  readonly accessToken: string;
  /** `configuration/get`. */
  readonly getConfiguration: (request: object, options: CallOptions) => Promise<unknown>;
  /** `events/getAll`. */
  readonly getEvents: (request: GetAllEventsRequest, options: CallOptions) => Promise<GetAllEventsAnswer>;
}

/** How long the other side may be silent that pings every 30 s, in milliseconds. */
const silenceWithPings = 75_000;

/** The same where its pings are not heard: a quiet connection may be a dead one, and is opened anew now and then. */
const silenceWithoutPings = 300_000;

/** How long a connection must have been open for the next failure to count as the first, in milliseconds. */
const steady = 10_000;

/** How many messages are remembered so that none is yielded twice. */
const maxRemembered = 10_000;

/** What one reader knows from one connection to the next. */
interface Reading {
  readonly context: SocketContext;
  readonly options: SocketOptions;
  readonly closing: AbortController;
  /** Whether an event has not been yielded before. */
  readonly isNew: (event: SocketEvent) => boolean;
  position: string | undefined;
  connection: Connection | undefined;
  /** How many connections in a row came to nothing. */
  failures: number;
}

/** Events over one WebSocket after another, until its reader leaves or closes it, or another one could not help. */
export function connectorSocket(context: SocketContext, options: SocketOptions): ConnectorSocket {
  const reading: Reading = {
    context,
    options,
    closing: new AbortController(),
    isNew: onceEach(),
    position: options.after,
    connection: undefined,
    failures: 0,
  };
  const frames = allFrames(reading);
  return {
    frames: () => frames,
    get position() {
      return reading.position;
    },
    close: () => reading.closing.abort(),
    async *[Symbol.asyncIterator]() {
      for await (const { Events } of frames) {
        for (const event of Events) {
          options.signal?.throwIfAborted();
          if (reading.closing.signal.aborted) return;
          yield event;
        }
      }
    },
  };
}

/** Connects, reads until the connection ends, waits, and connects again. */
async function* allFrames(reading: Reading): AsyncGenerator<SocketFrame, void, undefined> {
  const { context, closing } = reading;
  const { signal } = reading.options;
  const abort = () => closing.abort();
  signal?.addEventListener("abort", abort);
  if (signal?.aborted) abort();
  try {
    while (!closing.signal.aborted) {
      let asked = 0;
      const start = context.now();
      try {
        yield* framesOfConnection(reading);
      } catch (error) {
        if (closing.signal.aborted) break;
        if (!isPassing(error)) throw error;
        asked = (error.retryAfter ?? 0) * 1000;
      }
      if (closing.signal.aborted) break;
      reading.failures = context.now() - start > steady ? 1 : reading.failures + 1;
      const wait = Math.max(asked, backoff(reading.failures, context.random));
      const code = reading.connection?.code();
      context.logger?.warn(`The WebSocket is opened again in ${Math.round(wait)} ms.`, { code });
      await context.sleep(wait, closing.signal).catch(() => undefined);
    }
    signal?.throwIfAborted();
  } finally {
    signal?.removeEventListener("abort", abort);
    closing.abort();
  }
}

/** @throws ConnectorError that says why the server would not open the connection */
async function* framesOfConnection(reading: Reading): AsyncGenerator<SocketFrame, void, undefined> {
  if (reading.position === "now") reading.position = await currentPosition(reading);
  const connection = connect(reading);
  reading.connection = connection;
  if (await connection.opened()) reading.options.onConnect?.({ isResumed: reading.position !== undefined });
  for (let frame = await connection.next(); frame; frame = await connection.next()) {
    reading.failures = 0;
    const fresh = frame.Events.filter(reading.isNew);
    if (fresh.length > 0) yield fresh.length < frame.Events.length ? { ...frame, Events: fresh } : frame;
    reading.position = frame.Position ?? reading.position;
    if (reading.closing.signal.aborted) return;
  }
  if (!(await connection.opened())) await check(reading);
}

function connect(reading: Reading): Connection {
  const { context, options, position, closing } = reading;
  const base = options.address ?? `${context.address.replace(/^http/, "ws")}/ws/connector`;
  const url = position === undefined ? base : `${base}?after=${encodeURIComponent(position)}`;
  // Without a position, a new connection could miss something, so a quiet one is kept.
  const quiet = () => (reading.position === undefined ? undefined : silenceWithoutPings);
  const { openWebSocket = openGlobal, silence } = options;
  return readConnection(openWebSocket(url, { Cookie: cookieOf(context) }), {
    openTimeout: context.timeout,
    patience: (hearsPings) => silence ?? (hearsPings ? silenceWithPings : quiet()),
    signal: closing.signal,
  });
}

async function currentPosition({ context, closing }: Reading): Promise<string> {
  const { Position } = await context.getEvents({ After: "now" }, { signal: closing.signal });
  return Position;
}

/** A WebSocket does not say why it was refused, so the same is asked by a request, whose answer says it. */
async function check({ context, position, closing }: Reading): Promise<void> {
  const once = { retries: 0, signal: closing.signal };
  if (position === undefined) await context.getConfiguration({}, once);
  else await context.getEvents({ After: position, Limitation: { Count: 1 } }, once);
}

/** Whether another connection may do better. */
function isPassing(error: unknown): error is ConnectorError {
  const lasting = [BadRequestError, UnauthorizedError, ForbiddenError, NotFoundError];
  return error instanceof ConnectorError && !lasting.some((Class) => error instanceof Class);
}

function cookieOf({ clientToken, accessToken }: SocketContext): string {
  return `ClientToken=${encodeURIComponent(clientToken)}; AccessToken=${encodeURIComponent(accessToken)}`;
}

/** Passes the first event of each message alone: a message is added once. Other events may repeat an id. */
function onceEach(): (event: SocketEvent) => boolean {
  const known = new Set<string>();
  return ({ Type, Id }) => {
    if (Type !== "Message") return true;
    if (known.has(Id)) return false;
    known.add(Id);
    const [oldest] = known;
    if (known.size > maxRemembered && oldest !== undefined) known.delete(oldest);
    return true;
  };
}

/** Browsers send their own cookies and take no headers; Node from 22 on, Deno and Bun take them. */
function openGlobal(url: string, headers: { readonly Cookie: string }): WebSocketLike {
  const { WebSocket, process } = globalThis as {
    readonly WebSocket?: new (url: string, options?: object) => WebSocketLike;
    readonly process?: { readonly versions?: { readonly node?: string } };
  };
  if (!WebSocket) throw new TypeError("There is no global WebSocket here; give openWebSocket.");
  return process?.versions?.node === undefined ? new WebSocket(url) : new WebSocket(url, { headers });
}
