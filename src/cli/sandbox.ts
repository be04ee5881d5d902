import type { Command } from "./command.ts";
import { sandboxAutopilotCommands } from "./sandbox-autopilot.ts";
import { sandboxClockCommand } from "./sandbox-clock.ts";
import { sandboxFaultCommands } from "./sandbox-faults.ts";
import { sandboxScenarioCommands } from "./sandbox-scenarios.ts";
import { sandboxStaffCommands } from "./sandbox-staff.ts";
import { sandboxStateCommands } from "./sandbox-state.ts";
import { sandboxTrafficCommands } from "./sandbox-traffic.ts";

/** All that a sandbox can be told, in the order in which it is needed. */
export const sandboxCommands: readonly Command[] = [
  ...sandboxStaffCommands,
  ...sandboxAutopilotCommands,
  ...sandboxScenarioCommands,
  ...sandboxFaultCommands,
  sandboxClockCommand,
  ...sandboxStateCommands,
  ...sandboxTrafficCommands,
];
