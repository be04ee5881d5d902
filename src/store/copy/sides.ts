import { type CopySide, Problem } from "../../core/problem.ts";
import type { Db } from "../db.ts";

/** Has the Problems of some work say which database of a copy they are about, unless they say so already. */
export async function withSide<T>(side: CopySide, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Problem) || error.side) throw error;
    const { kind, message, subject } = error;
    throw new Problem(kind, message, { subject, side, cause: error });
  }
}

/** The same for all that is asked of a database. */
export function labelled(side: CopySide, db: Db): Db {
  return {
    ...db,
    all: (query, ...parameters) => withSide(side, () => db.all(query, ...parameters)),
    transaction: (work, milliseconds) => withSide(side, () => db.transaction(work, milliseconds)),
  };
}
