import type { ClientBase, QueryConfig } from "pg";
import { type Deadline, remaining } from "../../../core/deadline.ts";
import type { Db, DeadlineDb, Reader, Row, Transaction } from "../../db.ts";
import type { AnyAsked, Parameter, Value } from "../../query.ts";
import { postgresConnections } from "./connections.ts";
import { insertText, postgresText, updateText } from "./dialect.ts";
import { notifications } from "./notifications.ts";
import { isLost, isUnprepared, problemOf } from "./problems.ts";
import { postgresSearchReader } from "./search-reader.ts";
import {
  type Asked,
  answerPatience,
  inTransaction,
  limitUntil,
  noLimit,
  type TransactionKind,
} from "./transactions.ts";

/** Whoever has waited for a lock sees what was committed meanwhile, whatever the default of the database is. */
const beginWriting = "BEGIN ISOLATION LEVEL READ COMMITTED";

/** Reads of one moment. */
const beginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";

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
  const search = postgresSearchReader(connections);

  function statementOf([query, ...given]: AnyAsked): QueryConfig {
    if (typeof query === "string") return prepared(postgresText, query, given as Value[]);
    const [parameters = {}] = given as [Record<string, Parameter>?];
    const { text, names } = query.postgres;
    return prepared(
      () => text,
      text,
      names.map((name) => parameters[name] ?? null),
    );
  }

  async function read(asked: AnyAsked, deadline?: Deadline): Promise<never[]> {
    const query = statementOf(asked);
    const once = (asked: QueryConfig) =>
      connections.shared((client) => (deadline ? readUntil(client, asked, deadline) : rowsOf(client, asked)));
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
      all: (...asked: AnyAsked) => read(asked, deadline),
      snapshot: async <T>(work: (reader: Reader) => Promise<T>) =>
        inTransaction(connections, { begin: beginReading, isReading: true, deadline }, (client) => {
          const sent: Promise<unknown>[] = [];
          const all = (...asked: AnyAsked) => noted(sent, rowsOf(client, statementOf(asked)));
          return { result: begun(() => work({ all })), sent };
        }),
    };
  }

  function transactionOn(client: Asked, sent: Promise<unknown>[]): Transaction {
    /** Fails at once only when the transaction is over; a failure of the statement itself is thrown at the end. */
    function send(query: QueryConfig): Promise<void> {
      const accepted = begun(async () => void noted(sent, client.query(query)));
      accepted.catch(() => undefined);
      return accepted;
    }
    return {
      all: (...asked: AnyAsked) => noted(sent, rowsOf(client, statementOf(asked))),
      run: (...asked: AnyAsked) => send(statementOf(asked)),
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

  function write<T>(
    work: (transaction: Transaction) => Promise<T>,
    limits: Pick<TransactionKind, "milliseconds" | "deadline">,
  ): Promise<T> {
    return inTransaction(connections, { begin: beginWriting, ...limits }, (client) => {
      const sent: Promise<unknown>[] = [];
      return { result: begun(() => work(transactionOn(client, sent))), sent };
    });
  }

  /** Its statements are not prepared: a plan of its own is the point. */
  function searchReader(milliseconds: number): Reader {
    return {
      all: async (...asked: AnyAsked) => {
        const { text, values } = statementOf(asked);
        return search.rows<never>(unprepared({ text, ...(values && { values }) }), milliseconds).catch((error) => {
          throw problemOf(error);
        });
      },
    };
  }

  return {
    engine: "postgres",
    // The others are for snapshots and for what is sent to partners.
    writers: Math.max(1, connections.exclusives - 1),
    ...readersUntil(),
    searchReader,
    transaction: (work, milliseconds) => write(work, { milliseconds }),
    until: (deadline): DeadlineDb => ({
      engine: "postgres",
      deadline,
      ...readersUntil(deadline),
      searchReader: (milliseconds) => searchReader(Math.min(milliseconds, remaining(deadline))),
      transaction: (work) => write(work, { deadline }),
    }),
    // Another server of it may take over at any time.
    damage: () => undefined,
    notify: hints.notify,
    onNotification: hints.onNotification,
    close: async () => {
      await Promise.all([hints.close(), search.close()]);
      await connections.close();
    },
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

/** Gives each statement a text that PostgreSQL understands, and a name under which it is prepared, once. */
function statements(prepares: boolean) {
  const known = new Map<string, { readonly name?: string; readonly text: string }>();
  return (make: (key: string) => string, key: string, parameters: readonly unknown[]): QueryConfig => {
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
