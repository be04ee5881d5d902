import { systemClock } from "../../../src/core/clock.ts";
import { type CopyStep, copyDatabase, copySource } from "../../../src/store/copy/copy.ts";
import { openDatabase } from "../../../src/store/store.ts";

/** Ends a copy at the first step of which `isEnd` says so. Rows are copied a few with each transaction. */
export async function copyUntil(from: string, to: string, isEnd: (step: CopyStep) => boolean): Promise<CopyStep> {
  const [source, target] = [openDatabase(from), openDatabase(to)];
  let last: CopyStep | undefined;
  try {
    await copyDatabase(await copySource(source), target, {
      clock: systemClock,
      size: { rows: 3, bytes: 1_000_000 },
      report: (step) => {
        if (!isEnd(step)) return;
        last = step;
        throw new Error("This is enough.");
      },
    });
  } catch (error) {
    if (last) return last;
    throw error;
  } finally {
    await source.close();
    await target.close();
  }
  throw new Error("The copy was finished before that.");
}

/** Leaves a copy in which every row is there, and that was not verified. */
export function copyUnverified(from: string, to: string): Promise<CopyStep> {
  return copyUntil(from, to, ({ work }) => work === "verifying");
}

/** The last row that was copied, and how many there are; `undefined` for a database that is whole. */
export const progressQuery = "SELECT copied_table, last_key, copied_rows FROM copy_progress";
