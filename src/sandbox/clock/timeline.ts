import type { Microseconds } from "../../core/clock.ts";
import type { FreezableClock } from "./freezable-clock.ts";

/** What will happen in a world, and when by its clock. */
export interface Timeline {
  /** Does `work` when the clock gets there, or now if it is there already. @returns what calls it off */
  at(time: Microseconds, work: () => Promise<void> | void): () => void;
  /** When the next thing is to happen. */
  next(): Microseconds | undefined;
  /** Does all that is due, in the order of its times; resolves when it is done. */
  runDue(): Promise<void>;
  /** Nothing happens any more. */
  stop(): void;
}

interface Planned {
  readonly time: Microseconds;
  readonly work: () => Promise<void> | void;
}

/** The longest wait that a timer can take, in milliseconds; it looks again then. */
const longestWait = 2_147_483_647;

/** @param failed  told of what went wrong in a work */
export function timeline(clock: FreezableClock, failed: (error: unknown) => void): Timeline {
  const planned = new Set<Planned>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  let running: Promise<void> = Promise.resolve();

  function earliest(): Planned | undefined {
    let found: Planned | undefined;
    // Of two at the same time, the one that was planned first.
    for (const each of planned) if (!found || each.time < found.time) found = each;
    return found;
  }

  function arm(): void {
    clearTimeout(timer);
    const next = earliest();
    if (!next || isStopped) return;
    const wait = next.time - clock.now();
    // A clock that stands still comes to what is planned when it is moved.
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
