import { connectorServer } from "./api/connector/connector-server.ts";
import { connectorOperations } from "./api/connector/operations.ts";
import { publishedOperations } from "./api/connector/published.ts";
import { staffOperations } from "./api/staff/operations.ts";
import { staffServer } from "./api/staff/staff-server.ts";
import { backgroundWork } from "./background-work.ts";
import type { Config } from "./config/config.ts";
import { type Clock, systemClock } from "./core/clock.ts";
import { type IdentifierSource, uuidv7Source } from "./core/identifiers.ts";
import type { SecretBox } from "./core/secret-box.ts";
import { logWatch } from "./delivery/log-watch.ts";
import type { SocketPatience } from "./delivery/sockets/socket-server.ts";
import { type CallWebhook, defaultCallTimeout, type TimeLimit, webhookCaller } from "./delivery/webhooks/call.ts";
import { type Destinations, destinations, type Lookup } from "./delivery/webhooks/destination.ts";
import type { WorkerPatience } from "./delivery/webhooks/worker.ts";
import { refusalInterval, refusals } from "./http/refusals.ts";
import type { RequestLog } from "./http/request-log.ts";
import { createServer, type Server } from "./http/server.ts";
import { healthRoutes } from "./ops/health.ts";
import { prepared, type Readiness } from "./ops/readiness.ts";
import { openSecretBox } from "./ops/secret-key.ts";
import { inboxPageRoutes } from "./pages/inbox.ts";
import { type PublicTokens, referenceRoutes } from "./pages/reference.ts";
import type { Db } from "./store/db.ts";
import { claimInstallation, type InstallationKind } from "./store/directory/installation.ts";
import { migrate } from "./store/migrations/migrations.ts";
import type { Parts } from "./store/parts.ts";
import { searchTime as defaultSearchTime } from "./store/search/search.ts";
import { openStore, storeOn } from "./store/store.ts";
import { holdWebhooks } from "./store/webhooks/hold.ts";

const defaultStopTimeout = 10_000;

/** How long a server waits for others, in milliseconds. What is left out has its default. */
export interface PatienceOptions {
  /** For an endpoint's answer to a webhook; five seconds by default. */
  readonly callTimeout?: number;
  /** Begins the limit of such a call; `AbortSignal.timeout` by default. */
  readonly timeLimit?: TimeLimit;
  readonly workerPatience?: Partial<WorkerPatience>;
  readonly socketPatience?: Partial<SocketPatience>;
  /** For requests under way to end when the server stops; ten seconds by default. */
  readonly stopTimeout?: number;
  /** For another program that holds a file of SQLite, before a write is refused; five seconds by default. */
  readonly lockPatience?: number;
  /** For a search, which then answers what it has found so far; a quarter of a second by default. */
  readonly searchTime?: number;
}

export interface AppOptions extends PatienceOptions {
  readonly log: RequestLog;
  /** A database belongs to one kind for ever. A real installation by default. */
  readonly kind?: InstallationKind;
  /** Fills the database after its migrations and before the first request. May be called again after a failure. */
  readonly seed?: (parts: Parts) => Promise<void>;
  /** What the reference shows as the tokens of a caller. */
  readonly publicTokens?: PublicTokens;
  /** A database that is open already, in place of the one that the configuration names. */
  readonly db?: Db;
  readonly clock?: Clock;
  readonly newIdentifier?: IdentifierSource;
  /** From 0 to 1, as `Math.random`. */
  readonly random?: () => number;
  /** Finds the hosts of webhooks, as `dns.lookup`. */
  readonly lookup?: Lookup;
  /** Leaves out all that goes beyond the published API: what the contract marks with (+). */
  readonly isStrict?: boolean;
  /** Has no webhook sent, by any server on the database, until `innbox webhook release`. */
  readonly holdsWebhooks?: boolean;
  /** What a check of the whole database has found damaged. The server is then not ready. */
  readonly damage?: () => Promise<string | undefined>;
}

