import type { FastifyInstance } from "fastify";
import { controlRoutes } from "../../api/sandbox/control.ts";
import { type AppOptions, listenAt, type PatienceOptions, type Sandbox } from "../../app.ts";
import type { Config } from "../../config/config.ts";
import { systemClock } from "../../core/clock.ts";
import { uuidv7Source } from "../../core/identifiers.ts";
import { Problem, unavailable } from "../../core/problem.ts";
import { answerRaw } from "../../http/client-error.ts";
import { notFound } from "../../http/exact-path.ts";
import { refusalInterval, refusals } from "../../http/refusals.ts";
import type { RequestLog } from "../../http/request-log.ts";
import { createServer } from "../../http/server.ts";
import { defaultWorld, worldNameOf } from "../worlds/world-names.ts";
import type { Worlds } from "../worlds/worlds.ts";
import { openFrontDoor } from "./front-door.ts";
import type { StartedWorld } from "./start-world.ts";
import { openWorlds } from "./worlds.ts";

export interface SandboxServerOptions
  extends PatienceOptions,
    Pick<AppOptions, "log" | "random" | "lookup" | "isStrict"> {
  readonly sandbox: Pick<Sandbox, "prepare" | "publicTokens">;
  /** Keeps everything in memory, and not in the database that the configuration names. */
  readonly isInMemory?: boolean;
  /** Adds the page at `/`. */
  readonly addPages?: (server: FastifyInstance) => void;
}

/** A sandbox that listens. */
export interface SandboxServer {
  readonly url: string;
  readonly worlds: Worlds<StartedWorld>;
  /** The world that is asked by those who name none. */
  world(): Promise<StartedWorld>;
  stop(): Promise<void>;
}

/** How long requests under way may take to end when the server stops, in milliseconds. */
const stopTimeout = 10_000;

/** The largest import, in bytes: no string is much longer. */
const bodyLimit = 500_000_000;

/** Addresses that are the sandbox's own and not a world's. */
const ownAddress = /^\/(?:sandbox\/|openapi-sandbox\.json(?:\?|$)|\?|$)/;

/**
 * Starts a sandbox: one server for all of its worlds and for what is done to them.
 * @throws Problem (unavailable), with the way out, when the database or the port can't be used
 */
export async function startSandboxServer(config: Config, options: SandboxServerOptions): Promise<SandboxServer> {
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
  const worlds = openWorlds({ ...options, config, url: () => url, isInMemory });
  controlRoutes(server.fastify, worlds);
  options.addPages?.(server.fastify);
  // Such connections are a world's; without this, they would be taken for ordinary requests.
  server.onUpgrade("/ws/connector", async () => {
    throw notFound();
  });
  openFrontDoor(server.fastify.server, async (request, exchange) => {
    if (ownAddress.test(request.url ?? "")) return undefined;
    try {
      return (await worlds.find(worldNameOf(request), exchange)).server;
    } catch (error) {
      answerRaw(request.socket, refusalOf(error, log), newIdentifier());
      return nobody;
    }
  });
  // One address alone: a server for each of a name's would have no front door.
  const host = config.host === "localhost" ? "127.0.0.1" : config.host;
  const url = await listenAt(server.fastify, { ...config, host });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= worlds
      .stop()
      .then(() => server.stop(stopTimeout))
      .finally(refused.stop);
    return stopped;
  };
  try {
    await worlds.find(defaultWorld);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, worlds, world: () => worlds.find(defaultWorld), stop };
}

/** Whom requests are handed to that are answered already. */
const nobody = { emit: () => true };

function refusalOf(error: unknown, log: RequestLog): Problem {
  if (error instanceof Problem) return error;
  log.failed(undefined, error);
  return unavailable("The world could not be made.");
}
