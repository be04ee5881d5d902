import type { Microseconds } from "../../core/clock.ts";
import type { World } from "../worlds/world.ts";

/** Moves a world's clock on by stopping at each time at which something is due, so that it is done at its own time. */
export async function advance(
  world: Pick<World, "worldClock" | "settle" | "nextDue">,
  by: Microseconds,
): Promise<void> {
  const { worldClock } = world;
  const end = worldClock.now() + by;
  await world.settle();
  for (;;) {
    const next = await world.nextDue();
    if (next === undefined || next > end) break;
    worldClock.set(Math.max(next, worldClock.now()));
    await world.settle();
  }
  worldClock.set(Math.max(end, worldClock.now()));
  await world.settle();
}
