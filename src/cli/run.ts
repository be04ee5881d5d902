import { Problem } from "../core/problem.ts";
import { version } from "../core/version.ts";
import { withWayOut } from "../core/ways-out.ts";
import { type Command, parseValues, type Terminal, UsageError } from "./command.ts";
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
import { commandHelp, generalHelp } from "./help.ts";
import { sandboxCommands } from "./sandbox/sandbox.ts";
import { closest } from "./suggestion.ts";

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
    if (args.includes("--version")) {
      terminal.out(version);
      return 0;
    }
    const words = wordsOf(args);
    const group = commands.filter(({ name }) => words.length === 0 || name.startsWith(`${words.join(" ")} `));
    const [flag] = args;
    if (words.length === 0 && flag?.startsWith("-") && flag !== "--help")
      throw new UsageError(`There is no ${flag} here.`);
    if (group.length > 0) {
      terminal.out(generalHelp(group));
      return 0;
    }
    const command = findCommand(words);
    const values = parseValues(command, args.slice(command.name.split(" ").length), terminal.environment);
    if (values.has("help")) terminal.out(commandHelp(command));
    else await command.run(values, terminal);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.note(error.message);
      terminal.note("See innbox --help.");
      return 2;
    }
    if (error instanceof Problem) {
      terminal.note(withWayOut(error));
      return 1;
    }
    throw error;
  }
}

/** The words of the longest command that there is, as far as they stand at the beginning. */
const maxWords = Math.max(...commands.map(({ name }) => name.split(" ").length));

/** What may be the name of a command: what stands before the first flag. */
function wordsOf(args: readonly string[]): readonly string[] {
  const end = args.findIndex((word) => word.startsWith("-") || word === "help");
  return args.slice(0, end < 0 ? maxWords : Math.min(end, maxWords));
}

/** @throws UsageError, with what was probably meant, when there is no such command */
function findCommand(words: readonly string[]): Command {
  for (let count = words.length; count > 0; count -= 1) {
    const command = commands.find(({ name }) => name === words.slice(0, count).join(" "));
    if (command) return command;
  }
  const typed = words.slice(0, 2).join(" ");
  const names = commands.map(({ name }) => name);
  const suggestion = closest(typed, names) ?? names.find((name) => name.startsWith(typed.slice(0, 4)));
  throw new UsageError(`There is no command "${typed}".${suggestion ? ` Did you mean "${suggestion}"?` : ""}`);
}
