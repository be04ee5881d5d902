import { setImmediate, setTimeout } from "node:timers/promises";

/**
 * What a step has left to do: `more` at once, after others had a turn; `busy` with work under way that wakes the loop
 * when it ends; `idle`, nothing until something new comes.
 */
export type StepOutcome = "more" | "busy" | "idle";

export interface LoopOptions {
  /** Does some of the work. The signal aborts when the loop is to end; from then on a step begins nothing new. */
  readonly step: (signal: AbortSignal) => Promise<StepOutcome>;
  /** Called for the first of several failures in a row, and for none once the loop is to end. */
  readonly failed: (error: unknown) => void;
  /** How often to take a step that no `wake` asks for, in milliseconds. */
  readonly interval: number;
  /** How long to wait after a step that failed, in milliseconds; the interval by default. */
  readonly pauseAfterFailure?: number;
}

/** Work that a process does again and again beside its requests. It keeps no process alive and never rejects. */
export interface BackgroundLoop {
  /** Has a step taken soon. A hint that saves waiting: without it, the next interval brings one. */
  wake(): void;
  /** Resolves once a step that began after this call was left `idle`, or the loop has ended. */
  settled(): Promise<void>;
  /**
   * Ends the loop after a step that is `idle` or fails. Resolves then, or after so many milliseconds of `patience`, one
   * second by default, while the step goes on.
   */
  stop(patience?: number): Promise<void>;
}

/** Takes the first step at once. */
export function backgroundLoop({ step, failed, interval, pauseAfterFailure = interval }: LoopOptions): BackgroundLoop {
  const stopping = new AbortController();
  const { signal } = stopping;
  /** The calls of `settled` that wait for their answer, the oldest first. */
  const settling: (() => void)[] = [];
  let hasEnded = false;
  let isFailing = false;
  let isAwake = false;
  let wakeUp = () => {};

  function wake(): void {
    isAwake = true;
    wakeUp();
  }

  async function sleepUntilWoken(): Promise<void> {
    if (isAwake) return;
    await new Promise<void>((resolve) => {
      wakeUp = resolve;
    });
  }

  async function takeStep(): Promise<StepOutcome | "failed"> {
    try {
      const outcome = await step(signal);
      isFailing = false;
      return outcome;
    } catch (error) {
      if (!isFailing && !signal.aborted) failed(error);
      isFailing = true;
      return "failed";
    }
  }

  async function run(): Promise<void> {
    for (;;) {
      isAwake = false;
      const asked = settling.length;
      const outcome = await takeStep();
      if (outcome === "idle") resolveSettled(asked);
      if (signal.aborted && (outcome === "idle" || outcome === "failed")) return;
      if (outcome === "more") await setImmediate();
      else if (outcome === "failed") await pause(pauseAfterFailure, signal);
      else await sleepUntilWoken();
    }
  }

  function resolveSettled(count: number): void {
    for (const resolve of settling.splice(0, count)) resolve();
  }

  const ticking = setInterval(wake, interval).unref();
  const running = run().finally(() => {
    hasEnded = true;
    clearInterval(ticking);
    resolveSettled(settling.length);
  });
  return {
    wake,
    settled: () =>
      new Promise((resolve) => {
        if (hasEnded) return resolve();
        settling.push(resolve);
        wake();
      }),
    stop: async (patience = 1000) => {
      stopping.abort();
      wake();
      const timer = new AbortController();
      const timeout = setTimeout(patience, undefined, { signal: timer.signal }).catch(() => undefined);
      await Promise.race([running.then(() => timer.abort()), timeout]);
    },
  };
}

/** Resolves after so many milliseconds, or when the signal aborts. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal, ref: false }).catch(() => undefined);
}
