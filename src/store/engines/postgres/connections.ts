import { Socket } from "node:net";
import pg from "pg";
import { postgresServers } from "../../../core/database-place.ts";
import { isLost } from "./problems.ts";

/** How long to wait for a server to answer, in milliseconds. */
const connectTimeout = 3000;

/** How long statements under way may take to end when everything is closed, in milliseconds. */
const closePatience = 1000;

const integer = 20;
const boolean = 16;
const numeric = 1700;
const json = 114;

/** Values come as the store knows them: integers as numbers, booleans as 0 and 1, JSON as text. */
const types = {
  getTypeParser: (id: number, format?: "text" | "binary") => {
    if (id === integer || id === numeric) return Number;
    if (id === boolean) return (text: string) => (text === "t" ? 1 : 0);
    if (id === json) return (text: string) => text;
    return pg.types.getTypeParser(id, format);
  },
};

/** Connections to one cluster: those for single reads are shared, those for transactions have one user at a time. */
export interface Connections {
  /** Uses a connection that others use too; its statements must not depend on those before. */
  shared<T>(work: (client: pg.ClientBase) => Promise<T>): Promise<T>;
  /**
   * A connection of one's own, to be released, with `true` when it is of no use any more.
   * @param patience  how long to wait until another user lets go of one, in milliseconds
   * @param late  what is thrown then
   */
  exclusive(patience: number, late: Error): Promise<pg.PoolClient>;
  /** How many of those there are at most. */
  readonly exclusives: number;
  /** A connection outside of the pools, for one caller, which ends it. */
  dedicated(): Promise<pg.Client>;
  close(): Promise<void>;
}

interface Shared {
  readonly client: Promise<pg.Client>;
  users: number;
}

type Greet = (client: pg.ClientBase) => Promise<void>;

interface Server {
  /** A new connection. `onEnd` is called when it is lost. */
  connect(onEnd?: () => void): Promise<pg.Client>;
  readonly pool: pg.Pool;
  readonly shared: Set<Shared>;
  /** Breaks all connections off. What is under way on them fails as it does when they are lost. */
  abandon(): void;
}

/**
 * Opens connections as they are needed, at most `count`, to the first of the servers that may be written to. When that
 * one is lost, the others are tried in turn: after a failover, the standby that has taken over.
 * @param keepsSessions  whether a connection stays the same one from one transaction to the next
 */
export function postgresConnections(url: string, count: number, keepsSessions: boolean): Connections {
  const exclusives = Math.max(1, Math.ceil((count - 1) / 2));
  const maxShared = Math.max(1, count - 1 - exclusives);
  const servers = postgresServers(url).map((server) => openServer(server, exclusives, keepsSessions));
  let current = 0;
  /** The one that took connections last. */
  let primary = 0;
  let isClosed = false;
  /** Ends the waits for connections that are in use. */
  const waiting = new Set<(error: Error) => void>();

  /** Goes on to the next server when one can't be reached or is a standby. */
  async function fromAny<T>(connect: (server: Server) => Promise<T>): Promise<T> {
    for (let tried = 1; ; tried += 1) {
      const index = current;
      const server = servers[index];
      if (!server || isClosed) throw new Error("The database is closed.");
      try {
        const connected = await connect(server);
        // A server that hangs does not say that it is none any more, and would be waited for.
        if (primary !== index) servers[primary]?.abandon();
        primary = index;
        return connected;
      } catch (error) {
        if (!isLost(error)) throw error;
        if (current === index) current = (index + 1) % servers.length;
        if (tried >= servers.length) throw error;
      }
    }
  }

  function leastUsed({ connect, shared }: Server): Shared {
    const least = [...shared].reduce<Shared | undefined>((a, b) => (a && a.users <= b.users ? a : b), undefined);
    if (least && (least.users === 0 || shared.size >= maxShared)) return least;
    const opened: Shared = { client: connect(() => shared.delete(opened)), users: 0 };
    shared.add(opened);
    opened.client.catch(() => shared.delete(opened));
    return opened;
  }

  return {
    exclusives,
    shared: async (work) => {
      const { slot, client } = await fromAny(async (server) => {
        const slot = leastUsed(server);
        slot.users += 1;
        try {
          return { slot, client: await slot.client };
        } catch (error) {
          slot.users -= 1;
          throw error;
        }
      });
      try {
        return await work(client);
      } finally {
        slot.users -= 1;
      }
    },
    exclusive: (patience, late) => fromAny(({ pool }) => inTime(pool.connect(), patience, late, waiting)),
    dedicated: () => fromAny(({ connect }) => connect()),
    close: async () => {
      isClosed = true;
      // The pool forgets those that wait for one of its connections.
      for (const end of waiting) end(new Error("The database is closed."));
      const patience = setTimeout(() => {
        for (const server of servers) server.abandon();
      }, closePatience);
      await Promise.all(
        servers.map(async ({ pool, shared }) => {
          await pool.end();
          for (const { client } of shared) await client.then((open) => open.end()).catch(() => undefined);
        }),
      );
      clearTimeout(patience);
    },
  };
}

