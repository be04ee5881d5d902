import { randomUUID } from "node:crypto";
import { backup, DatabaseSync } from "node:sqlite";
import { unavailable } from "../../../core/problem.ts";
import type { Db, Reader, Transaction } from "../../db.ts";
import type { AnyAsked } from "../../query.ts";
import { connectionTo, inTurn, rowsOf, snapshotOn, type Turn, transactionOn } from "./connection.ts";
import { untilDeadline } from "./deadline.ts";

/** A whole database in the memory of this process. */
export interface MemoryDatabase {
  /** Closing it forgets everything. */
  readonly db: Db;
  /** What `copySqlite` calls it. */
  readonly location: string;
}

/** Enough pages for every database, so that a copy is made in one go and sees one moment. */
const allPages = 1_000_000_000;

/**
 * Opens an empty one. It has one connection, so everything that is asked of it is done in turn: no read sees what is not
 * committed yet.
 */
export function openMemory(): MemoryDatabase {
  const location = `file:innbox-${randomUUID()}?mode=memory&cache=shared`;
  const connection = connectionTo(new DatabaseSync(location));
  connection.exec("PRAGMA foreign_keys = ON");
  const turn = inTurn(connection, "BEGIN", (inside, carryOut) => ({
    reader: snapshotOn(inside, carryOut),
    transaction: transactionOn(inside, carryOut),
    all: (...asked: AnyAsked) => carryOut(() => rowsOf(inside.prepared, asked)),
  }));
  const snapshot: Turn<Reader> = (work, limits) => turn(({ reader }) => work(reader), limits);
  const transaction: Turn<Transaction> = (work, limits) => turn(({ transaction }) => work(transaction), limits);
  const all = (...asked: AnyAsked) => turn(({ all }) => all(...asked));
  const searchReader = () => ({ all });
  const db: Db = {
    engine: "sqlite",
    maxTransactions: 1,
    all,
    snapshot: (work) => snapshot(work, { isReading: true }),
    searchReader,
    transaction: (work, milliseconds) => transaction(work, { milliseconds }),
    until: (deadline) => untilDeadline(deadline, { all, snapshot, transaction, searchReader }),
    damage: () => undefined,
    notify: () => undefined,
    onNotification: () => undefined,
    close: async () => {
      // What was asked before it is answered before it.
      await turn(async () => undefined);
      connection.database.close();
    },
  };
  return { db, location };
}

/**
 * Copies everything from one SQLite database to another, in place of what is there: files by their paths, those in
 * memory by their locations. No other part of this process may use the target meanwhile.
 * @throws Problem (unavailable) when another one does; the target is as it was then
 */
export async function copySqlite(from: string, to: string): Promise<void> {
  const source = new DatabaseSync(from);
  try {
    await backup(source, to, { rate: allPages });
  } catch (error) {
    throw unavailable("The database can't be copied or replaced right now: another program uses it.", error);
  } finally {
    source.close();
  }
}
