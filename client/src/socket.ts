import type { Calls } from "./call.ts";
import type { Connector } from "./client.ts";
import { BadRequestError, ConnectorError, ForbiddenError, NotFoundError, UnauthorizedError } from "./errors.ts";
import { backoff } from "./retries.ts";
import { type Connection, readConnection, type WebSocketLike } from "./socket-connection.ts";
import type { SocketEvent, SocketFrame } from "./types.ts";

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
  readonly connector: () => Connector;
}

/** How long the other side may be silent that pings every 30 s, in milliseconds. */
const silenceWithPings = 75_000;

/** The same where its pings are not heard: a quiet connection may be a dead one, and is opened anew now and then. */
const silenceWithoutPings = 300_000;

/** How long a connection must have been open for the next failure to count as the first, in milliseconds. */
const steady = 10_000;

/** How many messages are remembered so that none is told of twice. */
const maxRemembered = 10_000;

export function connectorSocket(context: SocketContext, options: SocketOptions): ConnectorSocket {
  const { openWebSocket = openGlobal, onConnect, signal } = options;
  const cookie = cookieOf(context);
  const closing = new AbortController();
  const isNew = onceEach();
  let position = options.after;
  const reading = frames();

  async function* frames(): AsyncGenerator<SocketFrame, void, undefined> {
    const abort = () => closing.abort();
    signal?.addEventListener("abort", abort);
    if (signal?.aborted) abort();
    let failures = 0;
    let connection: Connection | undefined;
    try {
      while (!closing.signal.aborted) {
        let asked = 0;
        const start = context.now();
        try {
          if (position === "now") position = await currentPosition();
          connection = connect();
          if (await connection.opened()) onConnect?.({ isResumed: position !== undefined });
          for (let frame = await connection.next(); frame; frame = await connection.next()) {
            failures = 0;
            const fresh = frame.Events.filter(isNew);
            if (fresh.length > 0) yield fresh.length < frame.Events.length ? { ...frame, Events: fresh } : frame;
            position = frame.Position ?? position;
            if (closing.signal.aborted) break;
          }
          if (!(await connection.opened())) await check();
        } catch (error) {
          if (closing.signal.aborted) break;
          if (!isPassing(error)) throw error;
          asked = (error.retryAfter ?? 0) * 1000;
        }
        if (closing.signal.aborted) break;
        failures = context.now() - start > steady ? 1 : failures + 1;
        const wait = Math.max(asked, backoff(failures, context.random));
        context.logger?.warn(`The WebSocket is opened again in ${Math.round(wait)} ms.`, { code: connection?.code() });
        await context.sleep(wait, closing.signal).catch(() => undefined);
      }
      signal?.throwIfAborted();
    } finally {
      signal?.removeEventListener("abort", abort);
      closing.abort();
    }
  }

  function connect(): Connection {
    const base = options.address ?? `${context.address.replace(/^http/, "ws")}/ws/connector`;
    const url = position === undefined ? base : `${base}?after=${encodeURIComponent(position)}`;
    return readConnection(openWebSocket(url, { Cookie: cookie }), {
      openTimeout: context.timeout,
      patience: (hearsPings) => options.silence ?? (hearsPings ? silenceWithPings : quietPatience()),
      signal: closing.signal,
    });
  }

  /** Without a position, opening it anew could miss something. */
  function quietPatience(): number | undefined {
    return position === undefined ? undefined : silenceWithoutPings;
  }

  async function currentPosition(): Promise<string> {
    const { Position } = await context.connector().events.getAll({ After: "now" }, { signal: closing.signal });
    return Position;
  }

  /** A WebSocket does not say why it was refused, so that the same is asked in a way that does. */
  async function check(): Promise<void> {
    const once = { retries: 0, signal: closing.signal };
    const { events, configuration } = context.connector();
    if (position === undefined) await configuration.get({}, once);
    else await events.getAll({ After: position, Limitation: { Count: 1 } }, once);
  }

  return {
    frames: () => reading,
    get position() {
      return position;
    },
    close: () => closing.abort(),
    async *[Symbol.asyncIterator]() {
      for await (const { Events } of reading) {
        for (const event of Events) {
          signal?.throwIfAborted();
          if (closing.signal.aborted) return;
          yield event;
        }
      }
    },
  };
}

/** Whether another connection may do better. */
function isPassing(error: unknown): error is ConnectorError {
  const lasting = [BadRequestError, UnauthorizedError, ForbiddenError, NotFoundError];
  return error instanceof ConnectorError && !lasting.some((Class) => error instanceof Class);
}

function cookieOf({ clientToken, accessToken }: SocketContext): string {
  return `ClientToken=${encodeURIComponent(clientToken)}; AccessToken=${encodeURIComponent(accessToken)}`;
}

/** A message is added once. Other events may well name the same thing again. */
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
