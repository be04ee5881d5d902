import { longestTimer } from "./retries.ts";
import type { SocketFrame } from "./types.ts";

/** What is used of a WebSocket: the global one, or that of `ws`. */
export interface WebSocketLike {
  addEventListener(type: "open" | "message" | "error" | "close", listener: (event: unknown) => void): void;
  close(): void;
}

export interface ConnectionRules {
  /** How long opening may take, in milliseconds. */
  readonly openTimeout: number;
  /** How long the other side may be silent, in milliseconds. */
  readonly patience: (hearsPings: boolean) => number | undefined;
  /** Ends the connection. */
  readonly signal: AbortSignal;
}

/** One WebSocket, read frame by frame. */
export interface Connection {
  /** Resolves once it is open, or has ended; says which. */
  opened(): Promise<boolean>;
  /** The next frame; `undefined` once it has ended and all its frames are taken. */
  next(): Promise<SocketFrame | undefined>;
  /** Of the close frame; 1006 when the connection broke off. */
  code(): number | undefined;
  end(): void;
}

/** How many frames may wait to be taken before the connection is given up, to be taken up again after them. */
const maxWaiting = 200;

const brokenOff = 1006;

export function readConnection(socket: WebSocketLike, rules: ConnectionRules): Connection {
  const { openTimeout, patience, signal } = rules;
  const waiting: SocketFrame[] = [];
  let isOpen = false;
  let code: number | undefined;
  let changed = () => {};
  let timer = setTimeout(end, Math.min(openTimeout, longestTimer));
  let hearsPings = false;

  function heard(): void {
    clearTimeout(timer);
    const milliseconds = patience(hearsPings);
    if (code === undefined && milliseconds !== undefined) timer = setTimeout(end, Math.min(milliseconds, longestTimer));
  }

  function ended(reason: number): void {
    if (code !== undefined) return;
    code = reason;
    clearTimeout(timer);
    signal.removeEventListener("abort", end);
    changed();
  }

  function end(): void {
    if (code !== undefined) return;
    ended(brokenOff);
    // close() of `ws` waits for the other side's close frame, which does not come over a dead connection.
    if ("terminate" in socket && typeof socket.terminate === "function") socket.terminate();
    else socket.close();
  }

  socket.addEventListener("open", () => {
    isOpen = true;
    heard();
    changed();
  });
  socket.addEventListener("message", (event) => {
    if (code !== undefined) return;
    heard();
    const frame = frameOf(event);
    if (!frame) return;
    waiting.push(frame);
    changed();
    if (waiting.length >= maxWaiting && frame.Position !== undefined) end();
  });
  socket.addEventListener("error", () => ended(brokenOff));
  socket.addEventListener("close", (event) => ended((event as { readonly code?: number }).code ?? brokenOff));
  if ("on" in socket && typeof socket.on === "function") {
    hearsPings = true;
    socket.on("ping", heard);
  }
  signal.addEventListener("abort", end);
  if (signal.aborted) end();

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
    }
  }

  return {
    opened: async () => {
      await until(() => isOpen || code !== undefined);
      return isOpen;
    },
    next: async () => {
      await until(() => waiting.length > 0 || code !== undefined);
      return waiting.shift();
    },
    code: () => code,
    end,
  };
}

/** `undefined` for what is none. */
function frameOf(event: unknown): SocketFrame | undefined {
  const { data } = event as { readonly data?: unknown };
  if (typeof data !== "string") return undefined;
  try {
    const frame = JSON.parse(data) as SocketFrame | null;
    return Array.isArray(frame?.Events) ? frame : undefined;
  } catch {
    return undefined;
  }
}
