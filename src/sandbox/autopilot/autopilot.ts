import type { Autopilot } from "../../protocol/sandbox/autopilot.ts";
import type { WorldParts } from "../worlds/world-parts.ts";
import { type AutopilotShift, autopilotShift } from "./shift.ts";
import { checkAutopilot } from "./wording.ts";

/** The staff of a world, which answer guests by themselves. */
export interface AutopilotPilot {
  /**
   * Begins with the next message of a guest, once `idle` has resolved.
   * @throws Problem (invalid) naming the first field that can't be so
   */
  set(autopilot: Autopilot): void;
  state(): Autopilot;
  /** Resolves when everything that was committed before the call has been read, and the answers to it are planned. */
  idle(): Promise<void>;
  stop(): void;
}

/** Staff that do nothing until a mode is set. */
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
