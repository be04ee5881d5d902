import { fromMilliseconds, type Microseconds } from "../../core/clock.ts";
import { duration } from "../../core/duration.ts";
import { invalid } from "../../core/problem.ts";
import {
  advanceClock,
  type ClockState,
  freezeClock,
  getClock,
  setClock,
  unfreezeClock,
} from "../../protocol/sandbox/clock.ts";
import { advance } from "../../sandbox/clock/advance.ts";
import type { FreezableClock } from "../../sandbox/clock/freezable-clock.ts";
import { formatWorldTime, readWorldTime } from "../../sandbox/clock/world-time.ts";
import { type SandboxOperation, sandboxOperation, unlimitedOperation } from "./sandbox-operation.ts";

/** The last moment that a clock may be set to: microseconds long after it are no exact numbers any more. */
const lastMoment: Microseconds = fromMilliseconds(Date.UTC(2200, 0)) - 1;

/** Reads and moves a world's clock. */
export const clockOperations: readonly SandboxOperation[] = [
  sandboxOperation(getClock, ({ worldClock }) => ({ body: stateOf(worldClock) })),
  sandboxOperation(freezeClock, ({ worldClock }) => {
    worldClock.freeze();
    return { body: stateOf(worldClock) };
  }),
  sandboxOperation(unfreezeClock, ({ worldClock }) => {
    worldClock.unfreeze();
    return { body: stateOf(worldClock) };
  }),
  unlimitedOperation(setClock, async (world, { input }) => {
    const now = readWorldTime(input.NowUtc);
    if (now < 0 || now > lastMoment) throw invalid("NowUtc must be from 1970 to 2199.");
    world.worldClock.set(now);
    await world.settle();
    return { body: stateOf(world.worldClock) };
  }),
  unlimitedOperation(advanceClock, async (world, { input }) => {
    const by = fromMilliseconds(duration(input.By));
    if (world.clock() + by > lastMoment) throw invalid("By must not lead beyond the year 2199.");
    await advance(world, by);
    return { body: stateOf(world.worldClock) };
  }),
];

function stateOf(clock: FreezableClock): ClockState {
  return { NowUtc: formatWorldTime(clock.now()), IsFrozen: clock.isFrozen() };
}
