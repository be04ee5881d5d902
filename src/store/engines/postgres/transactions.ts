import { setTimeout } from "node:timers/promises";
import type { ClientBase, PoolClient, QueryConfig, QueryResult } from "pg";
import { beginCommit, type Deadline, mustBeInTime, remaining } from "../../../core/deadline.ts";
import { Problem, tooLate, undecided } from "../../../core/problem.ts";
import type { Connections } from "./connections.ts";
import { isConflict, isLost, problemOf, tooBusy } from "./problems.ts";

/** How often a transaction is done again that gave way to another, or whose connection was lost before its end. */
const maxRepetitions = 5;

/** How much longer than PostgreSQL's own limit to wait for its answer, in milliseconds. */
export const answerPatience = 2000;

/** How long a caller waits at most until a connection is free, in milliseconds; asking again loses nothing. */
const connectionPatience = 5000;

/** PostgreSQL's word for a statement that may take as long as it takes. */
export const noLimit = 0;

/** How long a lock may hold up others when the process that holds it is gone, in milliseconds. */
const idleLimit = "SET LOCAL idle_in_transaction_session_timeout = 10000";

/** How a transaction begins, and how long it may take. */
export interface TransactionKind {
  readonly begin: string;
  /** Its end stores nothing. */
  readonly isReading?: boolean;
  /** How long each statement may take. */
  readonly milliseconds?: number | undefined;
  /** Of the request that it is for: all its statements together end before that, and its commit begins before that. */
  readonly deadline?: Deadline | undefined;
}

/** What statements are asked of. */
export interface Asked {
  query(query: QueryConfig): Promise<QueryResult>;
}

/** A transaction under way: what its work comes to, and the statements that it has sent so far. */
export interface UnderWay<T> {
  readonly result: Promise<T>;
  readonly sent: readonly Promise<unknown>[];
}

/** Carries out a transaction, and does it again as long as it is certain that nothing of it was committed. */
export async function inTransaction<T>(
  connections: Connections,
  kind: TransactionKind,
  work: (client: Asked) => UnderWay<T>,
): Promise<T> {
  for (let repetition = 0; ; repetition += 1) {
    try {
      return await attempt(connections, kind, work);
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
  kind: TransactionKind,
  work: (client: Asked) => UnderWay<T>,
): Promise<T> {
  const client = await freeConnection(connections, limitOf(kind));
  const begun = begin(client, kind);
  const asked = askedWithin(kind, client, begun);
  let isOver = false;
  // Of several things that the work does at once, one may fail: the others must not go on outside the transaction.
  const query = (statement: QueryConfig) => {
    if (isOver) throw new Error("The transaction is over.");
    return asked.query(statement);
  };
  const { result, sent } = work({ query });
  const { deadline } = kind;
  let isCommitting = false;
  let takeBack: (() => void) | undefined;
  try {
    const value = await result;
    isOver = true;
    if (deadline && !kind.isReading) {
      await Promise.all([begun, ...sent]);
      mustBeInTime(deadline);
      takeBack = beginCommit(deadline);
    }
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
    if (isCommitting && isGone) throw undecided();
    // That the commit itself is in doubt is a Problem already.
    if (!(cause instanceof Problem)) takeBack?.();
    throw cause;
  }
}

/** Does not throw: a deadline that passed while the connection was waited for is the first statement's to tell. */
function begin(client: PoolClient, { begin, deadline, milliseconds = noLimit }: TransactionKind): Promise<unknown> {
  const limit = deadline ? finite(remaining(deadline)) : milliseconds;
  const begun = client.query(`${begin}; SET LOCAL statement_timeout = ${limit}; ${idleLimit}`);
  begun.catch(() => undefined);
  return begun;
}

/**
 * Without a deadline, and for reads, statements are sent while those before are under way. What a request changes is
 * asked for one statement after the other, each with what is left of the time, so that all of them together end in time
 * and none is under way when it is decided whether to commit.
 */
function askedWithin({ deadline, isReading }: TransactionKind, client: PoolClient, begun: Promise<unknown>): Asked {
  if (!deadline) return client;
  if (isReading) {
    return {
      query: async (statement) => {
        mustBeInTime(deadline);
        return client.query(statement);
      },
    };
  }
  let last = begun;
  async function inTurn(statement: QueryConfig, deadline: Deadline): Promise<QueryResult> {
    await last.catch(() => undefined);
    const milliseconds = limitUntil(deadline);
    if (milliseconds === noLimit) return client.query(statement);
    const [, result] = await Promise.all([
      client.query(`SET LOCAL statement_timeout = ${milliseconds}`),
      client.query({ ...statement, query_timeout: milliseconds + answerPatience } as QueryConfig),
    ]);
    return result;
  }
  return {
    query: (statement) => {
      const answered = inTurn(statement, deadline);
      last = answered;
      return answered;
    },
  };
}

/** @throws Problem (timeout) when the deadline has passed, (unavailable) when none is free for long */
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

/** @throws Problem (timeout) when the deadline has passed */
function limitOf({ deadline, milliseconds = noLimit }: TransactionKind): number {
  return deadline ? limitUntil(deadline) : milliseconds;
}

/**
 * How long a statement for a request may take, in milliseconds. An answer that has begun in time may go on.
 * @throws Problem (timeout) when the deadline has passed
 */
export function limitUntil(deadline: Deadline): number {
  mustBeInTime(deadline);
  return finite(remaining(deadline));
}

function finite(milliseconds: number): number {
  return Number.isFinite(milliseconds) ? milliseconds : noLimit;
}
