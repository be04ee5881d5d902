import type { Config } from "../../config/config.ts";
import { databasePlace } from "../../core/database-place.ts";
import { unavailable } from "../../core/problem.ts";
import { defaultWorld } from "../worlds/world-names.ts";
import type { Exchange, Image, Worlds } from "../worlds/worlds.ts";
import { makeTemplate, notOnSqlite, takeImage } from "./images.ts";
import { beginWorld, type KeptWorld } from "./kept-world.ts";
import type { SandboxAppOptions, StartedWorld } from "./start-world.ts";

export interface WorldsOptions extends SandboxAppOptions {
  readonly config: Config;
  /** Where the sandbox listens, once it does. */
  readonly url: () => string;
  /** Keeps the default world in memory too. */
  readonly isInMemory: boolean;
}

/** How long a world is kept that no request asks for, and how often to look, in milliseconds. */
const idleLimit = 10 * 60_000;
const idleLook = 60_000;

/** How many worlds there are at most: any page that a browser shows can have it ask for names. */
const maxWorlds = 1000;

export function openWorlds(options: WorldsOptions): Worlds<StartedWorld> {
  const { config, isInMemory, log } = options;
  const kept = new Map<string, KeptWorld>();
  const isOnDisk = (name: string) => name === defaultWorld && !isInMemory;
  let template: Promise<Image> | undefined;
  let isStopped = false;

  /** What every new world in memory is a copy of. It is made when the first such world is. */
  function templateImage(): Promise<Image> {
    template ??= makeTemplate(config, options.seed);
    return template;
  }

  /** @param before  the world whose place it takes, once that one has ended */
  function begin(name: string, from?: Image, before?: KeptWorld): KeptWorld {
    if (isStopped) throw unavailable("The server is stopping.");
    if (kept.size >= maxWorlds && !kept.has(name)) throw unavailable("There are too many worlds; drop some.");
    const image = async () => {
      await stopStarted(before);
      return from ?? (isOnDisk(name) ? undefined : templateImage());
    };
    const world = beginWorld({ ...options, name, isOnDisk: isOnDisk(name), image });
    kept.set(name, world);
    world.started.catch(() => {
      if (kept.get(name) === world) kept.delete(name);
    });
    return world;
  }

  async function find(name: string, exchange?: Exchange): Promise<StartedWorld> {
    const world = kept.get(name) ?? begin(name);
    world.use(exchange);
    const started = await world.started;
    // Another one may have taken its place meanwhile.
    return kept.get(name) === world ? started : find(name, exchange);
  }

  async function drop(name: string): Promise<void> {
    const world = kept.get(name);
    kept.delete(name);
    await (await world?.started)?.stop();
  }

  function dropIdle(): void {
    for (const [name, world] of kept) {
      if (name === defaultWorld || world.idleTime() < idleLimit) continue;
      drop(name).catch((error: unknown) => log.failed(undefined, error));
    }
  }

  const timer = setInterval(dropIdle, idleLook).unref();
  return {
    find,
    drop,
    names: () => [...kept.keys()],
    takeImage: async (name) => takeImage(await find(name), kept.get(name)?.location),
    renew: async (name, image) => {
      if (isOnDisk(name) && databasePlace(config.database).engine !== "sqlite") throw notOnSqlite();
      const from = image ?? (await templateImage());
      // Requests that come meanwhile wait for the new world, since it is found from now on.
      return begin(name, from, kept.get(name)).started;
    },
    stop: async () => {
      clearInterval(timer);
      isStopped = true;
      // Worlds stay where they are found, so that requests under way are answered while they stop.
      await Promise.all([...kept.values()].map(stopStarted));
      await (await template?.catch(() => undefined))?.db.close();
    },
  };
}

/** Stops a world, unless it could not be started. */
async function stopStarted(world: KeptWorld | undefined): Promise<void> {
  await (await world?.started.catch(() => undefined))?.stop();
}
