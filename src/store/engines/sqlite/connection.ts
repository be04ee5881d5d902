import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setTimeout } from "node:timers/promises";
import { beginCommit, type Deadline, mustBeInTime } from "../../../core/deadline.ts";
import { tooLate, unavailable } from "../../../core/problem.ts";
import type { Reader, Row, Transaction } from "../../db.ts";
import type { AnyAsked, Parameter, Value } from "../../query.ts";

export interface Connection {
  readonly database: DatabaseSync;
  prepared(statement: string): StatementSync;
  exec(statements: string): void;
  /** What the caller may hear of a failure. */
  problemOf(error: unknown): unknown;
}

/** One connection, whose statements are prepared once each. */
export function connectionTo(database: DatabaseSync, problem = problemOf): Connection {
  const statements = new Map<string, StatementSync>();
  return {
    database,
    exec: (statements) => database.exec(statements),
    problemOf: problem,
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

/** Carries out a statement of a transaction, which a failure of it dooms. */
export type CarryOut = <R>(statement: () => R) => Promise<R>;

/** The statements of a transaction on one connection. */
export function transactionOn({ prepared, exec }: Connection, carryOut: CarryOut): Transaction {
  return {
    all: (...asked: AnyAsked) => carryOut(() => rowsOf(prepared, asked)),
    run: (...asked: AnyAsked) =>
      carryOut(() => {
        const { text, values } = statementOf(asked);
        prepared(text).run(...values);
      }),
    insert: (table, rows) =>
      carryOut(() => {
        const columns = Object.keys(rows[0] ?? {});
        if (columns.length > 0) runEach(prepared(insertText(table, columns)), columns, rows);
      }),
    update: (table, key, columns, rows) =>
      carryOut(() => runEach(prepared(updateText(table, key, columns)), [...columns, ...key], rows)),
    script: (statements) => carryOut(() => exec(statements)),
  };
}

/** Rows come as their query types them. */
export function rowsOf(prepared: Connection["prepared"], asked: AnyAsked): never[] {
  const { text, values } = statementOf(asked);
  return prepared(text).all(...values) as never[];
}

/** A query as `node:sqlite` takes it. To bind by names takes it longer than to look them up here. */
export function statementOf([query, parameters = {}]: AnyAsked): { readonly text: string; readonly values: Value[] } {
  return { text: query.sqlite.text, values: query.sqlite.names.map((name) => plainValue(parameters[name] ?? null)) };
}

/** Lists are JSON. */
function plainValue(parameter: Parameter): Value {
  return typeof parameter === "object" && parameter !== null && !(parameter instanceof Uint8Array)
    ? JSON.stringify(parameter)
    : parameter;
}

/** The reads of a snapshot on one connection. */
export function snapshotOn({ prepared }: Connection, carryOut: CarryOut): Reader {
  return { all: (...asked: AnyAsked) => carryOut(() => rowsOf(prepared, asked)) };
}

export function insertText(table: string, columns: readonly string[]): string {
  return `INSERT INTO ${table} (${columns.join(", ")}) VALUES (${columns.map((_, index) => `?${index + 1}`).join(", ")})`;
}

export function updateText(table: string, key: readonly string[], columns: readonly string[]): string {
  const values = columns.map((column, index) => `${column} = ?${index + 1}`).join(", ");
  const conditions = key.map((column, index) => `${column} = ?${columns.length + index + 1}`).join(" AND ");
  return `UPDATE ${table} SET ${values} WHERE ${conditions}`;
}

function runEach(statement: StatementSync, columns: readonly string[], rows: readonly Row[]): void {
  for (const row of rows) statement.run(...columns.map((column) => row[column] ?? null));
}

/** Reads on one connection. */
export function readFrom(connection: Pick<Connection, "prepared" | "problemOf">) {
  return async (...asked: AnyAsked) => {
    try {
      return rowsOf(connection.prepared, asked);
    } catch (error) {
      throw connection.problemOf(error);
    }
  };
}

/** How long a transaction may take. */
export interface TurnLimits {
  /** Of the request that it is for. It begins, goes on and is committed before that, or not at all. */
  readonly deadline?: Deadline | undefined;
  /** How long to wait for another program's lock, in milliseconds. */
  readonly milliseconds?: number | undefined;
  /** Its end stores nothing. */
  readonly isReading?: boolean;
}

/** Carries out a transaction when those before it have ended. */
export type Turn<S> = <T>(work: (statements: S) => Promise<T>, limits?: TurnLimits) => Promise<T>;

/** How long another program may hold the database before a write is refused, in milliseconds. */
const defaultLockPatience = 5000;

/**
 * Carries out transactions of one connection one after the other, each whole or not at all.
 * @param lockPatience  how long another program may hold the database before a transaction fails, in milliseconds
 */
export function inTurn<S>(
  connection: Connection,
  begin: string,
  statementsOn: (connection: Connection, carryOut: CarryOut) => S,
  lockPatience = defaultLockPatience,
): Turn<S> {
  let last: Promise<unknown> = Promise.resolve();

  async function transact<T>(work: (statements: S) => Promise<T>, limits: TurnLimits): Promise<T> {
    const { deadline, isReading = false } = limits;
    let isOver = false;
    let failure: { readonly error: unknown } | undefined;
    const carryOut: CarryOut = (statement) => {
      const carriedOut = new Promise<ReturnType<typeof statement>>((resolve) => {
        // Of several statements that the work asks for at once, one may fail: the others must not go on by themselves.
        if (isOver) throw new Error("The transaction is over.");
        if (failure) throw failure.error;
        try {
          if (deadline) mustBeInTime(deadline);
          resolve(statement());
        } catch (error) {
          failure = { error };
          throw error;
        }
      });
      // The work need not wait for it. The end of the transaction fails with it in any case.
      carriedOut.catch(() => undefined);
      return carriedOut;
    };
    try {
      await whenFree(() => connection.prepared(begin).run(), limits, lockPatience);
      const result = await work(statementsOn(connection, carryOut));
      isOver = true;
      if (failure) throw failure.error;
      if (deadline) mustBeInTime(deadline);
      commit(connection, isReading ? undefined : deadline);
      return result;
    } catch (error) {
      isOver = true;
      rollBack(connection.database);
      throw connection.problemOf(failure ? failure.error : error);
    }
  }

  return (work, limits = {}) => {
    const result = last.then(() => transact(work, limits));
    last = result.catch(() => undefined);
    return result;
  };
}

/**
 * SQLite's own waiting would stop the whole process, so another program's lock is waited for from outside.
 * @throws Problem (timeout) when the limits end the wait
 */
async function whenFree(
  begin: () => void,
  { deadline, milliseconds = Infinity }: TurnLimits,
  lockPatience: number,
): Promise<void> {
  const start = performance.now();
  for (;;) {
    if (deadline) mustBeInTime(deadline);
    try {
      return begin();
    } catch (error) {
      const waited = performance.now() - start;
      if (codeOf(error) !== 5) throw error;
      if (waited > milliseconds) throw tooLate();
      if (waited > lockPatience) throw error;
      await setTimeout(20);
    }
  }
}

function commit(connection: Connection, deadline: Deadline | undefined): void {
  const takeBack = deadline && beginCommit(deadline);
  try {
    connection.prepared("COMMIT").run();
  } catch (error) {
    takeBack?.();
    throw error;
  }
}

function rollBack(database: DatabaseSync): void {
  try {
    if (database.isTransaction) database.exec("ROLLBACK");
  } catch {
    // What went wrong first tells more.
  }
}

export const damaged = "The database is damaged: stop the server, keep a copy of the file, and restore a backup.";

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
export function problemOf(error: unknown): unknown {
  const trouble = troubles[codeOf(error) ?? 0];
  if (!trouble) return error;
  return unavailable(trouble, error, trouble === damaged ? { code: "databaseDamaged" } : undefined);
}

/** Whether a failure says that the file itself is damaged: SQLITE_CORRUPT and SQLITE_NOTADB. */
export function isDamage(error: unknown): boolean {
  return [11, 26].includes(codeOf(error) ?? 0);
}

/** SQLite's primary result code. */
export function codeOf(error: unknown): number | undefined {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number"
    ? error.errcode & 0xff
    : undefined;
}
