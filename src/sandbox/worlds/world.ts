import type { Parts } from "../../app.ts";
import type { SecretBox } from "../../core/secret-box.ts";
import type { Destinations } from "../../delivery/webhooks/destination.ts";
import type { CallDb } from "../../store/store.ts";
import type { AutopilotPilot } from "../autopilot/autopilot.ts";
import type { Timeline } from "../clock/timeline.ts";
import type { WorldClock } from "../clock/world-clock.ts";
import type { Faults } from "../faults/faults.ts";
import type { ScenarioRuns } from "../scenarios/scenario-runs.ts";
import type { Traffic } from "../traffic/traffic.ts";

/** What every part of a world works with. */
export interface WorldParts extends Parts {
  /** What webhooks' secrets are sealed with. */
  readonly secretBox: () => Promise<SecretBox>;
  /** Where webhooks may go. */
  readonly destinations: Destinations;
  /** The world's name; `default` for the one that is asked without a name. */
  readonly name: string;
  /** Where the sandbox listens, as in `http://127.0.0.1:8080`; the header `Innbox-World` leads to this world. */
  readonly url: string;
  readonly worldClock: WorldClock;
  readonly timeline: Timeline;
  /** Tells the pages that look at the world that something other than its traffic has changed. */
  readonly changed: () => void;
  /** Told of failures that belong to no request. */
  readonly failed: (error: unknown) => void;
}

/** One world of a sandbox: an installation of its own, and all that can be done to it. It lives until it is reset. */
export interface World extends WorldParts {
  readonly traffic: Traffic;
  readonly faults: Faults;
  readonly autopilot: AutopilotPilot;
  readonly scenarios: ScenarioRuns;
  /** Has `listener` told when `changed` is called, and when the world is over. @returns what ends that */
  onChange(listener: () => void): () => void;
  onOver(listener: () => void): () => void;
  /** Resolves when all is done that is due by the world's clock: timeline, autopilot, webhooks. */
  settle(): Promise<void>;
  /** When the next thing is due by the world's clock: on the timeline, or a webhook that is tried again. */
  nextDue(): Promise<number | undefined>;
}

/** A world as the operation of a request has it. */
export interface WorldContext extends Omit<World, "store"> {
  /** The request's own: it ends with the request's deadline. */
  readonly db: CallDb;
}
