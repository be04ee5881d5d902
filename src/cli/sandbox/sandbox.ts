import type { Command } from "../command.ts";
import { sandboxAutopilotCommands } from "./autopilot.ts";
import { sandboxClockCommand } from "./clock.ts";
import { sandboxFaultCommands } from "./faults.ts";
import { sandboxScenarioCommands } from "./scenarios.ts";
import { sandboxStaffCommands } from "./staff.ts";
import { sandboxStateCommands } from "./state.ts";
import { sandboxTrafficCommands } from "./traffic.ts";

/** All commands for a running sandbox, in the order in which help lists them. */
export const sandboxCommands: readonly Command[] = [
  ...sandboxStaffCommands,
  ...sandboxAutopilotCommands,
  ...sandboxScenarioCommands,
  ...sandboxFaultCommands,
  sandboxClockCommand,
  ...sandboxStateCommands,
  ...sandboxTrafficCommands,
];
