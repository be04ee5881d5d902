import type { FastifyInstance } from "fastify";
import { authentication } from "./api/connector/authentication.ts";
import { connectorRoutes } from "./api/connector/connector-routes.ts";
import { operations } from "./api/connector/operations.ts";
import { publishedOperations } from "./api/connector/published.ts";
import { connectorSocket } from "./api/connector/socket.ts";
import { staffOperations } from "./api/staff/operations.ts";
import { staffServer } from "./api/staff/staff-server.ts";
import type { Config } from "./config/config.ts";
import { type Clock, systemClock } from "./core/clock.ts";
import { type IdentifierSource, uuidv7Source } from "./core/identifiers.ts";
import { unavailable } from "./core/problem.ts";
import type { SecretBox } from "./core/secret-box.ts";
import { type SocketPatience, socketPatience, socketServer } from "./delivery/sockets/socket-server.ts";
import { type CallWebhook, defaultCallTimeout, type TimeLimit, webhookCaller } from "./delivery/webhooks/call.ts";
import { type Destinations, destinations, type Lookup } from "./delivery/webhooks/destination.ts";
import { type WorkerPatience, webhookWorker, workerPatience } from "./delivery/webhooks/worker.ts";
import { requestCounter } from "./http/rate-limit.ts";
import { refusalInterval, refusals } from "./http/refusals.ts";
import type { RequestLog } from "./http/request-log.ts";
import { createServer, type Server } from "./http/server.ts";
import { healthRoutes } from "./ops/health.ts";
import { prepared } from "./ops/readiness.ts";
import { openSecretBox } from "./ops/secret-key.ts";
import { inboxPageRoutes } from "./pages/inbox.ts";
import { type PublicTokens, referenceRoutes } from "./pages/reference.ts";
import { formatDateTime } from "./protocol/date-time.ts";
import { searchIndexer } from "./staff/search/indexer.ts";
import { summarizer } from "./staff/search/summarizer.ts";
import type { Db } from "./store/db.ts";
import { claimInstallation } from "./store/directory/installation.ts";
import { migrate } from "./store/migrations/migrations.ts";
import type { Parts } from "./store/parts.ts";
import { searchTime as defaultSearchTime } from "./store/search/search.ts";
import { openStore, storeOn } from "./store/store.ts";
import { holdWebhooks, webhooksHeldSince } from "./store/webhooks/hold.ts";

const defaultStopTimeout = 10_000;

/** What the sandbox adds; `innbox serve` never loads any of it. */
export interface Sandbox {
  /** Fills the database; runs after the migrations and before the first request. */
  prepare(parts: Parts): Promise<void>;
  /** Runs before any other route is added. */
  addRoutes(server: FastifyInstance, parts: Parts): void;
  /** Stands between the webhooks' worker and those who are called. */
  aroundWebhooks?(call: CallWebhook): CallWebhook;
  readonly publicTokens: PublicTokens;
}

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
  readonly sandbox?: Sandbox;
  /** Adds the page at `/`. */
  readonly addPages?: (server: FastifyInstance) => void;
  /** A database that is open already, in place of the one that the configuration names. */
  readonly db?: Db;
  /** Has somebody else listen, and hand over what comes. @returns where */
  readonly listen?: (server: Server) => Promise<string>;
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

export interface App extends Parts {
  /** Where it listens, as in `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Resolves once the database can be used, which a server on PostgreSQL may have to wait for. */
  readonly ready: Promise<void>;
  /** Looks for what is due now, as is needed once the clock has been moved. */
  wake(): void;
  /** Resolves once no webhook is due, nor on its way from this server. */
  settled(): Promise<void>;
  /** Resolves once a search finds everything that was committed before the call. */
  indexed(): Promise<void>;
  /** What webhooks' secrets are sealed with. */
  secretBox(): Promise<SecretBox>;
  /** Where webhooks may go. */
  readonly destinations: Destinations;
  /** Finishes what is under way and closes everything; every acknowledged write is on the disk already. */
  stop(): Promise<void>;
}

/**
 * Wires all parts and starts to listen.
 * @throws Problem (unavailable), with the way out, when the database or the port can't be used
 */
