import { setTimeout } from "node:timers/promises";
import type { ClientBase, PoolClient, QueryConfig, QueryResult } from "pg";
import { type Deadline, remaining } from "../deadline.ts";
import { Problem, undecided } from "../errors.ts";
import type { Db, Reader, Row, Transaction, Value } from "./db.ts";
import { postgresAside } from "./postgres-aside.ts";
import { type Connections, postgresConnections } from "./postgres-connections.ts";
import { insertText, postgresText, updateText } from "./postgres-dialect.ts";
import { notifications } from "./postgres-notifications.ts";
import { isConflict, isLost, isUnprepared, problemOf, tooBusy, tooLate } from "./postgres-problems.ts";

/** How often a transaction is done again that gave way to another, or whose connection was lost before its end. */
const maxRepetitions = 5;

/** How much longer than PostgreSQL's own limit to wait for its answer, in milliseconds. */
const answerPatience = 2000;

/** How long to wait at most until a connection is free, in milliseconds: whoever asks again is served as soon. */
const connectionPatience = 5000;

/** For what nobody waits for. */
const noLimit = 0;

/** Whoever has waited for a lock sees what was committed meanwhile, whatever the default of the database is. */
const beginWriting = "BEGIN ISOLATION LEVEL READ COMMITTED";

/** Whoever holds a lock and is gone must not hold up the others for longer than this, in milliseconds. */
const idleLimit = "SET LOCAL idle_in_transaction_session_timeout = 10000";

export interface PostgresOptions {
  /** How many connections this process may have at most. */
  readonly databaseConnections: number;
  /** Whether statements are prepared; a pooler that gives each transaction another connection may not know how. */
  readonly databasePrepare: boolean;
}

/**
 * Opens a database of PostgreSQL, without connecting yet. Statements of a transaction are sent without waiting for each
 * other's answers, so that it takes as many round trips as it has reads that are waited for, and one.
 */
export function openPostgres(url: string, { databaseConnections, databasePrepare }: PostgresOptions): Db {
  const connections = postgresConnections(url, databaseConnections, databasePrepare);
  const hints = notifications(connections);
  const prepared = statements(databasePrepare);
  const aside = postgresAside(connections);

  async function read<R>(statement: string, parameters: readonly Value[], deadline?: Deadline): Promise<R[]> {
    const query = prepared(postgresText, statement, parameters);
    const once = (asked: QueryConfig) =>
      connections.shared((client) => (deadline ? readUntil<R>(client, asked, deadline) : rowsOf<R>(client, asked)));
    try {
      return await once(query).catch((error) => {
        if (isLost(error)) return once(query);
        if (isUnprepared(error)) return once(unprepared(query));
        throw error;
      });
    } catch (error) {
      throw problemOf(error);
    }
  }

  function readersUntil(deadline?: Deadline) {
    return {
      all: <R>(statement: string, ...parameters: readonly Value[]) => read<R>(statement, parameters, deadline),
      snapshot: async <T>(work: (reader: Reader) => Promise<T>) =>
        inTransaction(connections, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", limitOf(deadline), (client) => {
          const sent: Promise<unknown>[] = [];
          const all = <R>(statement: string, ...parameters: readonly Value[]) =>
            noted(sent, rowsOf<R>(client, prepared(postgresText, statement, parameters)));
          return { result: work({ all }), sent };
        }),
    };
  }

  function transactionOn(client: Asked, sent: Promise<unknown>[]): Transaction {
    async function send(query: QueryConfig): Promise<void> {
      // Its failure is thrown at the end, where all of them are waited for.
      noted(sent, client.query(query));
    }
    return {
      all: (statement, ...parameters) => noted(sent, rowsOf(client, prepared(postgresText, statement, parameters))),
      run: (statement, ...parameters) => send(prepared(postgresText, statement, parameters)),
      insert: async (table, rows) => {
        const columns = Object.keys(rows[0] ?? {});
        if (columns.length > 0)
          await send(prepared(() => insertText(table, columns), `+${table} ${columns}`, [jsonOf(rows)]));
      },
      update: async (table, key, columns, rows) => {
        const all = Object.keys(rows[0] ?? {});
        if (all.length === 0) return;
        await send(prepared(() => updateText(table, key, columns, all), `=${table} ${columns} ${all}`, [jsonOf(rows)]));
      },
      script: (statements) => send({ text: statements }),
    };
  }

  return {
    engine: "postgres",
    // The others are for snapshots and for what is sent to partners.
    writers: Math.max(1, connections.exclusives - 1),
    ...readersUntil(),
    until: readersUntil,
    aside: (milliseconds) => ({
      // Not prepared: a plan of its own is the point.
      all: async <R>(statement: string, ...parameters: readonly Value[]) =>
        aside.rows<R>({ text: postgresText(statement), values: [...parameters] }, milliseconds).catch((error) => {
          throw problemOf(error);
        }),
    }),
    transaction: (work, milliseconds = noLimit) =>
      inTransaction(connections, beginWriting, milliseconds, (client) => {
        const sent: Promise<unknown>[] = [];
        return { result: work(transactionOn(client, sent)), sent };
      }),
    notify: hints.notify,
    onNotification: hints.onNotification,
    close: async () => {
      await Promise.all([hints.close(), aside.close()]);
      await connections.close();
    },
  };
}