function openServer(connectionString: string, max: number, keepsSessions: boolean): Server {
  const sockets = new Set<Socket>();
  const openSocket = () => {
    const socket = new Socket();
    sockets.add(socket);
    return socket.once("close", () => sockets.delete(socket));
  };
  const options = {
    connectionString,
    types,
    // Statements are sent on while the answers to those before are on their way.
    pipeline: true,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: connectTimeout,
    application_name: "innbox",
    stream: openSocket,
  };
  const greet = keepsSessions ? greetWith(planner) : mustBePrimary;
  const pool = new pg.Pool({ ...options, max, onConnect: greet, Client: PooledClient, connectionTimeoutMillis: 0 });
  // A statement on a lost connection fails by itself, and an idle one that is lost is replaced when it is needed.
  pool.on("connect", (client) => client.on("error", () => undefined));
  pool.on("error", () => undefined);
  const abandon = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { connect: (onEnd) => connectTo(options, greet, onEnd), pool, shared: new Set(), abandon };
}

/** To connect has a limit of its own: the pool's would also be one for those who wait until a connection is free. */
class PooledClient extends pg.Client {
  constructor(options?: pg.ClientConfig) {
    super({ ...options, connectionTimeoutMillis: connectTimeout });
  }
}

/** A caller that waits no longer leaves the connection to the next one. @param waiting  has what ends the wait */
async function inTime(
  connecting: Promise<pg.PoolClient>,
  patience: number,
  late: Error,
  waiting: Set<(error: Error) => void>,
): Promise<pg.PoolClient> {
  const { promise, reject } = Promise.withResolvers<never>();
  const end = (error: Error) => {
    reject(error);
    connecting.then((client) => client.release()).catch(() => undefined);
  };
  const timer = setTimeout(() => end(late), patience);
  waiting.add(end);
  try {
    return await Promise.race([connecting, promise]);
  } finally {
    clearTimeout(timer);
    waiting.delete(end);
  }
}

async function connectTo(
  options: pg.ClientConfig,
  greet: Greet,
  onEnd: () => void = () => undefined,
): Promise<pg.Client> {
  const client = new pg.Client(options);
  client.on("error", onEnd);
  client.on("end", onEnd);
  await client.connect();
  try {
    await greet(client);
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

/**
 * Every statement of the store has an index that serves it, and says in which order to look: plans are made once for
 * each, by that rule, and not by what the statistics of a table happen to be. Nothing depends on it but speed: behind a
 * pooler, whose connections are not ours alone, there is none of it.
 */
const planner = [
  "plan_cache_mode = force_generic_plan",
  ...["seqscan", "bitmapscan", "hashjoin", "mergejoin", "sort"].map((method) => `enable_${method} = off`),
  "jit = off",
];

function greetWith(settings: readonly string[]): Greet {
  return async (client) => {
    await client.query(settings.map((setting) => `SET ${setting}`).join("; "));
    await mustBePrimary(client);
  };
}

/** A standby answers reads of the past, and refuses writes. */
async function mustBePrimary(client: pg.ClientBase): Promise<void> {
  const { rows } = await client.query<{ is_standby: number }>("SELECT pg_is_in_recovery() AS is_standby");
  if (rows[0]?.is_standby) throw Object.assign(new Error("The server is a standby."), { code: "25006" });
}
