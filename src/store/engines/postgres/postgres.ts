import type { ClientBase, QueryConfig } from "pg";
import { type Deadline, remaining } from "../../../core/deadline.ts";
import type { Db, DeadlineDb, Readers, Row, Transaction, Value } from "../../db.ts";
import type { AnyAsked } from "../../query.ts";
import { type Connections, postgresConnections } from "./connections.ts";
import { notifications } from "./notifications.ts";
import { isLost, isUnprepared, problemOf } from "./problems.ts";
import { postgresSearchReader } from "./search-reader.ts";
import { insertText, statementOf, updateText } from "./statements.ts";
import {
  type Asked,
  answerPatience,
  inTransaction,
  limitUntil,
  noLimit,
  type TransactionKind,
} from "./transactions.ts";

/** A transaction that has waited for a lock sees what was committed meanwhile, whatever the database's default is. */
const beginWriting = "BEGIN ISOLATION LEVEL READ COMMITTED";

/** Reads of one moment. */
const beginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

export interface PostgresOptions {
  /** How many connections this process may have at most. */
  readonly databaseConnections: number;
  /** Whether statements are prepared; a pooler that gives each transaction another connection may not know how. */
  readonly databasePrepare: boolean;
}

/** What statements are asked with. */
interface Session {
  readonly connections: Connections;
  readonly prepared: Prepared;
}

/**
 * Opens a database of PostgreSQL, without connecting yet. Statements of a transaction are sent without waiting for each
 * other's answers, so that it takes as many round trips as it has reads that are waited for, and one.
 */
export function openPostgres(url: string, { databaseConnections, databasePrepare }: PostgresOptions): Db {
  const connections = postgresConnections(url, databaseConnections, databasePrepare);
  const session: Session = { connections, prepared: statements(databasePrepare) };
  const hints = notifications(connections);
  const search = postgresSearchReader(connections);
  return {
    engine: "postgres",
    // The other connections are for snapshots and for what is sent to partners.
    maxTransactions: Math.max(1, connections.exclusives - 1),
    ...readersUntil(session),
    searchReader: search.reader,
    transaction: (work, milliseconds) => write(session, work, { milliseconds }),
    until: (deadline): DeadlineDb => ({
      engine: "postgres",
      deadline,
      ...readersUntil(session, deadline),
      searchReader: (milliseconds) => search.reader(Math.min(milliseconds, remaining(deadline))),
      transaction: (work) => write(session, work, { deadline }),
    }),
    // Another server of the cluster may take over at any time, so damage is no lasting state here.
    damage: () => undefined,
    notify: hints.notify,
    onNotification: hints.onNotification,
    close: async () => {
      await Promise.all([hints.close(), search.close()]);
      await connections.close();
    },
  };
}

function readersUntil({ connections, prepared }: Session, deadline?: Deadline): Readers {
  const once = (query: QueryConfig) =>
    connections.shared((client) => (deadline ? readUntil(client, query, deadline) : rowsOf(client, query)));
  return {
    all: async (...asked: AnyAsked) => {
      const query = prepared.query(asked);
      try {
        return await once(query).catch((error) => {
          if (isLost(error)) return once(query);
          if (isUnprepared(error)) return once(unprepared(query));
          throw error;
        });
      } catch (error) {
        throw problemOf(error);
      }
    },
    snapshot: (work) =>
      inTransaction(connections, { begin: beginReading, isReading: true, deadline }, (client) => {
        const sent: Promise<unknown>[] = [];
        const all = (...asked: AnyAsked) => noted(sent, rowsOf(client, prepared.query(asked)));
        return { result: begun(() => work({ all })), sent };
      }),
  };
}

function write<T>(
  { connections, prepared }: Session,
  work: (transaction: Transaction) => Promise<T>,
  limits: Pick<TransactionKind, "milliseconds" | "deadline">,
): Promise<T> {
  return inTransaction(connections, { begin: beginWriting, ...limits }, (client) => {
    const sent: Promise<unknown>[] = [];
    return { result: begun(() => work(transactionOn(prepared, client, sent))), sent };
  });
}

function transactionOn(prepared: Prepared, client: Asked, sent: Promise<unknown>[]): Transaction {
  /** Fails at once only when the transaction is over; a failure of the statement itself is thrown at the end. */
  function send(query: QueryConfig): Promise<void> {
    const accepted = begun(async () => void noted(sent, client.query(query)));
    accepted.catch(() => undefined);
    return accepted;
  }
  return {
    all: (...asked: AnyAsked) => noted(sent, rowsOf(client, prepared.query(asked))),
    run: (...asked: AnyAsked) => send(prepared.query(asked)),
    insert: async (table, rows) => {
      const columns = Object.keys(rows[0] ?? {});
      if (columns.length > 0) await send(prepared.rows(insertText(table, columns), rows));
    },
    update: async (table, key, columns, rows) => {
      const all = Object.keys(rows[0] ?? {});
      if (all.length > 0) await send(prepared.rows(updateText(table, key, columns, all), rows));
    },
    script: (statements) => send({ text: statements }),
  };
}

/** Begins work. What it throws at once rejects, so that its connection is released all the same. */
async function begun<T>(work: () => Promise<T>): Promise<T> {
  return work();
}

/** Keeps what was sent in its order, whether or not somebody waits for it. */
function noted<T>(sent: Promise<unknown>[], answered: Promise<T>): Promise<T> {
  answered.catch(() => undefined);
  sent.push(answered);
  return answered;
}

/** Rows come as their query types them. */
async function rowsOf(client: Asked, query: QueryConfig): Promise<never[]> {
  const { rows } = await client.query(query);
  return rows as never[];
}

/** Three statements in one round trip: a limit of a transaction ends with it, also behind a pooler. */
async function readUntil(client: ClientBase, query: QueryConfig, deadline: Deadline): Promise<never[]> {
  const milliseconds = limitUntil(deadline);
  if (milliseconds === noLimit) return rowsOf(client, query);
  const [, rows] = await Promise.all([
    client.query(`BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SET LOCAL statement_timeout = ${milliseconds}`),
    rowsOf(client, { ...query, query_timeout: milliseconds + answerPatience } as QueryConfig),
    client.query("COMMIT"),
  ]);
  return rows;
}

/** Makes statements as the driver takes them, each with a name under which PostgreSQL prepares its text once. */
interface Prepared {
  query(asked: AnyAsked): QueryConfig;
  /** A statement whose only parameter are rows. */
  rows(text: string, rows: readonly Row[]): QueryConfig;
}

function statements(prepares: boolean): Prepared {
  const names = new Map<string, string>();
  const nameOf = (text: string) => {
    const name = names.get(text) ?? `innbox_${names.size}`;
    names.set(text, name);
    return name;
  };
  const prepared = (text: string, values: unknown[]) =>
    prepares ? { name: nameOf(text), text, values } : { text, values };
  return {
    query: (asked) => {
      const { text, values } = statementOf(asked);
      return prepared(text, values);
    },
    rows: (text, rows) => prepared(text, [jsonOf(rows)]),
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
