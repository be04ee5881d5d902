import { autopilotOperations } from "./autopilot.ts";
import { clockOperations } from "./clock.ts";
import { faultOperations } from "./faults.ts";
import type { SandboxOperation } from "./sandbox-operation.ts";
import { scenarioOperations } from "./scenarios.ts";
import { sandboxStaffOperations } from "./staff.ts";
import { trafficOperations } from "./traffic.ts";

/** All that can be done to one world. */
export const worldOperations: readonly SandboxOperation[] = [
  ...sandboxStaffOperations,
  ...autopilotOperations,
  ...scenarioOperations,
  ...faultOperations,
  ...clockOperations,
  ...trafficOperations,
];
