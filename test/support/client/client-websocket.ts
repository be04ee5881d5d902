import type { OpenWebSocket } from "../../../client/src/socket.ts";
import type { WebSocketLike } from "../../../client/src/socket-connection.ts";

/** A WebSocket without a server. */
export interface FakeWebSocket extends WebSocketLike {
  readonly url: string;
  readonly cookie: string;
  isClosed: boolean;
  open(): void;
  send(frame: object | string): void;
  end(code: number): void;
}

/** Opens connections without a server at the other end; `script` plays that part for each. */
export function fakeWebSockets(script: (socket: FakeWebSocket, count: number) => void) {
  const sockets: FakeWebSocket[] = [];
  const openWebSocket: OpenWebSocket = (url, { Cookie }) => {
    const socket = fakeWebSocket(url, Cookie);
    sockets.push(socket);
    queueMicrotask(() => script(socket, sockets.length));
    return socket;
  };
  return { sockets, openWebSocket };
}

function fakeWebSocket(url: string, cookie: string): FakeWebSocket {
  const listeners: { readonly type: string; readonly listener: (event: unknown) => void }[] = [];
  const tell = (type: string, event: object) => {
    for (const one of listeners) if (one.type === type) one.listener(event);
  };
  return {
    url,
    cookie,
    isClosed: false,
    addEventListener: (type, listener) => {
      listeners.push({ type, listener });
    },
    close() {
      this.isClosed = true;
    },
    open: () => tell("open", {}),
    send: (frame) => tell("message", { data: typeof frame === "string" ? frame : JSON.stringify(frame) }),
    end: (code) => tell("close", { code }),
  };
}
