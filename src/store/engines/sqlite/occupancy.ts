import { chmodSync, existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { databasePlace } from "../../../core/database-place.ts";
import { unavailable } from "../../../core/problem.ts";
import { codeOf } from "./connection.ts";
import { cannotOpen, makeFolder } from "./sqlite.ts";

/** A server's mark on a database file, which lasts until it is released or the process ends, however it ends. */
export interface Occupancy {
  release(): void;
}

export interface OccupyOptions {
  /** Lets others work on the file too. */
  readonly isShared: boolean;
  /** How long another server may take to end, in milliseconds. It holds up the whole process, which serves no request yet. */
  readonly patience?: number;
}

/**
 * Marks a database file as one that a server works on. Node can't lock files, and SQLite can: the mark is a lock on an
 * empty database beside the file, which the system takes away with the process, and which containers see that share the
 * volume. A server that shares the file has the lock of a reader. One that does not first takes the lock that no
 * other server may have, to see whether there are others, and then keeps that of a writer, which leaves room for readers.
 * @throws Problem (unavailable) when another server works on it and `isShared` is not set
 */
export function occupyDatabase(url: string, { isShared, patience = 1000 }: OccupyOptions): Occupancy {
  const place = databasePlace(url);
  if (place.engine === "postgres") return { release: () => undefined };
  const file = realPath(place.path);
  let lock: DatabaseSync | undefined;
  try {
    const opened = openLock(`${file}.lock`, patience);
    lock = opened;
    if (isShared) {
      opened.exec("BEGIN; SELECT 1 FROM sqlite_schema");
    } else {
      opened.exec("BEGIN EXCLUSIVE; ROLLBACK");
      opened.exec("BEGIN IMMEDIATE");
    }
    held.add(opened);
    const release = () => {
      held.delete(opened);
      opened.close();
    };
    return { release };
  } catch (error) {
    lock?.close();
    if (codeOf(error) !== busy) throw cannotOpen(place.path, error);
    throw unavailable(`Another server works on ${file} already.`, undefined, { code: "databaseOccupied" });
  }
}

/** Memory that nothing refers to is cleared, which closes a database, and its lock is gone. */
const held = new Set<DatabaseSync>();

/** SQLite's code for a lock that somebody else has. */
const busy = 5;

function openLock(path: string, patience: number): DatabaseSync {
  makeFolder(dirname(path));
  const lock = new DatabaseSync(path, { timeout: patience });
  chmodSync(path, 0o600);
  // Nothing is ever written to it, so it needs no file of a journal beside it.
  lock.exec("PRAGMA journal_mode = MEMORY");
  return lock;
}

/** The most links that Linux follows for one name. */
const mostLinks = 40;

/** The same for every name of a file, be it there already or not: a link may lead to a place that has no file yet. */
function realPath(path: string, links = mostLinks): string {
  if (existsSync(path)) return realpathSync(path);
  const folder = dirname(resolve(path));
  const place = join(existsSync(folder) ? realpathSync(folder) : folder, basename(path));
  const isLink = lstatSync(place, { throwIfNoEntry: false })?.isSymbolicLink();
  return isLink && links > 0 ? realPath(resolve(dirname(place), readlinkSync(place)), links - 1) : place;
}
