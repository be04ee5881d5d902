import { tokens } from "../server/demo.ts";

/** Milliseconds until a connection that broke is opened again. */
const pauses = [300, 1000, 3000, 10_000];

interface SocketEvent {
  readonly Type: string;
  readonly Id: string;
  readonly MessageThreadId?: string;
}

export interface SocketListener {
  readonly heard: (event: SocketEvent) => void;
  /** The socket was opened, for the first time or again. Events before that may have been missed. */
  readonly opened: () => void;
}

/**
 * Listens to the events of the Connector API's WebSocket, with the tokens as cookies of its path.
 * @returns what ends it
 */
export function listen({ heard, opened }: SocketListener): () => void {
  const path = "/ws/connector";
  for (const [name, value] of Object.entries(tokens)) {
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is not in every browser.
    document.cookie = `${name}=${value}; path=${path}; SameSite=Strict`;
  }
  let socket: WebSocket | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let isOver = false;

  function connect(): void {
    const connection = new WebSocket(`${location.origin.replace(/^http/, "ws")}${path}`);
    socket = connection;
    connection.addEventListener("open", () => {
      failures = 0;
      opened();
    });
    connection.addEventListener("message", ({ data }) => {
      for (const event of (JSON.parse(String(data)) as { Events: readonly SocketEvent[] }).Events) heard(event);
    });
    connection.addEventListener("close", () => {
      if (isOver) return;
      timer = setTimeout(connect, pauses[Math.min(failures, pauses.length - 1)]);
      failures += 1;
    });
  }

  connect();
  return () => {
    isOver = true;
    clearTimeout(timer);
    socket?.close();
  };
}
