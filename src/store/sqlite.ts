import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { Problem, unavailable } from "../errors.ts";
import type { Db, Transaction, Value } from "./db.ts";

const pragmas = `
  PRAGMA busy_timeout = 5000;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA cache_size = -8192;
`;

/**
 * Opens the file at `path`, making it and its folder when they are missing. Two connections: readers never see an
 * unfinished transaction and never wait for one.
 * @throws Problem (unavailable) with the way out, when the file can't be used
 */
export function openSqlite(path: string): Db {
  const writer = connect(path);
  const reader = connect(path);
  let last: Promise<unknown> = Promise.resolve();

  const transaction: Transaction = {
    all: async <R>(statement: string, ...parameters: readonly Value[]) =>
      writer.prepared(statement).all(...parameters) as R[],
    run: async (statement, ...parameters) => {
      writer.prepared(statement).run(...parameters);
    },
    script: async (statements) => writer.database.exec(statements),
  };

  async function inTransaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T> {
    try {
      writer.prepared("BEGIN IMMEDIATE").run();
      const result = await work(transaction);
      writer.prepared("COMMIT").run();
      return result;
    } catch (error) {
      if (writer.database.isTransaction) writer.database.exec("ROLLBACK");
      throw problemOf(error);
    }
  }

  return {
    all: async <R>(statement: string, ...parameters: readonly Value[]) => {
      try {
        return reader.prepared(statement).all(...parameters) as R[];
      } catch (error) {
        throw problemOf(error);
      }
    },
    transaction: (work) => {
      const result = last.then(() => inTransaction(work));
      last = result.catch(() => undefined);
      return result;
    },
    close: () => {
      reader.database.close();
      writer.database.close();
    },
  };
}

interface Connection {
  readonly database: DatabaseSync;
  prepared(statement: string): StatementSync;
}

function connect(path: string): Connection {
  const database = openFile(path);
  const statements = new Map<string, StatementSync>();
  return {
    database,
    prepared: (text) => {
      let statement = statements.get(text);
      if (!statement) {
        statement = database.prepare(text);
        statements.set(text, statement);
      }
      return statement;
    },
  };
}

function openFile(path: string): DatabaseSync {
  try {
    makeFolder(dirname(path));
    const isNew = !existsSync(path);
    const database = new DatabaseSync(path);
    // Guests' messages are nobody else's business; SQLite gives its other files the mode of this one.
    if (isNew) chmodSync(path, 0o600);
    database.exec(pragmas);
    return database;
  } catch (error) {
    const problem = problemOf(error);
    if (problem instanceof Problem && problem.message === damaged) throw problem;
    throw unavailable(
      `The database ${path} can't be opened (${reasonOf(error)}). Check that the folder may be written to and that ` +
        "the file is an Innbox database, or name another with --database.",
      error,
    );
  }
}

/** Folder by folder: Node's own recursion does not end where a system refuses to make one, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const damaged = "The database is damaged: stop the server, keep a copy of the file, and restore a backup.";

/** Primary result codes of SQLite that speak of the machine and not of the statement. */
const troubles: Readonly<Record<number, string>> = {
  5: "The database can't be used right now: another program has locked it.",
  6: "The database can't be used right now: it is locked.",
  8: "The database can't be written to: it is read-only.",
  10: "The database can't be used right now: its disk can't be read or written.",
  11: damaged,
  13: "The database can't take more: its disk is full.",
  14: "The database can't be opened.",
  26: "The file is not a database.",
};

/** What the caller may hear of a failure: a Problem (unavailable) where the machine is to blame. */
function problemOf(error: unknown): unknown {
  if (!(error instanceof Error && "errcode" in error && typeof error.errcode === "number")) return error;
  const trouble = troubles[error.errcode & 0xff];
  return trouble ? unavailable(trouble, error) : error;
}
