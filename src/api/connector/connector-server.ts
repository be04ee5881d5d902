import type { LogWatch } from "../../delivery/log-watch.ts";
import type { SocketLimits } from "../../delivery/sockets/limits.ts";
import { type SocketPatience, socketPatience, socketServer } from "../../delivery/sockets/socket-server.ts";
import { type RateLimit, requestCounter } from "../../http/rate-limit.ts";
import type { Refusals } from "../../http/refusals.ts";
import type { RequestLog } from "../../http/request-log.ts";
import type { Server } from "../../http/server.ts";
import type { Parts } from "../../store/parts.ts";
import { authentication } from "./authentication.ts";
import type { ConnectorOperation } from "./connector-operation.ts";
import { connectorRoutes } from "./connector-routes.ts";
import { connectorSocket } from "./socket.ts";

export interface ConnectorServerParts extends Parts {
  /** Wakes the WebSockets. */
  readonly watch: LogWatch;
  readonly operations: readonly ConnectorOperation[];
  /** Sends on WebSockets only what is published. */
  readonly isStrict: boolean;
  /** For each access token, and for each network of callers that are not known. */
  readonly rateLimit: RateLimit | undefined;
  readonly socketLimits: SocketLimits;
  readonly socketPatience: Partial<SocketPatience> | undefined;
  readonly refusals: Refusals;
  readonly log: RequestLog;
}

/** The partners' side of a server: the Connector API and its WebSockets. @returns what ends the WebSockets */
export function connectorServer(server: Server, parts: ConnectorServerParts): () => void {
  const { store, clock, newIdentifier, operations, isStrict, rateLimit, log } = parts;
  const authenticate = authentication(store.db, clock);
  const countUnauthenticated = requestCounter(rateLimit, clock);
  const countRequest = requestCounter(rateLimit, clock);
  connectorRoutes(server.fastify, {
    store,
    clock,
    newIdentifier,
    operations,
    authenticate,
    countRequest,
    countUnauthenticated,
  });
  const sockets = socketServer({
    store,
    clock,
    watch: parts.watch,
    isStrict,
    failed: (error) => log.failed(undefined, error),
    patience: { ...socketPatience, ...parts.socketPatience },
    limits: parts.socketLimits,
    refused: parts.refusals.count,
    note: log.note,
  });
  connectorSocket(server, { sockets, authenticate, countUnauthenticated, isStrict });
  return sockets.stop;
}
