import type { Microseconds } from "../clock.ts";
import { duration } from "../config.ts";
import { invalid } from "../errors.ts";
import {
  advanceClock,
  type ClockState,
  freezeClock,
  getClock,
  setClock,
  unfreezeClock,
} from "../protocol/sandbox-clock.ts";
import { moment } from "./moment.ts";
import { type SandboxOperation, sandboxOperation, unlimitedOperation } from "./operation.ts";
import { advance } from "./time-travel.ts";
import type { WorldClock } from "./world-clock.ts";

/** Later ones would soon be no whole numbers any more. */
const lastMoment: Microseconds = Date.UTC(2200, 0) * 1000 - 1;

/** A world's time, and who moves it. */
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
    const now = moment(input.NowUtc);
    if (now < 0 || now > lastMoment) throw invalid("NowUtc must be from 1970 to 2199.");
    world.worldClock.set(now);
    await world.settle();
    return { body: stateOf(world.worldClock) };
  }),
  unlimitedOperation(advanceClock, async (world, { input }) => {
    const by = duration(input.By) * 1000;
    if (world.clock() + by > lastMoment) throw invalid("By must not lead beyond the year 2199.");
    await advance(world, by);
    return { body: stateOf(world.worldClock) };
  }),
];

function stateOf(clock: WorldClock): ClockState {
  return { NowUtc: new Date(clock.now() / 1000).toISOString(), IsFrozen: clock.isFrozen() };
}
