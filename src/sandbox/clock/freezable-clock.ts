import { type Clock, type Microseconds, systemClock } from "../../core/clock.ts";

/** A world's time: it goes on as the machine's does, from wherever it was set, or stands still. */
export interface FreezableClock {
  readonly now: Clock;
  isFrozen(): boolean;
  /** Whether it was ever moved or stopped. */
  isTouched(): boolean;
  freeze(): void;
  unfreeze(): void;
  /** Back or forth. A clock that stands still goes on standing still. */
  set(now: Microseconds): void;
  /** Has `listener` told of each of these changes. */
  onChange(listener: () => void): void;
}

/** Starts at the machine's own time, and going. @param machine  what it goes by */
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
