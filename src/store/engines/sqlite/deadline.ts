import { type Deadline, mustBeInTime, remaining } from "../../../core/deadline.ts";
import type { DeadlineDb, Reader, Transaction } from "../../db.ts";
import type { AnyAsked } from "../../query.ts";
import type { Turn } from "./connection.ts";

/** What a database of SQLite can do, without a limit in time. */
interface Unbound {
  readonly all: (...asked: AnyAsked) => Promise<never[]>;
  readonly snapshot: Turn<Reader>;
  readonly transaction: Turn<Transaction>;
  readonly searchReader: (milliseconds: number) => Reader;
}

/**
 * The same for one request. `node:sqlite` is synchronous: while a statement runs, no timer fires. A deadline can refuse
 * the next statement, and the commit, but not interrupt one.
 */
export function untilDeadline(deadline: Deadline, { all, snapshot, transaction, searchReader }: Unbound): DeadlineDb {
  return {
    engine: "sqlite",
    deadline,
    all: async (...asked: AnyAsked) => {
      mustBeInTime(deadline);
      return all(...asked);
    },
    snapshot: (work) => snapshot(work, { deadline, isReading: true }),
    transaction: (work) => transaction(work, { deadline }),
    searchReader: (milliseconds) => searchReader(Math.min(milliseconds, remaining(deadline))),
  };
}
