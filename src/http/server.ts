import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import proxyAddress from "@fastify/proxy-addr";
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Deadline } from "../core/deadline.ts";
import type { IdentifierSource } from "../core/identifiers.ts";
import { Problem, tooLate, unavailable, undecided } from "../core/problem.ts";
import { answerProblem, problemOf } from "./answer-problem.ts";
import { bodyBudget } from "./body/budget.ts";
import { largeJsonParser, type ParseLargeJson } from "./body/large-json.ts";
import { loopTurns } from "./body/loop-turns.ts";
import { bodyReceiver } from "./body/request-body.ts";
import { answerClientError, answerRaw } from "./client-error.ts";
import { limitConnections } from "./connection-limit.ts";
import { notFound } from "./exact-path.ts";
import { type RequestLoad, requestLoad } from "./load.ts";
import { networkOf } from "./network.ts";
import type { Refusals } from "./refusals.ts";
import type { RequestLog } from "./request-log.ts";

declare module "fastify" {
  interface FastifyRequest {
    deadline: Deadline;
    /** Aborted once the request is answered 408 or its connection has failed, so that its work ends. */
    abandoned: AbortController;
    deadlineTimer: NodeJS.Timeout;
    /** Set while it counts as under way. */
    load: RequestLoad | undefined;
    /** Counts it no longer for the network of a proxy's client. */
    leaveNetwork: (() => void) | undefined;
    /** When it came, in milliseconds of `performance.now`. */
    startTime: number;
    /** The client of an authenticated request, for the log. */
    clientId: string | undefined;
  }
  interface FastifyInstance {
    parseLargeJson: ParseLargeJson;
  }
}

/** What the log shows for a client that went away before it was answered; such a code never goes over the wire. */
const clientClosedRequest = 499;

/** How many pieces of large bodies are looked at in one turn of the event loop: each takes less than 2 ms. */
const piecesPerTurn = 4;

/** How long the thread that parses large bodies may have nothing to do before it is ended, in milliseconds. */
const parserIdleTime = 10_000;

export interface ServerOptions {
  /** The largest body, in bytes. */
  readonly bodyLimit: number;
  /** How much memory large bodies may take until they are carried out, in bytes; `undefined` for as much as they need. */
  readonly bodyMemory: number | undefined;
  /** How many connections there may be at once: of all callers, and of one network. */
  readonly connectionLimit: number;
  readonly networkConnectionLimit: number;
  readonly refusals: Refusals;
  /** How long a request may take from its first byte to the first byte of its answer, in milliseconds. */
  readonly requestTimeout: number;
  /** How many requests may be worked on at once. */
  readonly loadLimit: number;
  readonly trustProxy: string | false;
  readonly newIdentifier: IdentifierSource;
  readonly log: RequestLog;
  /** Why nothing can be served yet, if that is so. */
  readonly refusal: () => Problem | undefined;
}

/**
 * Takes over a connection that is to speak WebSocket from now on.
 * @returns whom it belongs to, for the log
 * @throws Problem when it is refused
 */
export type Upgrade = (handshake: {
  readonly request: IncomingMessage;
  readonly socket: Socket;
  readonly head: Buffer;
  readonly requestId: string;
  /** The caller's, as far as proxies are believed. */
  readonly address: string;
}) => Promise<{ clientId: string }>;

export interface Server {
  readonly fastify: FastifyInstance;
  /** Lets a request that stays open go on without being counted as under way. */
  release(request: FastifyRequest): void;
  /** Hands WebSocket requests to a path over. */
  onUpgrade(path: string, upgrade: Upgrade): void;
  /** Refuses new work with 503, waits for what is under way at most `milliseconds`, and closes every connection. */
  stop(milliseconds: number): Promise<void>;
}