/** Keeps what was sent in its order, whether or not somebody waits for it. */
function noted<T>(sent: Promise<unknown>[], answered: Promise<T>): Promise<T> {
  answered.catch(() => undefined);
  sent.push(answered);
  return answered;
}

/** What statements are asked of. */
interface Asked {
  query(query: QueryConfig): Promise<QueryResult>;
}

/** A transaction under way: what its work comes to, and the statements that it has sent so far. */
interface UnderWay<T> {
  readonly result: Promise<T>;
  readonly sent: readonly Promise<unknown>[];
}

/** Carries out a transaction, and does it again as long as it is certain that nothing of it was committed. */
async function inTransaction<T>(
  connections: Connections,
  begin: string,
  milliseconds: number,
  work: (client: Asked) => UnderWay<T>,
): Promise<T> {
  for (let repetition = 0; ; repetition += 1) {
    try {
      return await attempt(connections, begin, milliseconds, work);
    } catch (error) {
      const isWorthAnother = isConflict(error) || (isLost(error) && repetition === 0);
      if (!isWorthAnother || repetition >= maxRepetitions) throw problemOf(error);
      // Those that were in each other's way must not meet again.
      await setTimeout(Math.random() * 5 * repetition);
    }
  }
}

async function attempt<T>(
  connections: Connections,
  begin: string,
  milliseconds: number,
  work: (client: Asked) => UnderWay<T>,
): Promise<T> {
  const client = await freeConnection(connections, milliseconds);
  const begun = client.query(`${begin}; SET LOCAL statement_timeout = ${milliseconds}; ${idleLimit}`);
  begun.catch(() => undefined);
  let isOver = false;
  // Of several things that the work does at once, one may fail: the others must not go on outside the transaction.
  const query = async (asked: QueryConfig) => {
    if (isOver) throw new Error("The transaction is over.");
    return client.query(asked);
  };
  const { result, sent } = work({ query });
  let isCommitting = false;
  try {
    const value = await result;
    isOver = true;
    isCommitting = true;
    await Promise.all([begun, ...sent, commit(client)]);
    client.release();
    return value;
  } catch (error) {
    isOver = true;
    const cause = await firstFailure([begun, ...sent], error);
    const isGone = isLost(cause);
    if (isGone) client.release(true);
    else await rollBack(client);
    throw isCommitting && isGone ? undecided() : cause;
  }
}

