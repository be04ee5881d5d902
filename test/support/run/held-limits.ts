import type { TimeLimit } from "../../../src/delivery/webhooks/call.ts";

/** Limits of time that pass only when a test has them pass. */
export interface HeldLimits {
  readonly timeLimit: TimeLimit;
  pass(milliseconds: number): void;
}

export function heldLimits(): HeldLimits {
  let now = 0;
  const limits = new Map<AbortController, number>();
  return {
    timeLimit: (milliseconds) => {
      const controller = new AbortController();
      limits.set(controller, now + milliseconds);
      return controller.signal;
    },
    pass: (milliseconds) => {
      now += milliseconds;
      for (const [controller, end] of limits) {
        if (end > now) continue;
        controller.abort(new DOMException("The time is over.", "TimeoutError"));
        limits.delete(controller);
      }
    },
  };
}
