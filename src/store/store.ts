import type { Clock } from "../core/clock.ts";
import { databasePlace } from "../core/database-place.ts";
import type { Deadline } from "../core/deadline.ts";
import type { Db, DeadlineDb } from "./db.ts";
import { openPostgres, type PostgresOptions } from "./engines/postgres/postgres.ts";
import { openSqlite, type SqliteOptions } from "./engines/sqlite/sqlite.ts";
import { type Hints, hints } from "./hints.ts";
import { watchWrites } from "./write-trouble.ts";
import { type WriteQueue, writeQueue } from "./writing/write-queue.ts";
import type { Writer } from "./writing/writes.ts";

/** All that an operation has of a store: what it reads and writes ends with the deadline of its request. */
export interface CallDb extends DeadlineDb, Writer {}

/** Everything that is kept: the database for what is read, and the one way to write to a property's log. */
export interface Store extends WriteQueue, Omit<Hints, "committed"> {
  readonly db: Db;
  /** What the operation of a request gets in place of the store. */
  until(deadline: Deadline): CallDb;
  /** Why the database refused the last write, if it did so within the last ten seconds. */
  trouble(): string | undefined;
  close(): Promise<void>;
}

export interface DatabaseOptions extends PostgresOptions, SqliteOptions {}

const defaultOptions: DatabaseOptions = { databaseConnections: 10, databasePrepare: true };

/**
 * Opens the database that a URL names.
 * @throws Problem when the URL is of another kind or the file can't be used
 */
export function openStore(url: string, clock: Clock, options: DatabaseOptions = defaultOptions): Store {
  return storeOn(openDatabase(url, options), clock);
}

/** The same on a database that is open already; closing the store closes it. */
export function storeOn(db: Db, clock: Clock): Store {
  const { committed, ...others } = hints(db);
  const { write, trouble } = watchWrites(writeQueue(db, clock, committed).write);
  const until = (deadline: Deadline): CallDb => ({
    ...db.until(deadline),
    write: (asked) => write(asked, deadline),
  });
  return { db, write, until, trouble, ...others, close: db.close };
}

/** Opens a database alone, for what reads and writes whole tables. @throws as `openStore` does */
export function openDatabase(url: string, options: DatabaseOptions = defaultOptions): Db {
  const place = databasePlace(url);
  return place.engine === "sqlite" ? openSqlite(place.path, options) : openPostgres(place.url, options);
}
