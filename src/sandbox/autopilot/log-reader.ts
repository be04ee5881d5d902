import { listEnterprises } from "../../store/directory/directory.ts";
import { entriesAfter, type LogChange, type LogRow, logNumbers } from "../../store/log/property-log.ts";
import type { WorldParts } from "../worlds/world-parts.ts";

/** Reads what is added to the logs of a world's properties, each log in its order. */
export interface LogReader {
  /** Has the logs of these changes read. */
  heard(changes: readonly LogChange[]): void;
  /** Resolves when everything that was committed before the call has been read. */
  idle(): Promise<void>;
}

/** How many entries of a log are read at once. */
const page = 500;

/**
 * Begins at the present ends of the logs.
 * @param take  is given each new entry
 * @param signal  ends the reading; errors after that are not reported
 */
export function logReader(
  { store, failed }: Pick<WorldParts, "store" | "failed">,
  take: (row: LogRow) => void,
  signal: AbortSignal,
): LogReader {
  const positions = new Map<string, number>();
  const behind = new Set<string>();
  let reading = attempt(begin);

  async function attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) failed(error);
    }
  }

  async function begin(): Promise<void> {
    const enterpriseIds = (await listEnterprises(store.db)).map(({ id }) => id);
    for (const [id, end] of await logNumbers(store.db, { clientId: null, enterpriseIds })) positions.set(id, end);
  }

  async function catchUp(): Promise<void> {
    for (const enterpriseId of behind) {
      behind.delete(enterpriseId);
      await attempt(() => follow(enterpriseId));
    }
  }

  async function follow(enterpriseId: string): Promise<void> {
    for (;;) {
      const rows = await entriesAfter(store.db, enterpriseId, positions.get(enterpriseId) ?? 0, page);
      for (const row of rows) {
        if (signal.aborted) return;
        take(row);
        positions.set(enterpriseId, row.sequence);
      }
      if (rows.length < page) return;
    }
  }

  return {
    heard: (changes) => {
      for (const { enterpriseId } of changes) behind.add(enterpriseId);
      reading = reading.then(catchUp);
    },
    idle: async () => {
      let awaited: Promise<void>;
      do {
        awaited = reading;
        await awaited;
      } while (awaited !== reading);
    },
  };
}
