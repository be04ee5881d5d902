import { systemClock } from "../../../src/core/clock.ts";
import { copyDatabase, copySource } from "../../../src/store/copy/copy.ts";
import type { Db, Transaction } from "../../../src/store/db.ts";
import { openDatabase } from "../../../src/store/store.ts";

/** A process that copies one database into another, and is killed at one of the statements of its transactions there. */
const [from = "", to = "", statements = ""] = process.argv.slice(2);
let left = Number(statements);

async function killedInTime<T>(statement: Promise<T>): Promise<T> {
  left -= 1;
  if (left === 0) process.kill(process.pid, "SIGKILL");
  return statement;
}

function counted(db: Db): Db {
  const everyStatement = ({ all, run, insert, update, script }: Transaction): Transaction => ({
    all: (query, ...asked) => killedInTime(all(query, ...asked)),
    run: (query, ...asked) => killedInTime(run(query, ...asked)),
    insert: (...asked) => killedInTime(insert(...asked)),
    update: (...asked) => killedInTime(update(...asked)),
    script: (...asked) => killedInTime(script(...asked)),
  });
  return {
    ...db,
    transaction: (work, limit) => db.transaction((transaction) => work(everyStatement(transaction)), limit),
  };
}

const size = { rows: 2, bytes: 1_000_000 };
await copyDatabase(await copySource(openDatabase(from)), counted(openDatabase(to)), { clock: systemClock, size });
throw new Error("The copy was finished before that.");
