import type { Config } from "../../config/config.ts";
import type { Microseconds } from "../../core/clock.ts";
import { uuidv7Source } from "../../core/identifiers.ts";
import { Problem } from "../../core/problem.ts";
import { letGoOfWebhooks } from "../../store/copy/truncate-history.ts";
import { claimInstallation } from "../../store/directory/installation.ts";
import { copySqlite, openMemory } from "../../store/engines/sqlite/memory.ts";
import { migrate } from "../../store/migrations/migrations.ts";
import type { Parts } from "../../store/parts.ts";
import { storeOn } from "../../store/store.ts";
import { type FreezableClock, freezableClock } from "../clock/freezable-clock.ts";
import type { Image } from "../worlds/worlds.ts";
import type { StartedWorld } from "./start-world.ts";

/** The data that every new world of a sandbox begins with. */
export async function makeTemplate(
  config: Config,
  seed: ((parts: Parts) => Promise<void>) | undefined,
): Promise<Image> {
  const memory = openMemory();
  const clock = freezableClock().now;
  await migrate(memory.db, clock, config.databasePartitions);
  await claimInstallation(memory.db, "sandbox");
  await seed?.({ store: storeOn(memory.db, clock), clock, newIdentifier: uuidv7Source(clock) });
  return { ...memory, taken: clock(), clock: undefined };
}

/**
 * Copies all data of a world as they are now.
 * @param location  of its database; `undefined` where that is on other machines
 * @throws Problem (conflict) without a location
 */
export async function takeImage({ store, worldClock, clock }: StartedWorld, location: string | undefined) {
  if (location === undefined) throw notOnSqlite();
  const memory = openMemory();
  // A snapshot waits its turn, so no transaction is half done in the copy.
  await store.db.snapshot(() => copySqlite(location, memory.location));
  await letGoOfWebhooks(memory.db);
  const state = worldClock.isTouched() ? { now: clock(), isFrozen: worldClock.isFrozen() } : undefined;
  return { ...memory, taken: clock(), clock: state };
}

/** Gives a new world the data of an image. */
export async function copyImage(image: Image, location: string): Promise<void> {
  // An image is closed in its turn too, so it stays open while it is copied.
  await image.db.snapshot(() => copySqlite(image.location, location));
}

/** Sets the clock of a new world as it was when its image was taken. */
export function restoreClock(clock: FreezableClock, { now, isFrozen }: { now: Microseconds; isFrozen: boolean }): void {
  // A clock that goes would be a little further by the time that it is frozen.
  if (isFrozen) clock.freeze();
  clock.set(now);
}

export function notOnSqlite(): Problem {
  return new Problem("conflict", "This world is on PostgreSQL; a sandbox copies and replaces SQLite databases only.");
}