/** @throws Problem (timeout) when nobody waits any more, (unavailable) when none is free for long */
function freeConnection(connections: Connections, milliseconds: number): Promise<PoolClient> {
  const isShort = milliseconds !== noLimit && milliseconds < connectionPatience;
  return isShort
    ? connections.exclusive(milliseconds, tooLate())
    : connections.exclusive(connectionPatience, tooBusy());
}

/** Whatever follows a statement that failed fails too, does not say why, and may be heard of first. */
async function firstFailure(sent: readonly Promise<unknown>[], error: unknown): Promise<unknown> {
  const outcomes = await Promise.allSettled(sent);
  return outcomes.find((outcome) => outcome.status === "rejected")?.reason ?? error;
}

/**
 * The end has no time limit: where a standby must have a commit too, PostgreSQL would stop waiting for it and call it
 * done. A warning says that somebody made it do so.
 * @throws Problem (unavailable) when it is not known whether the commit will last
 */
async function commit(client: ClientBase): Promise<void> {
  let isDoubtful = false;
  const doubt = ({ severity }: { readonly severity?: string | undefined }) => {
    if (severity === "WARNING") isDoubtful = true;
  };
  client.on("notice", doubt);
  try {
    await client.query("SET LOCAL statement_timeout = 0; COMMIT");
  } finally {
    client.off("notice", doubt);
  }
  if (isDoubtful) throw undecided();
}

async function rollBack(client: PoolClient): Promise<void> {
  try {
    await client.query("ROLLBACK");
    client.release();
  } catch {
    client.release(true);
  }
}

async function rowsOf<R>(client: Asked, query: QueryConfig): Promise<R[]> {
  const { rows } = await client.query(query);
  return rows as R[];
}

/** Three statements in one round trip: a limit of a transaction ends with it, also behind a pooler. */
async function readUntil<R>(client: ClientBase, query: QueryConfig, deadline: Deadline): Promise<R[]> {
  const milliseconds = limitOf(deadline);
  if (milliseconds === noLimit) return rowsOf<R>(client, query);
  const [, rows] = await Promise.all([
    client.query(`BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SET LOCAL statement_timeout = ${milliseconds}`),
    rowsOf<R>(client, { ...query, query_timeout: milliseconds + answerPatience } as QueryConfig),
    client.query("COMMIT"),
  ]);
  return rows;
}

/**
 * How long a statement for a request may take, in milliseconds. An answer that has begun in time may go on.
 * @throws Problem (timeout) when nobody waits for it any more
 */
function limitOf(deadline: Deadline | undefined): number {
  if (!deadline) return noLimit;
  if (deadline.signal.aborted) throw new Problem("timeout", "The request could not be served in time.");
  return Number.isFinite(deadline.end) ? remaining(deadline) : noLimit;
}

/** Gives each statement a text that PostgreSQL understands, and a name under which it is prepared, once. */
function statements(prepares: boolean) {
  const known = new Map<string, { readonly name?: string; readonly text: string }>();
  return (make: (key: string) => string, key: string, parameters: readonly Value[]): QueryConfig => {
    let statement = known.get(key);
    if (!statement) {
      statement = { text: make(key), ...(prepares && { name: `innbox_${known.size}` }) };
      known.set(key, statement);
    }
    return { ...statement, values: [...parameters] };
  };
}

/** Depends on nothing that was sent before. */
function unprepared({ text, values = [] }: QueryConfig): QueryConfig {
  return { text, values };
}

function jsonOf(rows: readonly Row[]): string {
  return JSON.stringify(rows.map((row) => (Object.values(row).some(isBytes) ? withHexadecimal(row) : row)));
}

function isBytes(value: Value): value is Uint8Array {
  return value instanceof Uint8Array;
}

/** Bytes as PostgreSQL reads them in text. */
function withHexadecimal(row: Row): Row {
  const entries = Object.entries(row);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isBytes(value) ? `\\x${Buffer.from(value).toString("hex")}` : value]),
  );
}
