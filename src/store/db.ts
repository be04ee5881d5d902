import type { Deadline } from "../core/deadline.ts";
import type { Asked, Parameters, Query, Value } from "./query.ts";

export type { Value } from "./query.ts";

/** Column by column. */
export type Row = Readonly<Record<string, Value>>;

export type Engine = "sqlite" | "postgres";

/** Runs queries, which are prepared once per text. */
export interface Reader {
  all<R, P extends Parameters>(query: Query<R, P>, ...parameters: Asked<NoInfer<P>>): Promise<R[]>;
}

/**
 * Statements of a transaction run in the order in which they are asked for, whether or not the work waits for them. When
 * one of them fails, the transaction fails with that error, also when the work catches it.
 */
export interface Transaction extends Reader {
  /** An engine may report a failure only at the next read or at the end, so that the work need not wait in between. */
  run<P extends Parameters>(query: Query<unknown, P>, ...parameters: Asked<NoInfer<P>>): Promise<void>;
  /** Adds rows that all have the same columns, in as few statements as the engine can. Fails as `run` does. */
  insert(table: string, rows: readonly Row[]): Promise<void>;
  /**
   * Sets `columns` of rows that exist, each found by the columns of its `key`. Every row holds all columns of the table
   * that must not be null, also those that stay: PostgreSQL does this as INSERT … ON CONFLICT DO UPDATE. Fails as `run`
   * does.
   */
  update(table: string, key: readonly string[], columns: readonly string[], rows: readonly Row[]): Promise<void>;
  /** Runs several statements without parameters, as migrations have them. */
  script(statements: string): Promise<void>;
}

export interface Readers extends Reader {
  /** Several reads that see the same moment; `work` must not wait for anything but its own reads. */
  snapshot<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
}

/** Reads and transactions: all that a request or a command does with a database. */
export interface ReadWriter extends Readers {
  readonly engine: Engine;
  /**
   * Reads for searches, on connections of their own, so that no other read waits for them. Each may be planned as it likes.
   * They end with a Problem (timeout) when they take longer than so many milliseconds.
   */
  searchReader(milliseconds: number): Reader;
  /**
   * `work` must not wait for anything but its own statements, and is done again when the database asks for that.
   * @throws Problem (timeout) when it took too long, (unavailable) when the database can't take it
   */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
}

/**
 * The database as one request has it. Once the deadline has passed, a read, a snapshot, or a transaction, however many
 * statements it has, ends with a Problem (timeout), and no transaction begins its commit.
 */
export interface DeadlineDb extends ReadWriter {
  readonly deadline: Deadline;
}

/**
 * One database. Reads see what was committed before they began. A transaction is durable when its promise resolves and
 * leaves no trace when it rejects, unless the Problem says that it may have been committed. Failures of the database
 * itself are Problems (unavailable).
 */
export interface Db extends ReadWriter {
  /** How many transactions run at the same time. A caller that begins more has them wait for each other. */
  readonly maxTransactions: number;
  until(deadline: Deadline): DeadlineDb;
  /** @param milliseconds  how long each statement may take, the wait for other transactions included */
  transaction<T>(work: (transaction: Transaction) => Promise<T>, milliseconds?: number): Promise<T>;
  /** A sentence for the operator once a statement has met damage. It lasts, since a file does not mend itself. */
  damage(): string | undefined;
  /** Tells the other processes that share the database something short: a hint, which may get lost. */
  notify(message: string): void;
  /** Calls `listener` with each message of another process. */
  onNotification(listener: (message: string) => void): void;
  close(): Promise<void>;
}

/** The first row, or `undefined`. */
export async function firstRow<R, P extends Parameters>(
  reader: Reader,
  query: Query<R, P>,
  ...parameters: Asked<NoInfer<P>>
): Promise<R | undefined> {
  const [row] = await reader.all(query, ...parameters);
  return row;
}
