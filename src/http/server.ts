import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import proxyAddress from "@fastify/proxy-addr";
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import type { Deadline } from "../deadline.ts";
import { Problem, tooLate, unavailable, undecided } from "../errors.ts";
import type { IdentifierSource } from "../identifiers.ts";
import type { ErrorAnswer } from "../protocol/error-answer.ts";
import { answerClientError, answerRaw } from "./client-error.ts";
import { notFound } from "./exact-path.ts";
import type { RequestLog } from "./request-log.ts";

declare module "fastify" {
  interface FastifyRequest {
    deadline: Deadline;
    /** Aborts what nobody waits for any more. */
    nobodyWaits: AbortController;
    deadlineTimer: NodeJS.Timeout;
    /** Counts as under way. */
    isAdmitted: boolean;
    /** When it came, in milliseconds of `performance.now`. */
    startTime: number;
    /** The client of an authenticated request, for the log. */
    clientId: string | undefined;
  }
}

/** What the log shows for a client that went away before it was answered; such a code never goes over the wire. */
const clientClosedRequest = 499;

export interface ServerOptions {
  /** The largest body, in bytes. */
  readonly bodyLimit: number;
  /** How long a request may take from its first byte to the first byte of its answer, in milliseconds. */
  readonly requestTimeout: number;
  /** How many requests may be under way at once. */
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
  const { requestTimeout, loadLimit, newIdentifier, log } = options;
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
      requireHostHeader: false,
      shouldUpgradeCallback: (request) => upgrades.has(pathOf(request)) && isWebSocket(request),
    },
  });
  /** The answer that each connection waits for. */
  const current = new WeakMap<Socket, FastifyReply>();
  const upgrades = new Map<string, Upgrade>();
  const isTrusted = proxyAddress.compile(options.trustProxy ? options.trustProxy.split(",") : []);
  let underWay = 0;
  let isStopping = false;
  let whenIdle: (() => void) | undefined;

  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  server.decorateRequest("deadline");
  server.decorateRequest("nobodyWaits");
  server.decorateRequest("deadlineTimer");
  server.decorateRequest("startTime", 0);
  server.decorateRequest("isAdmitted", false);
  server.decorateRequest("clientId", undefined);

  server.addHook("onRequest", (request, reply, done) => {
    current.set(request.raw.socket, reply);
    request.startTime = performance.now();
    reply.raw.once("close", () => ended(request, reply));
    reply.header("Request-Id", request.id);
    request.nobodyWaits = new AbortController();
    const { signal } = request.nobodyWaits;
    request.deadline = { signal, end: request.startTime + requestTimeout, mayBeStored: false };
    request.deadlineTimer = setTimeout(() => {
      // A long list is in time when its first byte is.
      if (reply.raw.headersSent) return;
      request.nobodyWaits.abort();
      reply.send(tooLate());
    }, requestTimeout);
    // A supervisor that asks whether the process lives would otherwise end one that is only busy.
    if (request.routeOptions.url === "/health/live") return done();
    if (isStopping) return done(unavailable("The server is stopping."));
    if (request.is404) return done(notFound());
    if (underWay >= loadLimit) return done(unavailable("The server has too many requests under way."));
    const refusal = request.routeOptions.url === "/health/ready" ? undefined : options.refusal();
    if (refusal) return done(refusal);
    underWay += 1;
    request.isAdmitted = true;
    done();
  });

  // Expectations are the client's own affair, and a tunnel is at no address of ours.
  server.server.on("checkExpectation", (request, response) => server.server.emit("request", request, response));
  server.server.on("connect", (_request, socket: Socket) => answerRaw(socket, notFound(), newIdentifier()));
  server.server.on("upgrade", (request, socket: Socket, head) => void upgraded(request, socket, head));
  server.addHook("onSend", (request, _reply, payload, done) => {
    if (payload instanceof Readable) {
      request.deadline.end = Number.POSITIVE_INFINITY;
      // Its beginning is with the client already, so the log is the only place that can tell.
      payload.once("error", (error) => log.failed(request.id, error));
    }
    done(null, payload);
  });
  server.setErrorHandler((error: FastifyError | Problem, request, reply) => {
    const found = problemOf(error, options.bodyLimit);
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
      await idle(milliseconds);
      await server.close();
    },
  };

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
    release(request);
  }

  function release(request: FastifyRequest): void {
    if (request.isAdmitted) underWay -= 1;
    request.isAdmitted = false;
    if (underWay === 0) whenIdle?.();
  }

  async function upgraded(request: IncomingMessage, socket: Socket, head: Buffer): Promise<void> {
    const requestId = newIdentifier();
    const route = pathOf(request);
    const start = performance.now();
    const answered = (status: number, clientId: string | undefined) => {
      const milliseconds = Math.round((performance.now() - start) * 100) / 100;
      log.answered({ requestId, method: "GET", route, status, milliseconds, clientId });
    };
    // Whoever goes away before it is answered is no trouble of ours.
    socket.on("error", () => socket.destroy());
    try {
      if (isStopping) throw unavailable("The server is stopping.");
      if (underWay >= loadLimit) throw unavailable("The server has too many requests under way.");
      const refusal = options.refusal();
      if (refusal) throw refusal;
      const address = proxyAddress(request, isTrusted);
      const caller = await upgrades.get(route)?.({ request, socket, head, requestId, address });
      answered(101, caller?.clientId);
    } catch (error) {
      const problem = problemOf(error as Error, options.bodyLimit);
      if (problem.kind === "unexpected" || problem.cause) log.failed(requestId, error);
      answerRaw(socket, problem, requestId);
      answered(problem.status, undefined);
    }
  }

  function idle(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      if (underWay === 0) return resolve();
      const timer = setTimeout(resolve, milliseconds);
      whenIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function pathOf({ url }: IncomingMessage): string {
  return url?.split("?", 1)[0] ?? "";
}

function isWebSocket({ method, headers }: IncomingMessage): boolean {
  return method === "GET" && headers.upgrade?.toLowerCase() === "websocket";
}

function answerProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
  const answer: ErrorAnswer = { Message: problem.message, RequestId: request.id, Details: null };
  return reply.code(problem.status).type("application/json; charset=utf-8").send(JSON.stringify(answer));
}

/** What a failure is to the caller; whatever nobody foresaw tells nothing. */
function problemOf(error: FastifyError | Problem | Error, bodyLimit: number): Problem {
  if (error instanceof Problem) {
    // What is wrong with the machine is the operator's business, who finds it in the log.
    if (!error.cause) return error;
    const { kind, cause } = error;
    const message = "The server can't read or store anything right now; try again.";
    return new Problem(kind, message, { retryAfterSeconds: 1, cause });
  }
  const statusCode = "statusCode" in error ? error.statusCode : undefined;
  if (statusCode === 413) return new Problem("tooLarge", `The body must not be larger than ${bodyLimit} bytes.`);
  if (statusCode && statusCode < 500) return new Problem("invalid", "The request could not be read.");
  return new Problem("unexpected", "Something went wrong here; the request was not carried out.");
}
