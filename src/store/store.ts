import type { Clock } from "../core/clock.ts";
import { databasePlace } from "../core/database-place.ts";
import type { Deadline } from "../core/deadline.ts";
import { nilIdentifier } from "../core/identifiers.ts";
import { Problem } from "../core/problem.ts";
import type { Db, DeadlineDb } from "./db.ts";
import { openPostgres, type PostgresOptions } from "./engines/postgres/postgres.ts";
import { openSqlite, type SqliteOptions } from "./engines/sqlite/sqlite.ts";
import type { LogChange } from "./log/property-log.ts";
import { type WriteQueue, writeQueue } from "./writing/write-queue.ts";
import type { Writer } from "./writing/writes.ts";

/** All that an operation has of a store: what it reads and writes ends with the deadline of its request. */
export interface CallDb extends DeadlineDb, Writer {}

/** Everything that is kept: the database for what is read, and the one way to write to a property's log. */
export interface Store extends WriteQueue {
  readonly db: Db;
  /** What the operation of a request gets in place of the store. */
  until(deadline: Deadline): CallDb;
  /** Has `listener` told of what this process commits, and of what others say they have: hints that save waiting. */
  onCommit(listener: (changes: readonly LogChange[]) => void): void;
  /** Tells the other processes on this database something that is nobody's but theirs: a hint, which may get lost. */
  tell(message: object): void;
  /** Has `listener` told what other processes tell. */
  onTold(listener: (message: object) => void): void;
  /** Why the database would not take the last write, if that was only just now. */
  trouble(): string | undefined;
  close(): Promise<void>;
}

/** How long a refused write tells of the next one, in milliseconds: who sends requests elsewhere tries again then. */
const troubleTime = 10_000;

export interface DatabaseOptions extends PostgresOptions, SqliteOptions {}

const defaultOptions: DatabaseOptions = { databaseConnections: 10, databasePrepare: true };

/** How many changes fit into one notification, which may have 8,000 bytes. */
const maxChanges = 50;

/**
 * Opens the database that a URL names.
 * @throws Problem when the URL is of another kind or the file can't be used
 */
export function openStore(url: string, clock: Clock, options: DatabaseOptions = defaultOptions): Store {
  return storeOn(openDatabase(url, options), clock);
}

/** The same on a database that is open already; closing the store closes it. */
export function storeOn(db: Db, clock: Clock): Store {
  const listeners: ((changes: readonly LogChange[]) => void)[] = [];
  const toldListeners: ((message: object) => void)[] = [];
  const announce = (changes: readonly LogChange[]) => {
    for (const listener of listeners) listener(changes);
  };
  const { write } = writeQueue(db, clock, (changes) => {
    announce(changes);
    // What no client waits for is found by looking.
    const urgent = changes.filter(({ clientId }) => clientId !== nilIdentifier);
    for (let index = 0; index < urgent.length; index += maxChanges) {
      db.notify(JSON.stringify(urgent.slice(index, index + maxChanges)));
    }
  });
  let isListening = false;
  /** Begins with the first who wants to know. */
  function listen(): void {
    if (isListening) return;
    isListening = true;
    db.onNotification((text) => {
      const message = messageIn(text);
      if (Array.isArray(message)) announce(message.filter(isLogChange));
      else if (message) for (const listener of toldListeners) listener(message);
    });
  }
  let refused: { readonly why: string; readonly at: number } | undefined;
  /** Remembers for a while that the database refused a write. */
  const watchedWrite: WriteQueue["write"] = async (...asked) => {
    try {
      const written = await write(...asked);
      refused = undefined;
      return written;
    } catch (error) {
      const isTrouble = error instanceof Problem && error.kind === "unavailable" && error.cause !== undefined;
      if (isTrouble) refused = { why: error.message, at: performance.now() };
      throw error;
    }
  };
  return {
    db,
    write: watchedWrite,
    until: (deadline) => ({ ...db.until(deadline), write: (write) => watchedWrite(write, deadline) }),
    trouble: () => (refused && performance.now() - refused.at < troubleTime ? refused.why : undefined),
    onCommit: (listener) => {
      listen();
      listeners.push(listener);
    },
    tell: (message) => db.notify(JSON.stringify(message)),
    onTold: (listener) => {
      listen();
      toldListeners.push(listener);
    },
    close: db.close,
  };
}

/** What another process has said; `undefined` for what is not ours, such as a later version's. */
function messageIn(text: string): object | undefined {
  try {
    const message: unknown = JSON.parse(text);
    return typeof message === "object" && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
}

function isLogChange(change: unknown): change is LogChange {
  const { enterpriseId, clientId } = (change ?? {}) as Partial<LogChange>;
  return typeof enterpriseId === "string" && typeof clientId === "string";
}

/** Opens a database by itself, for who reads and writes whole tables. @throws as `openStore` does */
export function openDatabase(url: string, options: DatabaseOptions = defaultOptions): Db {
  const place = databasePlace(url);
  return place.engine === "sqlite" ? openSqlite(place.path, options) : openPostgres(place.url, options);
}