export async function startApp(config: Config, options: AppOptions): Promise<App> {
  const clock = options.clock ?? systemClock;
  const newIdentifier = options.newIdentifier ?? uuidv7Source(clock);
  const { stopTimeout = defaultStopTimeout, lockPatience } = options;
  const databaseOptions = { ...config, note: options.log.note, ...(lockPatience !== undefined && { lockPatience }) };
  const store = options.db ? storeOn(options.db, clock) : openStore(config.database, clock, databaseOptions);
  try {
    const parts: Parts = { store, clock, newIdentifier };
    const kind = options.sandbox ? "sandbox" : "production";
    const readiness = await prepared(store.db, options.log.note, async () => {
      await migrate(store.db, clock, config.databasePartitions);
      await claimInstallation(store.db, kind);
      await options.sandbox?.prepare(parts);
      if (options.holdsWebhooks) await holdWebhooks(store.db, clock());
      return openSecretBox(config, store.db);
    });

    const refused = refusals(options.log.note, refusalInterval);
    const server = createServer({
      ...config,
      newIdentifier,
      log: options.log,
      refusals: refused,
      refusal: readiness.refusal,
    });
    options.sandbox?.addRoutes(server.fastify, parts);
    const authenticate = authentication(store.db, clock);
    const countStranger = requestCounter(config.rateLimit, clock);
    const { isStrict = false } = options;
    const offered = isStrict ? publishedOperations(operations) : operations;
    connectorRoutes(server.fastify, {
      ...parts,
      operations: offered,
      authenticate,
      countRequest: requestCounter(config.rateLimit, clock),
      countStranger,
    });
    const failed = (error: unknown) => options.log.failed(undefined, error);
    const ofSockets = { ...socketPatience, ...options.socketPatience };
    const sockets = socketServer({
      ...parts,
      isStrict,
      failed,
      patience: ofSockets,
      limits: { all: config.socketLimit, token: config.tokenSocketLimit },
      refused: refused.count,
      note: options.log.note,
    });
    connectorSocket(server, { sockets, authenticate, countStranger, isStrict });
    const { lookup, random = Math.random, callTimeout = defaultCallTimeout } = options;
    const rules = { kind, allow: config.webhookAllow, timeout: callTimeout, ...(lookup && { lookup }) } as const;
    const reachable = destinations(rules);
    const stopStaff = staffServer(server, {
      ...parts,
      secretBox: () => readiness.result,
      destinations: reachable,
      publicUrl: config.publicUrl,
      searchTime: options.searchTime ?? defaultSearchTime,
      failed,
    });
    healthRoutes(server.fastify, store, readiness.refusal, options.damage ?? noneKnown);
    inboxPageRoutes(server.fastify, { isFramed: kind === "sandbox" });
    referenceRoutes(server.fastify, offered, staffOperations, options.sandbox?.publicTokens, isStrict);
    options.addPages?.(server.fastify);

    const url = await (options.listen?.(server) ?? listenAt(server.fastify, config));
    const caller = webhookCaller(reachable, callTimeout, options.timeLimit);
    const call = options.sandbox?.aroundWebhooks?.(caller.call) ?? caller.call;
    const { attempted, note } = options.log;
    const ofWorker = { ...workerPatience, ...options.workerPatience };
    let stopped: Promise<void> | undefined;
    const working = readiness.result.then((secretBox) =>
      webhookWorker({ ...parts, random, secretBox, call, attempted, note, patience: ofWorker }),
    );
    readiness.result.then(() => noteHold(store.db, note)).catch(() => undefined);
    const summarizing = readiness.result.then(() => summarizer(store.db, failed)).catch(() => undefined);
    const indexing = readiness.result.then(() => searchIndexer(store, failed)).catch(() => undefined);
    const worker = () => working.catch(() => undefined);
    working.catch((error: unknown) => {
      if (!stopped) failed(error);
    });

    const ready = working.then(() => undefined);
    // A caller that does not wait for it must not end the process when it fails.
    ready.catch(() => undefined);

    async function stop(): Promise<void> {
      readiness.stop();
      sockets.stop();
      stopStaff();
      await Promise.all([
        server.stop(stopTimeout),
        worker().then((started) => started?.stop()),
        summarizing.then((started) => started?.stop()),
        indexing.then((started) => started?.stop()),
      ]);
      refused.stop();
      await caller.close();
      await store.close();
    }
    return {
      ...parts,
      url,
      ready,
      wake: () => void worker().then((started) => started?.wake()),
      settled: async () => (await worker())?.settled(),
      indexed: async () => (await indexing)?.settled(),
      secretBox: () => readiness.result,
      destinations: reachable,
      stop: () => {
        stopped ??= stop();
        return stopped;
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function noneKnown(): Promise<undefined> {}

/** Reminds the operator at each start. */
async function noteHold(db: Db, note: (message: string) => void): Promise<void> {
  const since = await webhooksHeldSince(db);
  if (since === undefined) return;
  note(`Webhooks are held since ${formatDateTime(since)}: none is sent until innbox webhook release.`);
}

const listenProblems: Readonly<Record<string, (config: Pick<Config, "host" | "port">) => string>> = {
  EADDRINUSE: ({ port }) => `Port ${port} is in use. Stop the other program, or choose another port with --port.`,
  EACCES: ({ port }) => `Port ${port} is not open to this user. Choose one above 1023 with --port.`,
  EADDRNOTAVAIL: ({ host }) => `This machine has no address ${host}. Choose another with --host.`,
  ENOTFOUND: ({ host }) => `The host name ${host} is not known here. Choose another with --host.`,
};

/** Listens where the configuration says. @returns the address @throws Problem (unavailable) with the way out */
export async function listenAt(server: FastifyInstance, config: Pick<Config, "host" | "port">): Promise<string> {
  try {
    await server.listen({ port: config.port, host: config.host });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const message = listenProblems[code]?.(config);
    throw message ? unavailable(message, error) : error;
  }
  const address = server.server.address();
  const port = typeof address === "object" && address ? address.port : config.port;
  const isEverywhere = ["0.0.0.0", "::"].includes(config.host);
  const host = isEverywhere ? "127.0.0.1" : config.host;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
