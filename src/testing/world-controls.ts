import type { Fault, FaultState } from "../protocol/sandbox/faults.ts";
import type { WorldAccess } from "./world-access.ts";

export interface TestFaults {
  /** In place of those before; the same seed has the same calls bitten. */
  set(faults: readonly Fault[], seed?: number): Promise<void>;
  clear(): Promise<void>;
  state(): Promise<readonly FaultState[]>;
}

export interface TestClock {
  now(): Promise<Date>;
  freeze(): Promise<void>;
  unfreeze(): Promise<void>;
  set(to: Date | string): Promise<void>;
  /** By a time such as `30s` or `75h`; resolves when all has happened that was due meanwhile. */
  advance(by: string): Promise<void>;
}

/** @internal */
export function faultsOf({ ask }: WorldAccess): TestFaults {
  return {
    set: async (faults, seed) => {
      await ask("faults/set", { Faults: faults, ...(seed !== undefined && { Seed: seed }) });
    },
    clear: async () => {
      await ask("faults/set", { Faults: [] });
    },
    state: async () => (await ask<{ Faults: readonly FaultState[] }>("faults/getAll", {})).Faults,
  };
}

/** @internal */
export function clockOf({ world, ask }: WorldAccess): TestClock {
  return {
    now: async () => new Date((await world()).clock() / 1000),
    freeze: async () => (await world()).worldClock.freeze(),
    unfreeze: async () => (await world()).worldClock.unfreeze(),
    set: async (to) => {
      await ask("clock/set", { NowUtc: new Date(to).toISOString() });
    },
    advance: async (by) => {
      await ask("clock/advance", { By: by });
    },
  };
}
