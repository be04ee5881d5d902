import type { Clock } from "../../core/clock.ts";
import type { Db } from "../db.ts";
import { copiedTables } from "./copied-tables.ts";
import { compareTable, type TableSummary } from "./digests.ts";
import { defaultPageSize, type PageSize } from "./pages.ts";
import { endCopy } from "./progress.ts";
import { copyRows } from "./rows.ts";
import { labelled } from "./sides.ts";
import { countRows, mustBeCopyable, mustNotHaveMoved, stateOf } from "./source.ts";
import { beginOrGoOn, takeStock } from "./target.ts";

/** How far a copy is, in rows. Verifying reads each of them on both sides. */
export interface CopyStep {
  readonly work: "copying" | "verifying";
  readonly table: string;
  readonly done: number;
  readonly total: number;
}

export interface CopyOptions {
  readonly clock: Clock;
  /** Over how many partitions tables are spread, where the target is an empty database of PostgreSQL. */
  readonly partitions?: number;
  readonly size?: PageSize;
  /** Told after each transaction of the target, and now and then while it is verified. */
  readonly report?: (step: CopyStep) => void;
}

export interface CopySummary {
  /** How many rows an earlier, unfinished run had copied. */
  readonly rowsBefore: number;
  readonly rows: number;
  readonly tables: readonly TableSummary[];
}

/**
 * Copies a database into an empty one, or goes on with its unfinished copy, and compares the two. Nobody may write to
 * the source meanwhile. Until all is done, the target stays marked as unfinished.
 * @throws Problem that says which of the two is not as it must be, and the way out
 */
export async function copyDatabase(from: Db, to: Db, options: CopyOptions): Promise<CopySummary> {
  const { clock, partitions, size = defaultPageSize, report = () => undefined } = options;
  const source = labelled("source", from);
  const target = labelled("target", to);

  await mustBeCopyable(source);
  const state = await stateOf(source);
  const begun = await beginOrGoOn(target, state, clock, partitions);
  const total = await countRows(source);
  await copyRows(source, target, begun, size, (table, done) => report({ work: "copying", table, done, total }));
  await mustNotHaveMoved(source, state);
  await takeStock(target);
  const tables = await verify(source, target, size, (table, done) =>
    report({ work: "verifying", table, done, total: 2 * total }),
  ).catch(async (error) => {
    await mustNotHaveMoved(source, state);
    throw error;
  });
  await mustNotHaveMoved(source, state);
  await endCopy(target);
  return { rowsBefore: begun.rows, rows: tables.reduce((sum, { rows }) => sum + rows, 0), tables };
}

/** @throws Problem (unavailable) for the first property that differs */
async function verify(source: Db, target: Db, size: PageSize, verified: (table: string, done: number) => void) {
  const summaries: TableSummary[] = [];
  let done = 0;
  for (const table of copiedTables) {
    const counted = (rows: number) => {
      done += rows;
      verified(table.name, done);
    };
    summaries.push(await compareTable(source, target, table, size, counted));
  }
  return summaries;
}
