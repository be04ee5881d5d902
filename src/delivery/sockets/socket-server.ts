import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../../core/clock.ts";
import { invalid, Problem, unavailable } from "../../core/problem.ts";
import { directoryVersion } from "../../store/directory/access.ts";
import { type LogPosition, logEnds } from "../../store/log/log-events.ts";
import { readPosition } from "../../store/log/position.ts";
import type { ClientScope } from "../../store/scope.ts";
import type { Store } from "../../store/store.ts";
import { type SocketLimits, socketPlaces } from "./limits.ts";
import {
  currentFrame,
  defaultBacklogPatience,
  publishedFrame,
  type SocketSession,
  type SocketStart,
  socketSession,
} from "./socket-session.ts";

/** How often a connection is asked whether it is still there, in milliseconds (contract, section 6). */
const pingInterval = 30_000;

/** How often to look for what other processes commit, in milliseconds. */
const pollInterval = 250;

/** How long a socket waits for its client, in milliseconds. */
export interface SocketPatience {
  /** Until a client that lets too much wait has read it. */
  readonly backlog: number;
  /** When the server stops: until a client has answered the farewell. */
  readonly farewell: number;
}

export const socketPatience: SocketPatience = { backlog: defaultBacklogPatience, farewell: 1000 };

/** Neither messages of clients nor compression have a use here. */
const socketOptions = { noServer: true, clientTracking: false, perMessageDeflate: false, maxPayload: 1024 } as const;

/** A caller as a socket needs it. */
export interface SocketCaller {
  /** Stands for the access token where sockets are counted. */
  readonly tokenKey: string;
  readonly scope: ClientScope;
  readonly expires: number | null;
}

/** Finds out again who a connection belongs to. @throws Problem (unauthenticated) when its tokens are not good any more */
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
  readonly session: SocketSession;
  readonly identify: Identify;
  /** The version of the records that the caller was last found in, or an older one. */
  knownDirectory: number;
  expires: number | null;
  isAlive: boolean;
}

export interface SocketServerParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly failed: (error: unknown) => void;
  /** Sends frames as they are published, without what goes beyond. */
  readonly isStrict?: boolean;
  readonly patience?: SocketPatience;
  readonly limits: SocketLimits;
  /** Told what is refused because there is too much of it, in the plural. */
  readonly refused: (kind: string) => void;
  readonly note: (message: string) => void;
}

