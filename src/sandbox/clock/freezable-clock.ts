import { type Clock, type Microseconds, systemClock } from "../../core/clock.ts";

/**
 * A world's clock. It goes as fast as the machine's, from the time to which it was set. While it is frozen, it stands
 * still: limits, retries, expiry and every CreatedUtc of the world have that one time until it is set, advanced or let go.
 */
export interface FreezableClock {
  readonly now: Clock;
  isFrozen(): boolean;
  /** Whether it was ever set or frozen. */
  isTouched(): boolean;
  freeze(): void;
  unfreeze(): void;
  /** Sets the clock back or forth. A frozen clock stays frozen. */
  set(now: Microseconds): void;
  /** Calls `listener` after each of these changes. */
  onChange(listener: () => void): void;
}

/** A clock that goes and has the time of `machine`. */
export function freezableClock(machine: Clock = systemClock): FreezableClock {
  let offset = 0;
  let frozenAt: Microseconds | undefined;
  let isTouched = false;
  const listeners: (() => void)[] = [];
  const now = () => frozenAt ?? machine() + offset;
  const change = (to: Microseconds, isFrozen: boolean) => {
    offset = to - machine();
    frozenAt = isFrozen ? to : undefined;
    isTouched = true;
    for (const listener of listeners) listener();
  };
  return {
    now,
    isFrozen: () => frozenAt !== undefined,
    isTouched: () => isTouched,
    freeze: () => change(now(), true),
    unfreeze: () => change(now(), false),
    set: (to) => change(to, frozenAt !== undefined),
    onChange: (listener) => listeners.push(listener),
  };
}