/** A whole server that listens nowhere. Who composes it adds routes and hooks of its own before it is started. */
export interface App extends Parts {
  readonly server: Server;
  /** Sends a webhook. */
  readonly callWebhook: CallWebhook;
  /** Where webhooks may go. */
  readonly destinations: Destinations;
  /** What webhooks' secrets are sealed with. */
  secretBox(): Promise<SecretBox>;
  /**
   * Begins to serve what the server is handed, and to work in the background as soon as the database can be used.
   * @param call  sends the webhooks in place of `callWebhook`
   */
  start(call?: CallWebhook): Promise<void>;
  /** Resolves once it is started and the database can be used, which a server on PostgreSQL may have to wait for. */
  readonly ready: Promise<void>;
  /** Looks for what is due now, as is needed once the clock has been moved. */
  wake(): void;
  /** Resolves once no webhook is due, nor on its way from this server. */
  settled(): Promise<void>;
  /** Resolves once a search finds everything that was committed before the call. */
  indexed(): Promise<void>;
  /** Finishes what is under way and closes everything; every acknowledged write is on the disk already. */
  stop(): Promise<void>;
}

/**
 * Composes a server: opens and prepares its database, and adds all routes. It listens nowhere and does nothing by itself
 * until it is started. On a PostgreSQL that can't be used yet, it answers 503 and waits for it.
 * @throws Problem (unavailable), with the way out, when the database can't be used
 */
export async function createApp(config: Config, options: AppOptions): Promise<App> {
  const { log, lockPatience, clock = systemClock, newIdentifier = uuidv7Source(clock) } = options;
  const databaseOptions = { ...config, note: log.note, ...(lockPatience !== undefined && { lockPatience }) };
  const store = options.db ? storeOn(options.db, clock) : openStore(config.database, clock, databaseOptions);
  const parts: Parts = { store, clock, newIdentifier };
  try {
    const readiness = await prepared(store.db, log.note, async () => {
      await migrate(store.db, clock, config.databasePartitions);
      await claimInstallation(store.db, options.kind ?? "production");
      await options.seed?.(parts);
      if (options.holdsWebhooks) await holdWebhooks(store.db, clock());
      return openSecretBox(config, store.db);
    });
    return compose(config, options, parts, readiness);
  } catch (error) {
    await store.close();
    throw error;
  }
}

function compose(config: Config, options: AppOptions, parts: Parts, readiness: Readiness<SecretBox>): App {
  const { log, kind = "production", isStrict = false, lookup, callTimeout = defaultCallTimeout } = options;
  const { store, newIdentifier } = parts;
  const { refusal, result: secretBox } = readiness;
  const refused = refusals(log.note, refusalInterval);
  const server = createServer({ ...config, newIdentifier, log, refusals: refused, refusal });

  const watch = logWatch(store, (error) => log.failed(undefined, error));
  const shared = { ...parts, watch, log };
  const offered = isStrict ? publishedOperations(connectorOperations) : connectorOperations;
  const stopConnector = connectorServer(server, {
    ...shared,
    operations: offered,
    isStrict,
    rateLimit: config.rateLimit,
    socketLimits: { all: config.socketLimit, token: config.tokenSocketLimit },
    socketPatience: options.socketPatience,
    refusals: refused,
  });
  const reachable = destinations({ kind, allow: config.webhookAllow, timeout: callTimeout, ...(lookup && { lookup }) });
  const stopStaff = staffServer(server, {
    ...shared,
    secretBox: () => secretBox,
    destinations: reachable,
    publicUrl: config.publicUrl,
    searchTime: options.searchTime ?? defaultSearchTime,
  });
  healthRoutes(server.fastify, store, refusal, options.damage ?? noneKnown);
  inboxPageRoutes(server.fastify, { isFramed: kind === "sandbox" });
  referenceRoutes(server.fastify, offered, staffOperations, options.publicTokens, isStrict);

  const caller = webhookCaller(reachable, callTimeout, options.timeLimit);
  const { random = Math.random, workerPatience: patience } = options;
  const background = backgroundWork({ ...parts, secretBox, random, log, patience });

  async function stop(): Promise<void> {
    readiness.stop();
    stopConnector();
    stopStaff();
    watch.stop();
    await Promise.all([server.stop(options.stopTimeout ?? defaultStopTimeout), background.stop()]);
    refused.stop();
    await caller.close();
    await store.close();
  }
  let stopped: Promise<void> | undefined;
  return {
    ...parts,
    server,
    callWebhook: caller.call,
    destinations: reachable,
    secretBox: () => secretBox,
    start: async (call = caller.call) => {
      await server.fastify.ready();
      background.start(call);
    },
    ready: background.ready,
    wake: background.wake,
    settled: background.settled,
    indexed: background.indexed,
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

async function noneKnown(): Promise<undefined> {}