/** The connections of one process. They read the log for themselves; this wakes those that something is new for. */
export function socketServer({
  store,
  clock,
  failed,
  isStrict,
  patience = socketPatience,
  limits,
  refused,
  note,
}: SocketServerParts): SocketServer {
  const server = new WebSocketServer(socketOptions);
  const connections = new Set<Connection>();
  const places = socketPlaces(limits, refused);
  let slowCount = 0;
  /** The ends of the logs of watched enterprises at the last look. */
  let ends: LogPosition = new Map();
  let isPolling = false;
  let isFailing = false;
  let isStopped = false;

  /** Who may hear of an enterprise. */
  const watchers = new Map<string, Set<Connection>>();

  function watch(connection: Connection): void {
    for (const id of connection.session.scope.enterpriseIds) {
      const others = watchers.get(id);
      if (others) others.add(connection);
      else watchers.set(id, new Set([connection]));
    }
  }

  function unwatch(connection: Connection): void {
    for (const id of connection.session.scope.enterpriseIds) {
      const others = watchers.get(id);
      others?.delete(connection);
      if (others?.size === 0) watchers.delete(id);
    }
  }

  store.onCommit(wake);

  /** Wakes each connection once for all changes together, so that events of one commit come in its order. */
  function wake(changes: readonly { readonly enterpriseId: string; readonly clientId?: string }[]): void {
    const news = new Map<SocketSession, string[]>();
    for (const { enterpriseId, clientId } of changes) {
      for (const { session } of watchers.get(enterpriseId) ?? []) {
        if (clientId !== undefined && clientId !== session.scope.clientId) continue;
        const others = news.get(session);
        if (others) others.push(enterpriseId);
        else news.set(session, [enterpriseId]);
      }
    }
    for (const [session, enterpriseIds] of news) session.wake(enterpriseIds);
  }

  async function poll(): Promise<void> {
    if (isPolling || connections.size === 0) return;
    isPolling = true;
    try {
      await lookForCommits();
      await lookAtCallers();
      isFailing = false;
    } catch (error) {
      // Once is enough for as long as it lasts.
      if (!isFailing) failed(error);
      isFailing = true;
    } finally {
      isPolling = false;
    }
  }

  async function lookForCommits(): Promise<void> {
    const current = await logEnds(store.db, [...watchers.keys()]);
    const changed = [...current].filter(([id, end]) => end !== ends.get(id));
    ends = current;
    wake(changed.map(([enterpriseId]) => ({ enterpriseId })));
  }

  /** Closes connections of callers who were disabled, and changes what the others see to what they may see now. */
  async function lookAtCallers(): Promise<void> {
    const version = await directoryVersion(store.db);
    const now = clock();
    for (const connection of connections) {
      const isOver = connection.expires !== null && connection.expires <= now;
      if (version !== connection.knownDirectory || isOver) await lookAtCaller(connection);
      connection.knownDirectory = version;
    }
  }

  async function lookAtCaller(connection: Connection): Promise<void> {
    try {
      const caller = await connection.identify();
      if (!connections.has(connection)) return;
      unwatch(connection);
      connection.expires = caller.expires;
      connection.session.scope = caller.scope;
      watch(connection);
      connection.session.wake(caller.scope.enterpriseIds);
    } catch (error) {
      if (!(error instanceof Problem && error.kind === "unauthenticated")) throw error;
      connection.socket.close(1008, error.message);
    }
  }

  function ping(): void {
    for (const connection of connections) {
      if (!connection.isAlive) connection.socket.terminate();
      connection.isAlive = false;
      connection.socket.ping();
    }
  }

  // The server's own port keeps the process alive.
  const timers = [setInterval(poll, pollInterval).unref(), setInterval(ping, pingInterval).unref()];

  // The refusal is ours to write.
  server.on("wsClientError", () => undefined);

  function connect(
    socket: WebSocket,
    identify: Identify,
    { scope, expires }: SocketCaller,
    from: SocketStart,
    knownDirectory: number,
  ): void {
    const frameOf = isStrict ? publishedFrame : currentFrame;
    const tooSlow = (bytes: number) => {
      slowCount += 1;
      const { clientId } = session.scope;
      note(
        `A WebSocket of client ${clientId} was ended: it had not taken ${bytes} bytes (${slowCount} since the start).`,
      );
    };
    const backlog = { patience: patience.backlog, tooSlow };
    const session = socketSession(store.db, socket, scope, from, failed, frameOf, backlog);
    const connection: Connection = { socket, session, identify, knownDirectory, expires, isAlive: true };
    connections.add(connection);
    watch(connection);
    socket.on("pong", () => {
      connection.isAlive = true;
    });
    // A client that breaks the protocol is closed by the library.
    socket.on("error", () => undefined);
    socket.on("close", () => {
      connections.delete(connection);
      unwatch(connection);
    });
    session.wake(scope.enterpriseIds);
  }

  return {
    accept: async ({ request, socket, head, requestId }, after, identify) => {
      // Asked first: a change that the caller's tokens were read before is looked at like any later one.
      const version = await directoryVersion(store.db);
      const caller = await identify();
      // What it could not see when it came is not new to it because it can be seen later on.
      const start = after === null || after === "now" ? clock() - 1 : 0;
      const position = await readPosition(store.db, caller.scope, "after", after ?? "now");
      if (isStopped) throw unavailable("The server is stopping.");
      const leave = places.take(caller.tokenKey);
      socket.once("close", leave);
      let isConnected = false;
      const addRequestId = (headers: string[]) => headers.push(`Request-Id: ${requestId}`);
      server.once("headers", addRequestId);
      server.handleUpgrade(request, socket, head, (client) => {
        isConnected = true;
        connect(client, identify, caller, { position, start }, version);
      });
      server.off("headers", addRequestId);
      if (!isConnected) throw invalid("The request is not a handshake of WebSocket version 13.");
      return caller;
    },
    stop: () => {
      isStopped = true;
      for (const timer of timers) clearInterval(timer);
      for (const { socket } of connections) {
        socket.close(1001, "The server is stopping; connect again.");
        // A client that is gone without a word would keep its connection open for ever.
        setTimeout(() => socket.terminate(), patience.farewell).unref();
      }
    },
  };
}
