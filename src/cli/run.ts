import { CommanderError } from "commander";
import { Problem } from "../core/problem.ts";
import { withWayOut } from "../core/ways-out.ts";
import { type Command, type Terminal, UsageError } from "./command.ts";
import { clientCommands } from "./commands/client.ts";
import { copyCommand } from "./commands/copy.ts";
import { devCommand } from "./commands/dev.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { enterpriseCommands } from "./commands/enterprise.ts";
import { integrationCommands } from "./commands/integration.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { rehearseCommand } from "./commands/rehearse.ts";
import { seedCommand } from "./commands/seed.ts";
import { serveCommand } from "./commands/serve.ts";
import { staffCommands } from "./commands/staff.ts";
import { staffLinkCommands } from "./commands/staff-link.ts";
import { webhookCommands } from "./commands/webhook.ts";
import { webhookDeliveryCommands } from "./commands/webhook-deliveries.ts";
import { webhookHoldCommands } from "./commands/webhook-hold.ts";
import { helpHint, programOf, splitFlags } from "./program.ts";
import { sandboxCommands } from "./sandbox/sandbox.ts";

const commands: readonly Command[] = [
  devCommand,
  serveCommand,
  ...enterpriseCommands,
  ...clientCommands,
  ...integrationCommands,
  ...staffCommands,
  ...staffLinkCommands,
  ...webhookCommands,
  ...webhookDeliveryCommands,
  ...webhookHoldCommands,
  migrateCommand,
  copyCommand,
  doctorCommand,
  ...sandboxCommands,
  rehearseCommand,
  seedCommand,
];

export type ExitCode = 0 | 1 | 2;

/**
 * Runs one command line.
 * @returns 0 when it was carried out, 1 when it failed, 2 when it was typed wrong
 */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  try {
    const isGroup = args.length === 0 || commands.some(({ name }) => name.startsWith(`${args.join(" ")} `));
    const typed = isGroup ? [...args, "--help"] : splitFlags(args, commands);
    await programOf(commands, args, terminal).parseAsync(typed, { from: "user" });
    return 0;
  } catch (error) {
    // commander throws after it has printed a help text, the version, or a mistake; only the last has an exit code.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof UsageError) {
      terminal.note(error.message);
      terminal.note(helpHint);
      return 2;
    }
    if (error instanceof Problem) {
      terminal.note(withWayOut(error));
      return 1;
    }
    throw error;
  }
}
