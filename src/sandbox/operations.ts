import { autopilotOperations } from "./autopilot-operations.ts";
import { clockOperations } from "./clock-operations.ts";
import { faultOperations } from "./faults-operations.ts";
import type { SandboxOperation } from "./operation.ts";
import { scenarioOperations } from "./scenario-operations.ts";
import { staffOperations } from "./staff-operations.ts";
import { trafficOperations } from "./traffic-operations.ts";
import { webhookOperations } from "./webhook-operations.ts";

/** All that can be done to one world. */
export const worldOperations: readonly SandboxOperation[] = [
  ...staffOperations,
  ...autopilotOperations,
  ...scenarioOperations,
  ...faultOperations,
  ...clockOperations,
  ...trafficOperations,
  ...webhookOperations,
];
