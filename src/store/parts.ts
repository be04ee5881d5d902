import type { Clock } from "../core/clock.ts";
import type { IdentifierSource } from "../core/identifiers.ts";
import type { Store } from "./store.ts";

/** What every part of a server works with: where data are kept, what time it is, and ids for new things. */
export interface Parts {
  readonly store: Store;
  readonly clock: Clock;
  readonly newIdentifier: IdentifierSource;
}