/** The HTTP edge: request ids, size, time and load limits, the error envelope (contract, section 2). */
export function createServer(options: ServerOptions): Server {
  const { requestTimeout, newIdentifier, log, refusals } = options;
  const server = fastify({
    bodyLimit: options.bodyLimit,
    trustProxy: options.trustProxy,
    genReqId: newIdentifier,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: true,
    clientErrorHandler: (error, socket) => answerClientError(error, socket, current.get(socket), newIdentifier()),
    // An address that can't be decoded is the address of nothing.
    frameworkErrors: (_error, request, reply) => {
      reply.header("Request-Id", request.id);
      answerProblem(request, reply, notFound());
    },
    // A reader that takes nothing for so long is gone, and no longer counts as load.
    connectionTimeout: Math.max(120_000, 2 * requestTimeout),
    // Node's own limit only catches what never becomes a request, such as a header that does not end.
    requestTimeout: requestTimeout + 1000,
    http: {
      requestTimeout: requestTimeout + 1000,
      headersTimeout: requestTimeout,
      // A socket of a large portfolio goes on after a position of 32 characters for each of a thousand enterprises.
      maxHeaderSize: 65_536,
      connectionsCheckingInterval: 1000,
      // Of a body that waits for its turn, one piece of 64 KiB is in memory, and not two.
      highWaterMark: 32_768,
      requireHostHeader: false,
      shouldUpgradeCallback: (request) => upgrades.has(pathOf(request)) && isWebSocket(request),
    },
  });
  /** The answer that each connection waits for. */
  const current = new WeakMap<Socket, FastifyReply>();
  const upgrades = new Map<string, Upgrade>();
  const isTrusted = proxyAddress.compile(options.trustProxy ? options.trustProxy.split(",") : []);
  const load = requestLoad(options.loadLimit);
  const largeJson = largeJsonParser(parserIdleTime);
  const { bodyMemory, bodyLimit } = options;
  const receiveBody = bodyReceiver({
    budget: bodyMemory === undefined ? undefined : bodyBudget(bodyMemory, bodyLimit, refusals),
    turn: loopTurns(piecesPerTurn),
    networkOf: ({ ip }) => networkOf(ip),
  });
  const enterByProxy = limitConnections(server.server, {
    limit: options.connectionLimit,
    networkLimit: options.networkConnectionLimit,
    isTrusted: (address) => isTrusted(address, 0),
    refusals,
    refuse: (socket, problem) => answerRaw(socket, problem, newIdentifier()),
  });
  let isStopping = false;

  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", receiveBody);
  server.decorate("parseLargeJson", largeJson.parse);
  server.decorateRequest("deadline");
  server.decorateRequest("abandoned");
  server.decorateRequest("deadlineTimer");
  server.decorateRequest("startTime", 0);
  server.decorateRequest("load", undefined);
  server.decorateRequest("leaveNetwork", undefined);
  server.decorateRequest("bodyOwner", undefined);
  server.decorateRequest("largeBody", undefined);
  server.decorateRequest("freeBody", undefined);
  server.decorateRequest("clientId", undefined);

  server.addHook("onRequest", (request, reply, done) => {
    current.set(request.raw.socket, reply);
    request.startTime = performance.now();
    reply.raw.once("close", () => ended(request, reply));
    reply.header("Request-Id", request.id);
    request.abandoned = new AbortController();
    const { signal } = request.abandoned;
    request.deadline = { signal, end: request.startTime + requestTimeout, mayBeStored: false };
    request.deadlineTimer = setTimeout(() => {
      // A long list is in time when its first byte is.
      if (reply.raw.headersSent) return;
      request.abandoned.abort();
      reply.send(tooLate());
    }, requestTimeout);
    // A supervisor that asks whether the process lives would otherwise end one that is only busy.
    if (request.routeOptions.url === "/health/live") return done();
    if (isStopping) return done(unavailable("The server is stopping."));
    if (request.is404) return done(notFound());
    const refusal = request.routeOptions.url === "/health/ready" ? undefined : options.refusal();
    if (refusal) return done(refusal);
    done(problemIn(() => admit(request)));
  });
  // Its body has come by now.
  server.addHook("preHandler", (request, _reply, done) => done(problemIn(() => request.load?.work())));

  // `Expect` is treated as if it was not there, and a tunnel (CONNECT) is answered 404.
  server.server.on("checkExpectation", (request, response) => server.server.emit("request", request, response));
  server.server.on("connect", (_request, socket: Socket) => answerRaw(socket, notFound(), newIdentifier()));
  server.server.on("upgrade", (request, socket: Socket, head) => void upgraded(request, socket, head));
  server.addHook("onSend", (request, _reply, payload, done) => {
    if (payload instanceof Readable) {
      request.deadline.end = Number.POSITIVE_INFINITY;
      // The status line has been sent, so an error in the stream can only be logged.
      payload.once("error", (error) => log.failed(request.id, error));
    }
    done(null, payload);
  });
  server.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const found = problemOf(error);
    // 408 says that nothing was stored.
    const problem = found.kind === "timeout" && request.deadline.mayBeStored ? undecided() : found;
    if (problem.kind === "unexpected" || problem.cause) log.failed(request.id, error);
    if (problem.retryAfterSeconds) reply.header("Retry-After", problem.retryAfterSeconds);
    // The rest of a body that nobody will read must not be taken for the next request.
    if (isStopping || !request.raw.complete) reply.header("Connection", "close");
    return answerProblem(request, reply, problem);
  });

  return {
    fastify: server,
    release,
    onUpgrade: (path, upgrade) => upgrades.set(path, upgrade),
    stop: async (milliseconds) => {
      isStopping = true;
      await load.idle(milliseconds);
      await server.close();
      await largeJson.stop();
    },
  };

  /** @throws Problem (unavailable), (tooMany) when there is no room for it */
  function admit(request: FastifyRequest): void {
    load.mustHaveRoom();
    const { leave } = enterByProxy(request.socket.remoteAddress ?? "", request.ip);
    request.leaveNetwork = leave;
    request.load = load.begin();
  }

  /** Also when the client went away before it was answered. */
  function ended(request: FastifyRequest, reply: FastifyReply): void {
    clearTimeout(request.deadlineTimer);
    // A client that does not wait for answers may have sent its next request already.
    if (current.get(request.raw.socket) === reply) current.delete(request.raw.socket);
    log.answered({
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url ?? "(unknown address)",
      status: reply.raw.headersSent ? reply.statusCode : clientClosedRequest,
      milliseconds: Math.round((performance.now() - request.startTime) * 100) / 100,
      clientId: request.clientId,
    });
    request.freeBody?.();
    request.leaveNetwork?.();
    release(request);
  }

  function release(request: FastifyRequest): void {
    request.load?.end();
  }

  async function upgraded(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const requestId = newIdentifier();
    const route = pathOf(request);
    const start = performance.now();
    const answered = (status: number, clientId: string | undefined) => {
      const milliseconds = Math.round((performance.now() - start) * 100) / 100;
      log.answered({ requestId, method: "GET", route, status, milliseconds, clientId });
    };
    // A client that goes away before it is answered is no failure of the server.
    socket.on("error", () => socket.destroy());
    try {
      if (isStopping) throw unavailable("The server is stopping.");
      load.mustHaveRoom();
      const refusal = options.refusal();
      if (refusal) throw refusal;
      const address = proxyAddress(request, isTrusted);
      const { leave } = enterByProxy(socket.remoteAddress ?? "", address);
      socket.once("close", leave);
      const caller = await upgrades.get(route)?.({ request, socket, head, requestId, address });
      answered(101, caller?.clientId);
    } catch (error) {
      const problem = problemOf(error as Error);
      if (problem.kind === "unexpected" || problem.cause) log.failed(requestId, error);
      answerRaw(socket, problem, requestId);
      answered(problem.status, undefined);
    }
  }
}

function pathOf({ url }: IncomingMessage): string {
  return url?.split("?", 1)[0] ?? "";
}

function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket";
}

function problemIn(check: () => void): Problem | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
