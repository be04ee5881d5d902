import type { Clock } from "../clock.ts";
import { invalid } from "../errors.ts";
import type { Db } from "./db.ts";
import { openSqlite } from "./sqlite.ts";
import type { LogChange } from "./write-group.ts";
import { type WriteQueue, writeQueue } from "./write-queue.ts";

/** Everything that is kept: the database for what is read, and the one way to write to a property's log. */
export interface Store extends WriteQueue {
  readonly db: Db;
  /** Has `listener` told of what this process commits, as a hint that saves waiting. */
  onCommit(listener: (changes: readonly LogChange[]) => void): void;
  close(): void;
}

/**
 * Opens the database that a URL names: `sqlite:` and a path, absolute or relative to the working folder.
 * @throws Problem when the URL is of another kind or the database can't be used
 */
export function openStore(url: string, clock: Clock): Store {
  const db = openSqlite(databasePath(url));
  const listeners: ((changes: readonly LogChange[]) => void)[] = [];
  const { write } = writeQueue(db, clock, (changes) => {
    for (const listener of listeners) listener(changes);
  });
  return { db, write, onCommit: (listener) => listeners.push(listener), close: db.close };
}

/** The file behind a database URL. @throws Problem (invalid) for a URL of another kind */
export function databasePath(url: string): string {
  const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/.exec(url)?.[1];
  if (path === undefined || /^(?::|file:)/.test(path))
    throw invalid("must be sqlite: and the path of a file, as in sqlite:data/innbox.db");
  return path;
}
