/** Counts what is refused because there is too much of it. */
export interface Refusals {
  /** @param kind  what is refused, in the plural, as in "connections of one address" */
  count(kind: string): void;
  /** Logs what has not been logged yet. */
  stop(): void;
}

/** How often an operator reads of refusals, in milliseconds. */
export const refusalInterval = 60_000;

/**
 * A flood must not flood the log: what was refused is noted once in each interval, with a count by kind.
 * @param interval  in milliseconds
 */
export function refusals(note: (message: string) => void, interval: number): Refusals {
  const counts = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  function report(): void {
    clearTimeout(timer);
    timer = undefined;
    if (counts.size === 0) return;
    const parts = [...counts].map(([kind, count]) => `${count} ${kind}`);
    counts.clear();
    note(`Refused in the last ${Math.round(interval / 1000)} seconds: ${parts.join(", ")}.`);
  }

  return {
    count: (kind) => {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      timer ??= setTimeout(report, interval).unref();
    },
    stop: report,
  };
}
