import type { Config } from "../../config/config.ts";
import { databasePlace } from "../../core/database-place.ts";
import { openMemory } from "../../store/engines/sqlite/memory.ts";
import { freezableClock } from "../clock/freezable-clock.ts";
import type { Exchange, Image } from "../worlds/worlds.ts";
import { copyImage, restoreClock } from "./images.ts";
import { type SandboxAppOptions, type StartedWorld, startWorld } from "./start-world.ts";

/** A world from the moment that it is asked for. */
export interface KeptWorld {
  /** Rejects when it could not be started. */
  readonly started: Promise<StartedWorld>;
  /** Where its data are, for `copySqlite`; `undefined` on other machines. */
  readonly location: string | undefined;
  /** Counts a request as under way until its exchange closes. Without an exchange, it is over already. */
  use(exchange?: Exchange): void;
  /** For how long no request was under way, in milliseconds; 0 while one is. */
  idleTime(): number;
}

export interface KeptWorldOptions extends SandboxAppOptions {
  readonly config: Config;
  readonly name: string;
  /** Where the sandbox listens, once it does. */
  readonly url: () => string;
  /** Keeps the data in the database that the configuration names, and not in memory. */
  readonly isOnDisk: boolean;
  /** The data that it begins with; `undefined` for those in its database, to which `seed` adds what is missing. */
  readonly image: () => Promise<Image | undefined>;
}

/** Begins to start a world. */
export function beginWorld({ isOnDisk, image, url, seed, ...options }: KeptWorldOptions): KeptWorld {
  const memory = isOnDisk ? undefined : openMemory();
  const place = databasePlace(options.config.database);
  const location = memory?.location ?? (place.engine === "sqlite" ? place.path : undefined);
  let exchanges = 0;
  let lastUsed = Date.now();

  async function start(): Promise<StartedWorld> {
    const begin = await image();
    const clock = freezableClock();
    if (begin?.clock) restoreClock(clock, begin.clock);
    if (begin && location !== undefined) await copyImage(begin, location);
    const db = memory && { db: memory.db };
    // An image has all that is to be there.
    const seeding = !begin && seed && { seed };
    return startWorld({ ...options, ...db, ...seeding, url: url(), worldClock: clock });
  }

  const started = start();
  // `createApp` has closed the database already when it failed while using it; to close it again is refused.
  started.catch(() => memory?.db.close().catch(() => undefined));
  return {
    started,
    location,
    use: (exchange) => {
      lastUsed = Date.now();
      if (!exchange || exchange.closed) return;
      exchanges += 1;
      exchange.once("close", () => {
        exchanges -= 1;
        lastUsed = Date.now();
      });
    },
    idleTime: () => (exchanges > 0 ? 0 : Date.now() - lastUsed),
  };
}
