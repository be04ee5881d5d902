import type { Microseconds } from "../../core/clock.ts";
import type { FreezableClock } from "./freezable-clock.ts";

/** What is planned in a world, by the world's clock. */
export interface Timeline {
  /** Plans `work` for when the clock reaches `time`; soon, if it has already. @returns calls it off */
  at(time: Microseconds, work: () => Promise<void> | void): () => void;
  /** The time of the next work that is planned. */
  next(): Microseconds | undefined;
  /** Does all work that is due, in the order of its times; resolves when it is done. */
  runDue(): Promise<void>;
  /** Calls off everything. */
  stop(): void;
}

interface Planned {
  readonly time: Microseconds;
  readonly work: () => Promise<void> | void;
}

/** The longest wait that a timer can take, in milliseconds. After that it looks again. */
const longestWait = 2_147_483_647;

/** @param failed  is called with an error that a work has thrown */
export function timeline(clock: FreezableClock, failed: (error: unknown) => void): Timeline {
  const planned = new Set<Planned>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();

  function earliest(): Planned | undefined {
    let found: Planned | undefined;
    // Of several works for the same time, the one that was planned first comes first.
    for (const each of planned) if (!found || each.time < found.time) found = each;
    return found;
  }

  function arm(): void {
    clearTimeout(timer);
    const next = earliest();
    if (!next || isStopped) return;
    const wait = next.time - clock.now();
    // A frozen clock reaches no time by itself. When it is moved, this function is called again.
    if (wait > 0 && clock.isFrozen()) return;
    timer = setTimeout(() => void runDue(), Math.min(longestWait, Math.ceil(Math.max(0, wait) / 1000)));
  }

  async function runAll(): Promise<void> {
    for (let next = earliest(); next && next.time <= clock.now() && !isStopped; next = earliest()) {
      planned.delete(next);
      try {
        await next.work();
      } catch (error) {
        failed(error);
      }
    }
    arm();
  }

  function runDue(): Promise<void> {
    running = running.then(runAll);
    return running;
  }

  clock.onChange(arm);
  return {
    at: (time, work) => {
      const plan = { time, work };
      if (!isStopped) planned.add(plan);
      arm();
      return () => {
        planned.delete(plan);
        arm();
      };
    },
    next: () => earliest()?.time,
    runDue,
    stop: () => {
      isStopped = true;
      planned.clear();
      clearTimeout(timer);
    },
  };
}
