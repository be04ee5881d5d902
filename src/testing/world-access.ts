import type { StartedWorld } from "../sandbox/serve/start-world.ts";

/**
 * How the parts of a test's world reach it.
 * @internal
 */
export interface WorldAccess {
  /** The world as it is now: a reset puts another one in its place. */
  world(): Promise<StartedWorld>;
  /**
   * Calls an operation of the sandbox's own API, as in `clock/advance`.
   * @throws Error with the sentence of a refusal
   */
  ask<T>(operation: string, input: object): Promise<T>;
  /** Resolves when everything that was committed so far is in the list of events. */
  caughtUp(): Promise<void>;
}
