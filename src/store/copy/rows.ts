import { Problem } from "../../core/problem.ts";
import type { Db, Row, Transaction } from "../db.ts";
import { type CopiedTable, copiedTables } from "./copied-tables.ts";
import { keyOf, type PageSize, pages } from "./pages.ts";
import { advanceCopy, type CopyProgress, copyProgress } from "./progress.ts";

/** Told after each transaction: the table that is being copied, and how many rows are there of all. */
export type Copied = (table: string, rows: number) => void;

/** Copies every row behind a place, a page with each transaction, so that no end of this process loses or doubles any. */
export async function copyRows(source: Db, target: Db, begun: CopyProgress, size: PageSize, copied: Copied) {
  let progress: CopyProgress | undefined = begun;
  try {
    while (progress) progress = await goOn(source, target, progress, size, copied);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { kind, message, subject: by, side } = error;
    throw new Problem(kind, message, { subject: { code: "copyInterrupted", by }, side, cause: error });
  }
}

/** @returns where the copy stands, when another process has taken it further meanwhile; `undefined` when all is done */
async function goOn(source: Db, target: Db, begun: CopyProgress, size: PageSize, copied: Copied) {
  let from = begun;
  const isBegun = ({ name }: CopiedTable) => name === begun.table;
  for (const table of copiedTables.slice(Math.max(0, copiedTables.findIndex(isBegun)))) {
    for await (const rows of pages(source, table, size, (isBegun(table) && begun.key) || undefined)) {
      const to = progressAfter(from, table, rows);
      if (!(await advance(target, from, to, (transaction) => add(transaction, table, rows))))
        return copyProgress(target);
      copied(table.name, to.rows);
      from = to;
    }
  }
  return undefined;
}

function progressAfter({ source, rows }: CopyProgress, table: CopiedTable, added: readonly Row[]): CopyProgress {
  return { source, table: table.name, key: keyOf(table, added.at(-1) ?? {}), rows: rows + added.length };
}

/** Every database has the row of its installation from the start. */
function add(transaction: Transaction, { name, key }: CopiedTable, rows: readonly Row[]): Promise<void> {
  if (name !== "installation") return transaction.insert(name, rows);
  const columns = Object.keys(rows[0] ?? {}).filter((column) => !key.includes(column));
  return transaction.update(name, key, columns, rows);
}

async function advance(
  target: Db,
  from: CopyProgress,
  to: CopyProgress,
  add: (transaction: Transaction) => Promise<void>,
): Promise<boolean> {
  try {
    return await advanceCopy(target, from, to, add);
  } catch (error) {
    // A connection that was lost leaves it open whether the transaction was carried out.
    const current = await copyProgress(target);
    if (current?.rows === to.rows) return true;
    throw error;
  }
}
