import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { backgroundLoop } from "../../core/background-loop.ts";
import type { Clock } from "../../core/clock.ts";
import { invalid, Problem, unavailable } from "../../core/problem.ts";
import { directoryVersion } from "../../store/directory/access.ts";
import { readPosition } from "../../store/log/position.ts";
import type { ClientScope } from "../../store/scope.ts";
import type { Store } from "../../store/store.ts";
import { type LogFollower, slowReaderLog } from "../log-follower.ts";
import type { LogWatch } from "../log-watch.ts";
import { type SocketLimits, socketPlaces } from "./limits.ts";
import {
  currentFrame,
  defaultBacklogPatience,
  publishedFrame,
  type SocketStart,
  socketSession,
} from "./socket-session.ts";

/** How often a connection is asked whether it is still there, in milliseconds (contract, section 6). */
const pingInterval = 30_000;

/** How often to look whether callers were disabled or have expired, in milliseconds. */
const callerInterval = 250;

/** How long a socket waits for its client, in milliseconds. */
export interface SocketPatience {
  /** For a client to read a full backlog. */
  readonly backlog: number;
  /** When the server stops: for a client to answer the farewell. */
  readonly farewell: number;
}

export const socketPatience: SocketPatience = { backlog: defaultBacklogPatience, farewell: 1000 };

/** Clients have nothing to say, and frames are too short to be worth compressing. */
const socketOptions = { noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: 1024 } as const;

/** A caller as a socket needs it. */
export interface SocketCaller {
  /** Stands for the access token where sockets are counted. */
  readonly tokenKey: string;
  readonly scope: ClientScope;
  readonly expires: number | null;
}

/** Finds out again whose connection it is. @throws Problem (unauthenticated) when its tokens are not good any more */
export type Identify = () => Promise<SocketCaller>;

/** A request to change to WebSocket, as Node has it. */
export interface Handshake {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  /** Answered as `Request-Id`. */
  readonly requestId: string;
}

export interface SocketServer {
  /**
   * Takes over a connection and sends it what is committed from now on, or after `after`.
   * @throws Problem (unauthenticated) for wrong tokens, (invalid) when `after` is no position or the request no
   * handshake, (unavailable) after `stop` or when there are too many sockets, (tooMany) when the token has too many
   */
  accept(connection: Handshake, after: string | null, identify: Identify): Promise<SocketCaller>;
  stop(): void;
}

interface Connection {
  readonly socket: WebSocket;
  readonly identify: Identify;
  readonly follower: LogFollower;
  scope: ClientScope;
  expires: number | null;
  /** Ends the watch over what `scope` sees. */
  unwatch: () => void;
  /** The version of the records that the caller was last found in, or an older one. */
  knownDirectory: number;
  /** Whether the client has answered the last ping. */
  isAlive: boolean;
}

export interface SocketServerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly watch: LogWatch;
  readonly failed: (error: unknown) => void;
  /** Sends frames as they are published, without what goes beyond. */
  readonly isStrict?: boolean;
  readonly patience?: SocketPatience;
  readonly limits: SocketLimits;
  /** Called for what is refused because there is too much of it, in the plural. */
  readonly refused: (kind: string) => void;
  /** Logs a sentence for the operator. */
  readonly note: (message: string) => void;
}

/** A connection's beginning: where in the logs, and the version of the records that its caller was found in. */
interface Beginning extends SocketStart {
  readonly knownDirectory: number;
}

