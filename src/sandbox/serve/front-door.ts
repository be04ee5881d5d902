import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** A server, as far as requests can be handed to it. */
export interface Emitter {
  emit(event: string, ...args: unknown[]): boolean;
}

const events = ["request", "upgrade", "connect", "checkExpectation", "clientError"];

/**
 * Has a listening server hand each request to the server that it is for. What is wrong with a connection is handed to
 * the server that had its last request.
 * @param destination  finds that server; `undefined` for the listening one itself
 */
export function openFrontDoor(
  server: Server,
  destination: (request: IncomingMessage, exchange: ServerResponse | Socket) => Promise<Emitter | undefined>,
): void {
  const own = handlersOf(server);
  const lastOf = new WeakMap<Socket, Emitter>();

  async function hand(event: string, request: IncomingMessage, exchange: ServerResponse | Socket, ...rest: unknown[]) {
    const target = (await destination(request, exchange)) ?? own;
    lastOf.set(request.socket, target);
    // A client that went away meanwhile: its exchange has closed already, so a server would wait for that for ever.
    if (request.socket.destroyed) return;
    target.emit(event, request, exchange, ...rest);
  }

  server.on("request", (request, response) => void hand("request", request, response));
  server.on("checkExpectation", (request, response) => void hand("request", request, response));
  server.on("upgrade", (request, socket: Socket, head) => {
    // Without a listener, a client that resets the connection while its destination is found would end the process.
    socket.on("error", () => socket.destroy());
    void hand("upgrade", request, socket, head);
  });
  server.on("connect", (request, socket: Socket, head) => own.emit("connect", request, socket, head));
  server.on("clientError", (error, socket: Socket) => (lastOf.get(socket) ?? own).emit("clientError", error, socket));
}

/** Takes a server's handlers away from it. What they would have handled can be handed to them by `emit`. */
function handlersOf(server: Server): Emitter {
  const handlers = new Map(
    events.map((event) => {
      const listeners = server.listeners(event);
      server.removeAllListeners(event);
      return [event, listeners] as const;
    }),
  );
  return {
    emit: (event, ...args) => {
      const listeners = handlers.get(event) ?? [];
      for (const listener of listeners) Reflect.apply(listener, server, args);
      return listeners.length > 0;
    },
  };
}
