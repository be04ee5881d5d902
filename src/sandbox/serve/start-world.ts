import { type App, type AppOptions, createApp, type PatienceOptions } from "../../app.ts";
import type { Config } from "../../config/config.ts";
import { nextDue } from "../../store/webhooks/claims.ts";
import { type AutopilotPilot, autopilotPilot } from "../autopilot/autopilot.ts";
import type { FreezableClock } from "../clock/freezable-clock.ts";
import { type Timeline, timeline } from "../clock/timeline.ts";
import { demoTokens } from "../demo/demo-world.ts";
import { publishedWebhooks } from "../demo/published-webhooks.ts";
import { createFaults } from "../faults/faults.ts";
import { scenarioRuns } from "../scenarios/scenario-runs.ts";
import { tapRequests } from "../traffic/request-tap.ts";
import { createTraffic } from "../traffic/traffic.ts";
import { tapWebhooks } from "../traffic/webhook-tap.ts";
import type { World } from "../worlds/world.ts";
import type { WorldParts } from "../worlds/world-parts.ts";
import { createListeners } from "./listeners.ts";

/** What a sandbox and all of its worlds are started with. */
export interface SandboxAppOptions
  extends PatienceOptions,
    Pick<AppOptions, "log" | "random" | "lookup" | "isStrict" | "seed"> {}

export interface WorldOptions extends SandboxAppOptions, Pick<AppOptions, "db"> {
  readonly name: string;
  /** Where the sandbox listens. */
  readonly url: string;
  readonly config: Config;
  readonly worldClock: FreezableClock;
}

/** A world that serves the requests that the sandbox's front door hands to it. */
export interface StartedWorld extends World {
  readonly app: App;
  stop(): Promise<void>;
}

/** Starts a whole installation that listens nowhere, with all that a sandbox can do to it. */
export async function startWorld(options: WorldOptions): Promise<StartedWorld> {
  const { name, url, config, worldClock, log } = options;
  const failed = (error: unknown) => log.failed(undefined, error);
  const traffic = createTraffic();
  const faults = createFaults();
  const tap = { traffic, faults, worldClock };

  const app = await createApp(config, {
    ...options,
    kind: "sandbox",
    publicTokens: demoTokens,
    clock: worldClock.now,
  });
  const { store, clock, newIdentifier, secretBox, destinations } = app;
  const skipWaits = tapRequests(app.server.fastify, tap, store.db);
  const call = tapWebhooks(app.callWebhook, tap);
  await app.start(options.isStrict ? publishedWebhooks(call) : call);

  const changes = createListeners();
  const ends = createListeners();
  const changed = changes.callAll;
  worldClock.onChange(changed);
  const plans = timeline(worldClock, failed);
  const base = { store, clock, newIdentifier, secretBox, destinations };
  const parts: WorldParts = { ...base, name, url, worldClock, timeline: plans, changed, failed };
  const autopilot = autopilotPilot(parts);
  const scenarios = scenarioRuns(parts);

  async function stop(): Promise<void> {
    autopilot.stop();
    scenarios.stop();
    plans.stop();
    skipWaits();
    ends.callAll();
    await app.stop();
  }
  let stopped: Promise<void> | undefined;
  return {
    ...parts,
    traffic,
    faults,
    autopilot,
    scenarios,
    app,
    onChange: changes.add,
    onOver: (listener) => {
      if (stopped) queueMicrotask(listener);
      return ends.add(listener);
    },
    settle: () => settle(app, autopilot, plans),
    nextDue: () => nextDueOf(app, plans),
    stop: () => {
      stopped ??= stop();
      return stopped;
    },
  };
}

/** Resolves when all is done that is due. What autopilot, timeline and webhooks do may make more due for each other. */
async function settle(app: App, autopilot: AutopilotPilot, plans: Timeline): Promise<void> {
  do {
    await autopilot.idle();
    await plans.runDue();
    await app.settled();
    await autopilot.idle();
  } while ((plans.next() ?? Number.POSITIVE_INFINITY) <= app.clock());
}

async function nextDueOf({ store, clock }: App, plans: Timeline): Promise<number | undefined> {
  const dues = [plans.next(), await nextDue(store.db, clock())].filter((due) => due !== undefined);
  return dues.length > 0 ? Math.min(...dues) : undefined;
}
