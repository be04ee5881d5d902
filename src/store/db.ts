/** What a parameter or a column may hold. Integers stay within Number.MAX_SAFE_INTEGER. */
export type Value = string | number | null | Uint8Array;

/** Runs statements with numbered parameters (`?1`, `?2`, …), prepared once per text. */
export interface Reader {
  all<R>(statement: string, ...parameters: readonly Value[]): Promise<R[]>;
}

export interface Transaction extends Reader {
  run(statement: string, ...parameters: readonly Value[]): Promise<void>;
  /** Runs several statements without parameters, as migrations have them. */
  script(statements: string): Promise<void>;
}

/**
 * One database. Reads see what was committed before they began; a transaction is durable when its promise resolves and
 * leaves no trace when it rejects. Failures of the database itself are Problems (unavailable).
 */
export interface Db extends Reader {
  /** Several reads that see the same moment; `work` must not wait for anything but its own reads. */
  snapshot<T>(work: (reader: Reader) => Promise<T>): Promise<T>;
  /** Transactions run one after the other; `work` must not wait for anything but its own statements. */
  transaction<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  close(): void;
}

/** The first row, or `undefined`. */
export async function first<R>(reader: Reader, statement: string, ...parameters: readonly Value[]) {
  const [row] = await reader.all<R>(statement, ...parameters);
  return row;
}
