import type { Server as HttpServer } from "node:http";
import type { Socket } from "node:net";
import proxyAddress from "@fastify/proxy-addr";
import { type FastifyInstance, type FastifyRequest, fastify } from "fastify";
import type { IdentifierSource } from "../core/identifiers.ts";
import type { Problem } from "../core/problem.ts";
import { answerErrors, answerProblem } from "./answer-problem.ts";
import { bodyBudget } from "./body/budget.ts";
import { type LargeJsonParser, largeJsonParser, type ParseLargeJson } from "./body/large-json.ts";
import { loopTurns } from "./body/loop-turns.ts";
import { bodyReceiver } from "./body/request-body.ts";
import { answerClientError, answerRaw } from "./client-error.ts";
import { limitConnections } from "./connection-limit.ts";
import { notFound } from "./exact-path.ts";
import { requestLoad } from "./load.ts";
import { networkOf } from "./network.ts";
import type { Refusals } from "./refusals.ts";
import type { RequestLog } from "./request-log.ts";
import { type AwaitedReplies, followRequests } from "./requests.ts";
import { acceptUpgrades, isUpgrade, type Upgrade, type Upgrades } from "./upgrades.ts";

declare module "fastify" {
  interface FastifyInstance {
    parseLargeJson: ParseLargeJson;
  }
}

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

export interface Server {
  readonly fastify: FastifyInstance;
  /** Counts a request that stays open no longer as under way. */
  release(request: FastifyRequest): void;
  /** Hands requests for WebSockets at a path over. */
  onUpgrade(path: string, upgrade: Upgrade): void;
  /** Refuses new work with 503, waits for what is under way at most `milliseconds`, and closes every connection. */
  stop(milliseconds: number): Promise<void>;
}

/** The HTTP edge: request ids, size, time and load limits, the error envelope (contract, section 2). */
export function createServer(options: ServerOptions): Server {
  const { newIdentifier, log, refusals, refusal, requestTimeout } = options;
  const awaited: AwaitedReplies = new WeakMap();
  const upgrades = new Map<string, Upgrade>();
  const server = openFastify(options, awaited, upgrades);
  const isTrusted = proxyAddress.compile(options.trustProxy ? options.trustProxy.split(",") : []);
  const load = requestLoad(options.loadLimit);
  const enterByProxy = limitConnections(server.server, {
    limit: options.connectionLimit,
    networkLimit: options.networkConnectionLimit,
    isTrusted: (address) => isTrusted(address, 0),
    refusals,
    refuse: (socket, problem) => answerRaw(socket, problem, newIdentifier()),
  });
  const admission = { load, enterByProxy, refusal };
  const largeJson = receiveBodies(server, options);
  followRequests(server, { ...admission, requestTimeout, awaited, log });
  answerErrors(server, log, load.isStopping);
  answerExpectAndConnect(server.server, newIdentifier);
  const addressOf = (request: Parameters<typeof proxyAddress>[0]) => proxyAddress(request, isTrusted);
  acceptUpgrades(server.server, { ...admission, upgrades, newIdentifier, log, addressOf });

  return {
    fastify: server,
    release: (request) => request.load?.end(),
    onUpgrade: (path, upgrade) => upgrades.set(path, upgrade),
    stop: async (milliseconds) => {
      load.stop();
      await load.idle(milliseconds);
      await server.close();
      await largeJson.stop();
    },
  };
}

function openFastify(options: ServerOptions, awaited: AwaitedReplies, upgrades: Upgrades): FastifyInstance {
  const { requestTimeout, newIdentifier } = options;
  return fastify({
    bodyLimit: options.bodyLimit,
    trustProxy: options.trustProxy,
    genReqId: newIdentifier,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: true,
    clientErrorHandler: (error, socket) => answerClientError(error, socket, awaited.get(socket), newIdentifier()),
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
      shouldUpgradeCallback: (request) => isUpgrade(request, upgrades),
    },
  });
}

/** Reads every body as bytes, whatever its type, and large ones within a budget. @returns what parses large JSON */
function receiveBodies(server: FastifyInstance, { bodyMemory, bodyLimit, refusals }: ServerOptions): LargeJsonParser {
  const largeJson = largeJsonParser(parserIdleTime);
  const receiveBody = bodyReceiver({
    budget: bodyMemory === undefined ? undefined : bodyBudget(bodyMemory, bodyLimit, refusals),
    turn: loopTurns(piecesPerTurn),
    networkOf: ({ ip }) => networkOf(ip),
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", receiveBody);
  server.decorate("parseLargeJson", largeJson.parse);
  server.decorateRequest("bodyOwner", undefined);
  server.decorateRequest("largeBody", undefined);
  server.decorateRequest("freeBody", undefined);
  return largeJson;
}

/** Treats a request with `Expect` as one without it, and answers one for a tunnel (CONNECT) with 404. */
function answerExpectAndConnect(server: HttpServer, newIdentifier: IdentifierSource): void {
  server.on("checkExpectation", (request, response) => server.emit("request", request, response));
  server.on("connect", (_request, socket: Socket) => answerRaw(socket, notFound(), newIdentifier()));
}