/** The WebSockets of one process. */
export function socketServer(parts: SocketServerParts): SocketServer {
  const { store, clock, failed, patience = socketPatience, limits, refused } = parts;
  const server = new WebSocketServer(socketOptions);
  // Without a listener, the library would answer a bad handshake itself, and not as the API answers.
  server.on("wsClientError", () => undefined);
  const connections = new Set<Connection>();
  const connect = connector(parts, connections);
  const places = socketPlaces(limits, refused);
  const checking = backgroundLoop({ step: () => checkCallers(parts, connections), failed, interval: callerInterval });
  const pinging = setInterval(() => pingAll(connections), pingInterval).unref();
  let isStopped = false;

  return {
    accept: async ({ request, socket, head, requestId }, after, identify) => {
      // Read before the caller is: a change between the two is found at the next check.
      const knownDirectory = await directoryVersion(store.db);
      const caller = await identify();
      // Of an enterprise that it may see later on, a connection without a position is sent only what is new by now.
      const start = after === null || after === "now" ? clock() - 1 : 0;
      const position = await readPosition(store.db, caller.scope, "after", after ?? "now");
      if (isStopped) throw unavailable("The server is stopping.");
      // Its "close" was emitted already, so nothing would give a place back that it took now.
      if (socket.destroyed) throw unavailable("The client has gone.");
      const leave = places.take(caller.tokenKey);
      socket.once("close", leave);
      let isConnected = false;
      const addRequestId = (headers: string[]) => headers.push(`Request-Id: ${requestId}`);
      server.once("headers", addRequestId);
      server.handleUpgrade(request, socket, head, (client) => {
        isConnected = true;
        connect(client, identify, caller, { position, start, knownDirectory });
      });
      server.off("headers", addRequestId);
      if (!isConnected) throw invalid("The request is not a handshake of WebSocket version 13.");
      return caller;
    },
    stop: () => {
      isStopped = true;
      void checking.stop();
      clearInterval(pinging);
      for (const { socket } of connections) {
        socket.close(1001, "The server is stopping; connect again.");
        // A client that has vanished does not answer the farewell.
        setTimeout(() => socket.terminate(), patience.farewell).unref();
      }
    },
  };
}

/** Makes sockets connections, which follow the log until they are closed. */
function connector(parts: SocketServerParts, connections: Set<Connection>) {
  const { store, watch, failed, isStrict, patience = socketPatience, note } = parts;
  const logSlow = slowReaderLog(note, "A WebSocket");
  return (socket: WebSocket, identify: Identify, { scope, expires }: SocketCaller, from: Beginning): void => {
    const follower = socketSession({
      reader: store.db,
      socket,
      scope: () => connection.scope,
      from,
      failed,
      frameOf: isStrict ? publishedFrame : currentFrame,
      patience: patience.backlog,
      tooSlow: (bytes) => logSlow(`client ${connection.scope.clientId}`, bytes),
    });
    const unwatch = watch.add(scope, follower);
    const { knownDirectory } = from;
    const connection: Connection = {
      socket,
      identify,
      follower,
      scope,
      expires,
      unwatch,
      knownDirectory,
      isAlive: true,
    };
    connections.add(connection);
    socket.on("pong", () => {
      connection.isAlive = true;
    });
    // The library closes the socket of a client that breaks the protocol.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      connections.delete(connection);
      connection.unwatch();
    });
    follower.wake(scope.enterpriseIds);
  };
}

/** Closes connections of callers who were disabled, and changes what the others see to what they may see now. */
async function checkCallers(parts: SocketServerParts, connections: Set<Connection>): Promise<"idle"> {
  if (connections.size === 0) return "idle";
  const version = await directoryVersion(parts.store.db);
  const now = parts.clock();
  for (const connection of connections) {
    const isOver = connection.expires !== null && connection.expires <= now;
    if (version !== connection.knownDirectory || isOver) await checkCaller(parts.watch, connections, connection);
    connection.knownDirectory = version;
  }
  return "idle";
}

async function checkCaller(watch: LogWatch, connections: Set<Connection>, connection: Connection): Promise<void> {
  try {
    const { scope, expires } = await connection.identify();
    if (!connections.has(connection)) return;
    connection.unwatch();
    connection.scope = scope;
    connection.expires = expires;
    connection.unwatch = watch.add(scope, connection.follower);
    connection.follower.wake(scope.enterpriseIds);
  } catch (error) {
    if (!(error instanceof Problem && error.kind === "unauthenticated")) throw error;
    connection.socket.close(1008, error.message);
  }
}

/** Ends the sockets of clients that did not answer the last ping, and pings the others. */
function pingAll(connections: Set<Connection>): void {
  for (const connection of connections) {
    if (!connection.isAlive) {
      connection.socket.terminate();
      continue;
    }
    connection.isAlive = false;
    connection.socket.ping();
  }
}
