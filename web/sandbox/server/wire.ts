import type Type from "typebox";
import type * as autopilot from "../../../src/protocol/sandbox/autopilot.ts";
import type * as clock from "../../../src/protocol/sandbox/clock.ts";
import type * as faults from "../../../src/protocol/sandbox/faults.ts";
import type * as scenarios from "../../../src/protocol/sandbox/scenarios.ts";
import type * as staff from "../../../src/protocol/sandbox/staff.ts";
import type * as state from "../../../src/protocol/sandbox/state.ts";
import type * as traffic from "../../../src/protocol/sandbox/traffic.ts";

/** Every operation of the sandbox that the page calls, by its address. */
interface Operations {
  "autopilot/get": typeof autopilot.getAutopilot;
  "autopilot/set": typeof autopilot.setAutopilot;
  "personas/getAll": typeof autopilot.getAllPersonas;
  "clock/get": typeof clock.getClock;
  "clock/freeze": typeof clock.freezeClock;
  "clock/unfreeze": typeof clock.unfreezeClock;
  "clock/set": typeof clock.setClock;
  "clock/advance": typeof clock.advanceClock;
  "faults/getAll": typeof faults.getAllFaults;
  "faults/set": typeof faults.setFaults;
  "scenarios/getAll": typeof scenarios.getAllScenarios;
  "scenarios/start": typeof scenarios.startScenario;
  "scenarios/getAllRuns": typeof scenarios.getAllRuns;
  "staff/signIn": typeof staff.signInToSandbox;
  "state/reset": typeof state.resetState;
  "state/snapshot": typeof state.snapshotState;
  "state/restore": typeof state.restoreState;
  "state/getAllSnapshots": typeof state.getAllSnapshots;
  "state/fork": typeof state.forkState;
  "state/import": typeof state.importState;
  "worlds/getAll": typeof state.getAllWorlds;
  "worlds/drop": typeof state.dropWorld;
  "traffic/getAll": typeof traffic.getAllTraffic;
  "traffic/resend": typeof traffic.resendTraffic;
  "traffic/clear": typeof traffic.clearTraffic;
  "webhooks/set": typeof traffic.setSandboxWebhook;
}

export type OperationName = keyof Operations;
export type InputOf<Name extends OperationName> = Type.Static<Operations[Name]["input"]>;
export type OutputOf<Name extends OperationName> = Type.Static<Operations[Name]["output"]>;
