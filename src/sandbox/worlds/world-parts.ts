import type { SecretBox } from "../../core/secret-box.ts";
import type { Destinations } from "../../delivery/webhooks/destination.ts";
import type { Parts } from "../../store/parts.ts";
import type { FreezableClock } from "../clock/freezable-clock.ts";
import type { Timeline } from "../clock/timeline.ts";

/** What every part of a world works with. */
export interface WorldParts extends Parts {
  /** What webhooks' secrets are sealed with. */
  readonly secretBox: () => Promise<SecretBox>;
  /** Where webhooks may go. */
  readonly destinations: Destinations;
  /** The world's name; `default` for the one that is asked without a name. */
  readonly name: string;
  /** Where the sandbox listens, as in `http://127.0.0.1:8080`. The header `Innbox-World` names this world. */
  readonly url: string;
  readonly worldClock: FreezableClock;
  readonly timeline: Timeline;
  /** To be called when something other than the traffic has changed: the pages that show the world are told. */
  readonly changed: () => void;
  /** Logs an error that belongs to no request. */
  readonly failed: (error: unknown) => void;
}
