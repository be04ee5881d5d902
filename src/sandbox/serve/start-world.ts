import type { FastifyInstance } from "fastify";
import { type App, type AppOptions, type PatienceOptions, type Sandbox, startApp } from "../../app.ts";
import type { Config } from "../../config/config.ts";
import type { Server } from "../../http/server.ts";
import type { Db } from "../../store/db.ts";
import { nextDue } from "../../store/webhooks/claims.ts";
import { autopilotPilot } from "../autopilot/autopilot.ts";
import type { FreezableClock } from "../clock/freezable-clock.ts";
import { timeline } from "../clock/timeline.ts";
import { publishedWebhooks } from "../demo/published-webhooks.ts";
import { createFaults } from "../faults/faults.ts";
import { scenarioRuns } from "../scenarios/scenario-runs.ts";
import { tapRequests } from "../traffic/request-tap.ts";
import { createTraffic } from "../traffic/traffic.ts";
import { tapWebhooks } from "../traffic/webhook-tap.ts";
import type { World } from "../worlds/world.ts";
import type { WorldParts } from "../worlds/world-parts.ts";

export interface WorldOptions extends PatienceOptions, Pick<AppOptions, "log" | "random" | "lookup" | "isStrict"> {
  readonly name: string;
  /** Where the sandbox listens. */
  readonly url: string;
  readonly config: Config;
  /** What it is kept in, in place of the database that the configuration names. */
  readonly db?: Db;
  readonly worldClock: FreezableClock;
  readonly prepare: Sandbox["prepare"];
  readonly publicTokens: Sandbox["publicTokens"];
}

/** A world that serves what is handed over to it. */
export interface StartedWorld extends World {
  readonly app: App;
  /** Takes requests. */
  readonly server: FastifyInstance["server"];
  stop(): Promise<void>;
}

/** Starts a whole installation that listens nowhere, with all that a sandbox can do to it. */
export async function startWorld(options: WorldOptions): Promise<StartedWorld> {
  const { name, url, config, worldClock, log } = options;
  const failed = (error: unknown) => log.failed(undefined, error);
  const traffic = createTraffic();
  const faults = createFaults();
  const plans = timeline(worldClock, failed);
  const changeListeners = new Set<() => void>();
  const overListeners = new Set<() => void>();
  const changed = () => {
    for (const listener of changeListeners) listener();
  };
  worldClock.onChange(changed);
  const tap = { traffic, faults, worldClock };
  let hurry = () => {};
  let served: Server | undefined;

  const app = await startApp(config, {
    ...options,
    clock: worldClock.now,
    sandbox: {
      prepare: options.prepare,
      publicTokens: options.publicTokens,
      addRoutes: (server, { store }) => {
        hurry = tapRequests(server, { ...tap, db: store.db });
      },
      aroundWebhooks: (call) => (options.isStrict ? publishedWebhooks(tapWebhooks(call, tap)) : tapWebhooks(call, tap)),
    },
    listen: async (server) => {
      await server.fastify.ready();
      served = server;
      return url;
    },
  });
  if (!served) throw new Error("The world has nobody who takes its requests.");

  const { store, clock, newIdentifier, secretBox, destinations } = app;
  const base = { store, clock, newIdentifier, secretBox, destinations };
  const parts: WorldParts = { ...base, name, url, worldClock, timeline: plans, changed, failed };
  const autopilot = autopilotPilot(parts);
  const scenarios = scenarioRuns(parts);

  async function settle(): Promise<void> {
    do {
      await autopilot.idle();
      await plans.runDue();
      await app.settled();
      await autopilot.idle();
    } while ((plans.next() ?? Number.POSITIVE_INFINITY) <= clock());
  }

  let stopped: Promise<void> | undefined;
  async function stop(): Promise<void> {
    autopilot.stop();
    scenarios.stop();
    plans.stop();
    hurry();
    for (const listener of overListeners) listener();
    await app.stop();
  }

  return {
    ...parts,
    traffic,
    faults,
    autopilot,
    scenarios,
    app,
    server: served.fastify.server,
    onChange: (listener) => listening(changeListeners, listener),
    onOver: (listener) => {
      if (stopped) queueMicrotask(listener);
      return listening(overListeners, listener);
    },
    settle,
    nextDue: async () => {
      const dues = [plans.next(), await nextDue(store.db, clock())].filter((due) => due !== undefined);
      return dues.length > 0 ? Math.min(...dues) : undefined;
    },
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

function listening(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
