import type { AppOptions, PatienceOptions, Sandbox } from "../../app.ts";
import type { Config } from "../../config/config.ts";
import type { Microseconds } from "../../core/clock.ts";
import { databasePlace } from "../../core/database-place.ts";
import { uuidv7Source } from "../../core/identifiers.ts";
import { Problem, unavailable } from "../../core/problem.ts";
import { letGoOfWebhooks } from "../../store/copy/truncate-history.ts";
import { claimInstallation } from "../../store/directory/installation.ts";
import { copySqlite, openMemory } from "../../store/engines/sqlite/memory.ts";
import { migrate } from "../../store/migrations/migrations.ts";
import { storeOn } from "../../store/store.ts";
import { type FreezableClock, freezableClock } from "../clock/freezable-clock.ts";
import { defaultWorld } from "../worlds/world-names.ts";
import type { Exchange, Image, Worlds } from "../worlds/worlds.ts";
import { type StartedWorld, startWorld } from "./start-world.ts";

export interface WorldsOptions extends PatienceOptions, Pick<AppOptions, "log" | "random" | "lookup" | "isStrict"> {
  readonly config: Config;
  readonly sandbox: Pick<Sandbox, "prepare" | "publicTokens">;
  /** Where the sandbox listens, once it does. */
  readonly url: () => string;
  /** Keeps the default world in memory too. */
  readonly isInMemory: boolean;
}

/** How long a world is kept that nobody asks, and how often to look, in milliseconds. */
const idleLimit = 10 * 60_000;
const idleLook = 60_000;

/** How many worlds there are at most: any page that a browser shows can have it ask for names. */
const maxWorlds = 1000;

interface Kept {
  readonly started: Promise<StartedWorld>;
  /** Where its data are, for `copySqlite`; `undefined` on other machines. */
  readonly location: string | undefined;
  exchanges: number;
  lastUsed: number;
}

export function openWorlds(options: WorldsOptions): Worlds<StartedWorld> {
  const { config, sandbox, isInMemory } = options;
  const kept = new Map<string, Kept>();
  let template: Promise<Image> | undefined;
  let isStopped = false;

  /** What every new world is a copy of, made when the first one is. */
  function templateImage(): Promise<Image> {
    template ??= makeTemplate(config, sandbox.prepare);
    return template;
  }

  /** @param before  whose place it takes, once that one has ended */
  function begin(name: string, from?: Image, before?: Kept): Kept {
    if (isStopped) throw unavailable("The server is stopping.");
    if (kept.size >= maxWorlds && !kept.has(name)) throw unavailable("There are too many worlds; drop some.");
    const isOnDisk = name === defaultWorld && !isInMemory;
    const memory = isOnDisk ? undefined : openMemory();
    const place = databasePlace(config.database);
    const location = memory?.location ?? (place.engine === "sqlite" ? place.path : undefined);
    const clock = freezableClock();
    if (from?.clock) set(clock, from.clock);

    async function start(): Promise<StartedWorld> {
      await (await before?.started.catch(() => undefined))?.stop();
      const image = from ?? (memory && (await templateImage()));
      // In the image's turn, so that nobody closes it meanwhile.
      if (image && location !== undefined) await image.db.snapshot(() => copySqlite(image.location, location));
      // All that an image has is there; nothing is to be added to it.
      const prepare = image ? async () => undefined : sandbox.prepare;
      const db = memory && { db: memory.db };
      const { publicTokens } = sandbox;
      return startWorld({ ...options, ...db, name, url: options.url(), worldClock: clock, prepare, publicTokens });
    }
    const world: Kept = { started: start(), location, exchanges: 0, lastUsed: Date.now() };
    kept.set(name, world);
    world.started.catch(() => {
      if (kept.get(name) === world) kept.delete(name);
      // It is closed already where it came so far as to be used.
      memory?.db.close().catch(() => undefined);
    });
    return world;
  }

  async function find(name: string, exchange?: Exchange): Promise<StartedWorld> {
    const world = kept.get(name) ?? begin(name);
    world.exchanges += 1;
    const over = () => {
      world.exchanges -= 1;
      world.lastUsed = Date.now();
    };
    if (exchange) exchange.once("close", over);
    else over();
    const started = await world.started;
    // Another one may have taken its place meanwhile.
    return kept.get(name) === world ? started : find(name, exchange);
  }

  async function end(name: string): Promise<void> {
    const world = kept.get(name);
    kept.delete(name);
    await (await world?.started)?.stop();
  }

  const timer = setInterval(() => {
    for (const [name, { exchanges, lastUsed }] of kept) {
      if (name === defaultWorld || exchanges > 0 || Date.now() - lastUsed < idleLimit) continue;
      void end(name).catch((error: unknown) => options.log.failed(undefined, error));
    }
  }, idleLook).unref();

  return {
    find,
    names: () => [...kept.keys()],
    takeImage: async (name) => {
      const { store, worldClock, clock } = await find(name);
      const location = kept.get(name)?.location;
      if (location === undefined) throw notOnSqlite();
      const memory = openMemory();
      // No transaction is half done meanwhile.
      await store.db.snapshot(() => copySqlite(location, memory.location));
      await letGoOfWebhooks(memory.db);
      const state = worldClock.isTouched() ? { now: clock(), isFrozen: worldClock.isFrozen() } : undefined;
      return { ...memory, taken: clock(), clock: state };
    },
    renew: async (name, image) => {
      const place = databasePlace(config.database);
      if (name === defaultWorld && !isInMemory && place.engine !== "sqlite") throw notOnSqlite();
      const from = image ?? (await templateImage());
      // Whoever asks meanwhile waits for the new one.
      return begin(name, from, kept.get(name)).started;
    },
    drop: end,
    stop: async () => {
      clearInterval(timer);
      isStopped = true;
      // What they have under way is answered meanwhile, so they stay where they are found.
      await Promise.all([...kept.values()].map(async ({ started }) => (await started.catch(() => undefined))?.stop()));
      await (await template?.catch(() => undefined))?.db.close();
    },
  };
}

function notOnSqlite(): Problem {
  return new Problem("conflict", "This world is on PostgreSQL; a sandbox copies and replaces SQLite databases only.");
}

function set(clock: FreezableClock, { now, isFrozen }: { now: Microseconds; isFrozen: boolean }): void {
  // A clock that goes would be a little further by the time that it is frozen.
  if (isFrozen) clock.freeze();
  clock.set(now);
}

async function makeTemplate(config: Config, prepare: Sandbox["prepare"]): Promise<Image> {
  const memory = openMemory();
  const clock = freezableClock().now;
  await migrate(memory.db, clock, config.databasePartitions);
  await claimInstallation(memory.db, "sandbox");
  await prepare({ store: storeOn(memory.db, clock), clock, newIdentifier: uuidv7Source(clock) });
  return { ...memory, taken: clock(), clock: undefined };
}
