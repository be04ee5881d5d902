import type { CallDb } from "../../store/store.ts";
import type { AutopilotPilot } from "../autopilot/autopilot.ts";
import type { Faults } from "../faults/faults.ts";
import type { ScenarioRuns } from "../scenarios/scenario-runs.ts";
import type { Traffic } from "../traffic/traffic.ts";
import type { WorldParts } from "./world-parts.ts";

/** One world of a sandbox: an installation of its own, and all that can be done to it. A reset makes a new world. */
export interface World extends WorldParts {
  readonly traffic: Traffic;
  readonly faults: Faults;
  readonly autopilot: AutopilotPilot;
  readonly scenarios: ScenarioRuns;
  /** Calls `listener` when something other than the traffic has changed. @returns ends that */
  onChange(listener: () => void): () => void;
  /** Calls `listener` when the world has been stopped. @returns ends that */
  onOver(listener: () => void): () => void;
  /** Resolves when everything has been done that is due by the world's clock: timeline, autopilot, webhooks. */
  settle(): Promise<void>;
  /** When the next thing is due by the world's clock: on the timeline, or a webhook that is tried again. */
  nextDue(): Promise<number | undefined>;
}

/** A world as the operation of a request gets it. */
export interface WorldContext extends Omit<World, "store"> {
  /** Bound to the request: its statements end with the request's deadline. */
  readonly db: CallDb;
}
