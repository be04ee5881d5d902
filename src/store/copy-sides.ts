import { Problem } from "../errors.ts";
import type { Db } from "./db.ts";

/** The two databases of a copy, as the command line names them. */
export type Side = "--from" | "--to";

/** Has what goes wrong with one of two databases say with which. */
export async function about<T>(side: Side, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.message.startsWith(`${side}: `)) throw error;
    const message = error.message.replaceAll(/--database(?!-)/g, side);
    throw new Problem(error.kind, `${side}: ${message}`, { cause: error });
  }
}

/** The same for all that is asked of a database. */
export function speaking(side: Side, db: Db): Db {
  return {
    ...db,
    all: (statement, ...parameters) => about(side, () => db.all(statement, ...parameters)),
    transaction: (work, milliseconds) => about(side, () => db.transaction(work, milliseconds)),
  };
}
