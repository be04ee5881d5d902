import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** Serves requests of its own, or those that others hand over. */
interface Emitter {
  emit(event: string, ...args: unknown[]): boolean;
}

const events = ["request", "upgrade", "connect", "checkExpectation", "clientError"];

/**
 * Has a listening server hand over what comes to whom it is for: `undefined` for itself. A connection that breaks off is
 * told to whoever it was handed to last.
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
    target.emit(event, request, exchange, ...rest);
  }

  server.on("request", (request, response) => void hand("request", request, response));
  server.on("checkExpectation", (request, response) => void hand("request", request, response));
  server.on("upgrade", (request, socket: Socket, head) => {
    // Nobody else looks after the connection while its destination is found.
    socket.on("error", () => socket.destroy());
    void hand("upgrade", request, socket, head);
  });
  server.on("connect", (request, socket: Socket, head) => own.emit("connect", request, socket, head));
  server.on("clientError", (error, socket: Socket) => (lastOf.get(socket) ?? own).emit("clientError", error, socket));
}

/** Takes a server's handlers away from it, so that they can be asked apart. */
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
