import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Deadline } from "../core/deadline.ts";
import { Problem, tooLate } from "../core/problem.ts";
import type { EnterByProxy } from "./connection-limit.ts";
import { notFound } from "./exact-path.ts";
import type { Load, RequestLoad } from "./load.ts";
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
}

/** The reply that each connection waits for. */
export type AwaitedReplies = WeakMap<Socket, FastifyReply>;

/** What decides whether there is room for a request. */
export interface AdmissionParts {
  readonly load: Load;
  readonly enterByProxy: EnterByProxy;
  /** Why nothing can be served yet, if that is so. */
  readonly refusal: () => Problem | undefined;
}

export interface RequestParts extends AdmissionParts {
  /** How long a request may take from its first byte to the first byte of its answer, in milliseconds. */
  readonly requestTimeout: number;
  readonly awaited: AwaitedReplies;
  readonly log: RequestLog;
}

/** What the log shows for a client that went away before it was answered; such a code never goes over the wire. */
const clientClosedRequest = 499;

/** Gives each request its id, its deadline, its place among those under way, and its line in the log. */
export function followRequests(server: FastifyInstance, parts: RequestParts): void {
  server.decorateRequest("deadline");
  server.decorateRequest("abandoned");
  server.decorateRequest("deadlineTimer");
  server.decorateRequest("startTime", 0);
  server.decorateRequest("load", undefined);
  server.decorateRequest("leaveNetwork", undefined);
  server.decorateRequest("clientId", undefined);

  server.addHook("onRequest", (request, reply, done) => {
    begin(request, reply, parts);
    done(problemIn(() => admit(request, parts)));
  });
  // By now its body has come whole, so it is worked on from here.
  server.addHook("preHandler", (request, _reply, done) => done(problemIn(() => request.load?.work())));
  server.addHook("onSend", (request, _reply, payload, done) => {
    if (payload instanceof Readable) {
      request.deadline.end = Number.POSITIVE_INFINITY;
      // The status line has been sent, so an error in the stream can only be logged.
      payload.once("error", (error) => parts.log.failed(request.id, error));
    }
    done(null, payload);
  });
}

function begin(request: FastifyRequest, reply: FastifyReply, parts: RequestParts): void {
  const { requestTimeout, awaited } = parts;
  awaited.set(request.raw.socket, reply);
  request.startTime = performance.now();
  reply.raw.once("close", () => end(request, reply, parts));
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
}

/** @throws Problem when the request is refused before its body is read */
function admit(request: FastifyRequest, { load, enterByProxy, refusal }: AdmissionParts): void {
  const { url } = request.routeOptions;
  // A supervisor that asks whether the process lives would otherwise end one that is only busy.
  if (url === "/health/live") return;
  load.mustBeOpen();
  if (request.is404) throw notFound();
  const reason = url === "/health/ready" ? undefined : refusal();
  if (reason) throw reason;
  load.mustHaveRoom();
  request.leaveNetwork = enterByProxy(request.socket.remoteAddress ?? "", request.ip).leave;
  request.load = load.begin();
}

/** Runs once the answer is sent, or the client went away before that. */
function end(request: FastifyRequest, reply: FastifyReply, { awaited, log }: RequestParts): void {
  clearTimeout(request.deadlineTimer);
  // A client that does not wait for answers may have sent its next request already.
  if (awaited.get(request.raw.socket) === reply) awaited.delete(request.raw.socket);
  log.answered({
    requestId: request.id,
    method: request.method,
    route: request.routeOptions.url ?? "(unknown address)",
    status: reply.raw.headersSent ? reply.statusCode : clientClosedRequest,
    milliseconds: millisecondsSince(request.startTime),
    clientId: request.clientId,
  });
  request.freeBody?.();
  request.leaveNetwork?.();
  request.load?.end();
}

/** For the log, to a hundredth. */
export function millisecondsSince(start: number): number {
  return Math.round((performance.now() - start) * 100) / 100;
}

/** For a hook that is told by `done`, where what it throws would be an uncaught exception. */
function problemIn(check: () => void): Problem | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}
