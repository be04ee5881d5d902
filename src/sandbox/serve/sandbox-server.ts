import type { IncomingMessage } from "node:http";
import { controlRoutes } from "../../api/sandbox/control.ts";
import type { Config } from "../../config/config.ts";
import { systemClock } from "../../core/clock.ts";
import { uuidv7Source } from "../../core/identifiers.ts";
import { Problem, unavailable } from "../../core/problem.ts";
import { answerRaw } from "../../http/client-error.ts";
import { notFound } from "../../http/exact-path.ts";
import { refusalInterval, refusals } from "../../http/refusals.ts";
import type { RequestLog } from "../../http/request-log.ts";
import { createServer, type Server } from "../../http/server.ts";
import { listenAt, urlOf } from "../../listen.ts";
import { defaultWorld, worldNameOf } from "../worlds/world-names.ts";
import type { Exchange, Worlds } from "../worlds/worlds.ts";
import { type Emitter, openFrontDoor } from "./front-door.ts";
import type { SandboxAppOptions, StartedWorld } from "./start-world.ts";
import { openWorlds } from "./worlds.ts";

export interface SandboxServerOptions extends SandboxAppOptions {
  /** Keeps everything in memory, and not in the database that the configuration names. */
  readonly isInMemory?: boolean;
}

/** A sandbox that listens nowhere yet. Who composes it adds pages of its own before it does. */
export interface SandboxServer {
  /** Serves what is the sandbox's own and not a world's. */
  readonly server: Server;
  readonly worlds: Worlds<StartedWorld>;
  /** The world of requests that name none. */
  world(): Promise<StartedWorld>;
  /**
   * Listens where the configuration says, and starts the default world. A sandbox that can't do either is stopped.
   * @returns the address @throws Problem (unavailable), with the way out
   */
  listen(): Promise<string>;
  stop(): Promise<void>;
}

/** How long requests under way may take to end when the server stops, in milliseconds. */
const stopTimeout = 10_000;

/** The largest import, in bytes: no string is much longer. */
const bodyLimit = 500_000_000;

/** Addresses that are the sandbox's own and not a world's. */
const ownAddress = /^\/(?:sandbox\/|openapi-sandbox\.json(?:\?|$)|\?|$)/;

/** Composes a sandbox: one server for all of its worlds and for what is done to them. */
export function createSandboxServer(config: Config, options: SandboxServerOptions): SandboxServer {
  const { log, isInMemory = false } = options;
  const newIdentifier = uuidv7Source(systemClock);
  const refused = refusals(log.note, refusalInterval);
  const server = createServer({
    ...config,
    bodyLimit,
    // Imports are large, and come from this machine alone.
    bodyMemory: undefined,
    newIdentifier,
    log,
    refusals: refused,
    refusal: () => undefined,
  });
  // For `localhost`, Fastify would listen with a server for each of its addresses, and only one has the front door.
  const place = { ...config, host: config.host === "localhost" ? "127.0.0.1" : config.host };
  const worlds = openWorlds({ ...options, config, url: () => urlOf(server.fastify, place), isInMemory });
  const world = () => worlds.find(defaultWorld);
  controlRoutes(server.fastify, worlds);
  // Such connections are a world's; without this, they would be taken for ordinary requests.
  server.onUpgrade("/ws/connector", async () => {
    throw notFound();
  });
  openFrontDoor(server.fastify.server, async (request, exchange) => {
    if (ownAddress.test(request.url ?? "")) return undefined;
    return serverOfWorld(worlds, request, exchange).catch((error: unknown) => {
      answerRaw(request.socket, refusalOf(error, log), newIdentifier());
      return answered;
    });
  });

  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= worlds
      .stop()
      .then(() => server.stop(stopTimeout))
      .finally(refused.stop);
    return stopped;
  };
  const listen = async () => {
    try {
      const url = await listenAt(server.fastify, place);
      await world();
      return url;
    } catch (error) {
      await stop();
      throw error;
    }
  };
  return { server, worlds, world, listen, stop };
}

async function serverOfWorld(worlds: Worlds<StartedWorld>, request: IncomingMessage, exchange: Exchange) {
  const { app } = await worlds.find(worldNameOf(request), exchange);
  return app.server.fastify.server;
}

/** What requests are handed to that have been answered already: it ignores them. */
const answered: Emitter = { emit: () => true };

function refusalOf(error: unknown, log: RequestLog): Problem {
  if (error instanceof Problem) return error;
  log.failed(undefined, error);
  return unavailable("The world could not be made.");
}
