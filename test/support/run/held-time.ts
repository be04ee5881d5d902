import type { TestContext } from "node:test";

/** More than any limit of a test. */
const aDay = 86_400_000;

/** A promise that is never settled: a test that waits for it sees a day go by. */
export function inVain<T>(time: HeldTime): Promise<T> {
  setImmediate(() => time.pass(aDay));
  return new Promise(() => undefined);
}

/** Time for the timers and deadlines of this process, which passes faster than on the wall where a test wants it to. */
export interface HeldTime {
  /** Moves on by so many milliseconds: what was to happen within them happens now. */
  pass(milliseconds: number): void;
}

/**
 * Holds the timers of `setTimeout` until the test has time pass. To be called before a server starts, since a timer from
 * before could not be cleared. Those of `node:timers/promises` go on by themselves.
 */
export function holdTime(t: TestContext): HeldTime {
  const realNow = performance.now.bind(performance);
  let passed = 0;
  t.mock.timers.enable({ apis: ["setTimeout"] });
  t.mock.method(performance, "now", () => realNow() + passed);
  return {
    pass: (milliseconds) => {
      passed += milliseconds;
      t.mock.timers.tick(milliseconds);
    },
  };
}
