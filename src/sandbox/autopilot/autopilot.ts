import type { Autopilot } from "../../protocol/sandbox/autopilot.ts";
import type { WorldParts } from "../worlds/world-parts.ts";
import { type AutopilotShift, autopilotShift } from "./shift.ts";
import { checkAutopilot } from "./wording.ts";

/** The staff of a world, as far as they act by themselves. */
export interface AutopilotPilot {
  /**
   * From the next message of a guest on, as soon as `idle` has resolved.
   * @throws Problem (invalid) naming the first property that makes no sense
   */
  set(autopilot: Autopilot): void;
  state(): Autopilot;
  /** Resolves when it has seen all that was committed so far, and planned what it will do. */
  idle(): Promise<void>;
  stop(): void;
}

/** Staff that do nothing until they are told to. */
export function autopilotPilot(parts: WorldParts): AutopilotPilot {
  let current: Autopilot = { Mode: "Off" };
  let shift: AutopilotShift | undefined;
  parts.store.onCommit((changes) => shift?.heard(changes));
  return {
    set: (autopilot) => {
      checkAutopilot(autopilot);
      shift?.end();
      current = autopilot;
      shift = autopilot.Mode === "Off" ? undefined : autopilotShift(parts, autopilot);
      parts.changed();
    },
    state: () => current,
    idle: async () => shift?.idle(),
    stop: () => {
      shift?.end();
      shift = undefined;
    },
  };
}
