import { setTimeout } from "node:timers/promises";
import { Problem } from "../../core/problem.ts";
import type { ClockState } from "../../protocol/sandbox/clock.ts";
import type { TrafficEntry } from "../../protocol/sandbox/traffic.ts";

/** Calls an operation of the sandbox, such as `traffic/getAll`, for the world that is watched. */
export type Ask = <Answer>(operation: string, input: object) => Promise<Answer>;

export interface WatchedTraffic {
  readonly entries: readonly TrafficEntry[];
  /** When watching ended, in milliseconds of the world's clock. */
  readonly until: number | undefined;
}

/** How often the sandbox is asked, in milliseconds. */
const interval = 400;

/** How many entries it is asked for at once; it keeps twice as many. */
const most = 1000;

/**
 * Collects what goes over the wire of a world, from now until the signal.
 * @param note  called with the sentence that it has begun, and with one for each gap in what was collected
 * @throws Problem (unavailable) when the sandbox does not answer, unless there is something to show already
 */
export async function watchTraffic(
  ask: Ask,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<WatchedTraffic> {
  let anchor = (await trafficAfter(ask, 0, 1)).at(-1);
  note("Watching. Ctrl+C ends it and reports.");
  let entries: TrafficEntry[] = [];

  async function collect(): Promise<void> {
    // Together with the last one that is known: without it, the world has another history, or has forgotten it.
    const answer = await trafficAfter(ask, anchor ? anchor.Number - 1 : 0, most);
    const goesOn = anchor === undefined || answer.some((entry) => isSame(entry, anchor));
    if (goesOn) return keep(answer.filter((entry) => !isSame(entry, anchor)));
    const all = await trafficAfter(ask, 0, most);
    const after = anchor?.Number ?? 0;
    const isNewWorld = all.some(({ Number: number }) => number === after) || (all.at(-1)?.Number ?? after) < after;
    if (!isNewWorld) return keep(all.filter(({ Number: number }) => number > after));
    note("The world was reset: what was seen before does not count.");
    entries = [];
    anchor = undefined;
    keep(all);
  }

  function keep(found: readonly TrafficEntry[]): void {
    const [first] = found;
    if (!first) return;
    const missed = first.Number - 1 - (anchor?.Number ?? first.Number - 1);
    if (missed > 0) note(`${missed} exchanges went by too quickly to be seen.`);
    entries.push(...found);
    anchor = found.at(-1);
  }

  try {
    while (!signal.aborted) {
      await collect();
      await setTimeout(interval, undefined, { signal }).catch(() => undefined);
    }
    await collect();
    const { NowUtc } = await ask<ClockState>("clock/get", {});
    return { entries, until: Date.parse(NowUtc) };
  } catch (error) {
    if (entries.length === 0 || !(error instanceof Problem)) throw error;
    note(`${error.message} This is about what was seen until then.`);
    return { entries, until: undefined };
  }
}

function isSame(a: TrafficEntry, b: TrafficEntry | undefined): boolean {
  return a.Number === b?.Number && a.StartedUtc === b.StartedUtc && a.Milliseconds === b.Milliseconds;
}

async function trafficAfter(ask: Ask, after: number, count: number): Promise<readonly TrafficEntry[]> {
  const { Traffic } = await ask<{ Traffic: TrafficEntry[] }>("traffic/getAll", { After: after, Count: count });
  return Traffic;
}
