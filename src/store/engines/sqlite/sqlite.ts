import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Problem, unavailable } from "../../../core/problem.ts";
import type { Db } from "../../db.ts";
import {
  type Connection,
  connectionTo,
  damaged,
  inTurn,
  isDamage,
  problemOf,
  readFrom,
  snapshotOn,
  transactionOn,
} from "./connection.ts";
import { untilDeadline } from "./deadline.ts";
import { sqliteSearchReader } from "./search-reader.ts";
import { openSearchThread } from "./search-thread.ts";

const pragmas = `
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA busy_timeout = 100;
`;

/** The upper pages of every index of some million threads, in KiB, so that a look-up reads its leaf only. */
const cacheOfIndexes = 16_384;

/** For long lists, which read each page once. */
const cacheOfLists = 4096;

/** How long a search may go on after its time is over, in milliseconds, before the next one gets a thread of its own. */
const patience = 2000;

export interface SqliteOptions {
  /** Tells the operator something. */
  readonly note?: (message: string) => void;
  /** How long another program may hold the file before a transaction fails, in milliseconds. */
  readonly lockPatience?: number;
}

/**
 * Opens the file at `path`, making it and its folder when they are missing. Readers have connections of their own, so
 * that they never see an unfinished transaction and never wait for one.
 * @throws Problem (unavailable) with the way out, when the file can't be used
 */
export function openSqlite(path: string, { note = () => undefined, lockPatience }: SqliteOptions = {}): Db {
  let damage: string | undefined;
  const noticed = (error: unknown) => {
    if (isDamage(error)) damage = damaged;
    return problemOf(error);
  };
  const writer = connect(path, cacheOfIndexes, noticed);
  const reader = connect(path, cacheOfIndexes, noticed);
  const snapshots = connect(path, cacheOfLists, noticed);
  const search = sqliteSearchReader({ openThread: () => openSearchThread(path), problemOf: noticed, patience, note });
  const snapshot = inTurn(snapshots, "BEGIN", snapshotOn);
  const transaction = inTurn(writer, "BEGIN IMMEDIATE", transactionOn, lockPatience);

  const all = readFrom(reader);
  return {
    engine: "sqlite",
    maxTransactions: 1,
    all,
    snapshot: (work) => snapshot(work, { isReading: true }),
    searchReader: search.reader,
    transaction: (work, milliseconds) => transaction(work, { milliseconds }),
    until: (deadline) => untilDeadline(deadline, { all, snapshot, transaction, searchReader: search.reader }),
    damage: () => damage,
    // Other processes on one file look for themselves.
    notify: () => undefined,
    onNotification: () => undefined,
    close: async () => {
      await search.close();
      for (const { database } of [snapshots, reader, writer]) database.close();
    },
  };
}

function connect(path: string, cache: number, problem: typeof problemOf): Connection {
  const database = openFile(path);
  database.exec(`PRAGMA cache_size = -${cache}`);
  return connectionTo(database, problem);
}

function openFile(path: string): DatabaseSync {
  try {
    makeFolder(dirname(path));
    const isNew = !existsSync(path);
    const database = new DatabaseSync(path);
    // No other user of the machine may read guests' messages. SQLite gives its other files the mode of this one.
    if (isNew) chmodSync(path, 0o600);
    database.exec(pragmas);
    return database;
  } catch (error) {
    const problem = problemOf(error);
    if (problem instanceof Problem && problem.subject?.code === "databaseDamaged") throw problem;
    throw cannotOpen(path, error);
  }
}

/** What the operator can do about a file that can't be opened, or about its folder. */
export function cannotOpen(path: string, error: unknown): Problem {
  const reason = error instanceof Error ? error.message : String(error);
  return unavailable(`The database ${path} can't be opened (${reason}).`, error, { code: "databaseFile" });
}

/** Folder by folder: Node's own recursion does not end where a system refuses to make one, as in /proc. */
export function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!existsSync(folder)) throw error;
  }
}
