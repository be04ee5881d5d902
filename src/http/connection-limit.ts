import type { Server } from "node:http";
import type { Socket } from "node:net";
import { Problem, unavailable } from "../core/problem.ts";
import { networkOf } from "./network.ts";
import type { Refusals } from "./refusals.ts";

export interface ConnectionLimitParts {
  /** How many connections there may be at once. */
  readonly limit: number;
  /** How many of one network; behind a trusted proxy, how many requests and WebSockets of one network. */
  readonly networkLimit: number;
  /** Whether an address is a proxy's, whose connections are those of many. */
  readonly isTrusted: (address: string) => boolean;
  readonly refusals: Refusals;
  /** Answers a connection that is refused, and closes it. */
  readonly refuse: (socket: Socket, problem: Problem) => void;
}

/**
 * Counts what comes through a trusted proxy for the network of its client, until `leave` is called.
 * @throws Problem (tooMany) when the network has its share already
 */
export type EnterByProxy = (peer: string, client: string) => { leave(): void };

/** Limits the connections of a server, before anything is read of them. */
export function limitConnections(server: Server, parts: ConnectionLimitParts): EnterByProxy {
  const { limit, networkLimit, isTrusted, refusals, refuse } = parts;
  const counts = new Map<string, number>();
  let all = 0;

  /** @returns whether there was room */
  function enter(network: string): boolean {
    const count = counts.get(network) ?? 0;
    if (count >= networkLimit) return false;
    counts.set(network, count + 1);
    return true;
  }

  function leave(network: string): void {
    const count = counts.get(network) ?? 0;
    if (count > 1) counts.set(network, count - 1);
    else counts.delete(network);
  }

  /** @returns whether the connection may go on */
  function admit(socket: Socket): boolean {
    const address = socket.remoteAddress ?? "";
    if (all >= limit) {
      refusals.count("connections");
      refuse(socket, unavailable("The server has too many connections."));
      return false;
    }
    if (!isTrusted(address)) {
      const network = networkOf(address);
      if (!enter(network)) {
        refusals.count("connections of one network");
        refuse(socket, tooManyOfOne(networkLimit));
        return false;
      }
      socket.once("close", () => leave(network));
    }
    all += 1;
    socket.once("close", () => {
      all -= 1;
    });
    return true;
  }

  // Node's own listener would read what comes of a connection that is refused, and serve it.
  const own = server.listeners("connection");
  server.removeAllListeners("connection");
  server.on("connection", (socket: Socket) => {
    if (!admit(socket)) return;
    for (const listener of own) Reflect.apply(listener, server, [socket]);
  });

  return (peer, client) => {
    if (!isTrusted(peer)) return { leave: () => undefined };
    const network = networkOf(client);
    if (!enter(network)) {
      refusals.count("requests of one network");
      throw tooManyOfOne(networkLimit);
    }
    let isIn = true;
    return {
      leave: () => {
        if (isIn) leave(network);
        isIn = false;
      },
    };
  };
}

function tooManyOfOne(networkLimit: number): Problem {
  const message = `One network may have ${networkLimit} connections at once.`;
  return new Problem("tooMany", message, { retryAfterSeconds: 1 });
}
