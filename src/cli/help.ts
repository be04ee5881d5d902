import { resolve } from "node:path";
import { environmentVariable, type Setting, serverSettings } from "../config/settings.ts";
import { databasePlace, withoutPassword } from "../core/database-place.ts";
import { version } from "../core/version.ts";
import type { Command, Option } from "./command.ts";
import { innboxCommand, startCommand } from "./own-command.ts";

/** Commands in one line each. */
export function generalHelp(commands: readonly Command[]): string {
  return [
    `Innbox ${version}: guest messaging for hotels`,
    "",
    "Examples",
    ...columns([
      [startCommand, "the sandbox, with the public demo tokens"],
      [`${innboxCommand} serve`, "a real installation"],
      [`${innboxCommand} enterprise add --name "Grand Hotel"`, "its first property"],
    ]),
    "",
    "Commands",
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    "",
    "innbox COMMAND --help says more of each.",
  ].join("\n");
}

/** One command: examples first. */
export function commandHelp({ name, summary, examples, options, operand }: Command): string {
  return [
    `innbox ${name}: ${summary}`,
    "",
    "Examples",
    ...examples.map((example) => `  innbox ${example}`),
    ...(options.length > 0 ? ["", "Options", ...columns(options.map((option) => optionLine(option, operand)))] : []),
  ].join("\n");
}

/** The flags of settings, with their defaults and environment variables. */
export function settingOptions(settings: readonly Setting<unknown>[] = serverSettings): Option[] {
  const withFlag = settings.filter(({ isSecret }) => !isSecret);
  return withFlag.map((setting) => ({
    name: setting.name,
    placeholder: setting.placeholder,
    description: `${setting.description} Default ${setting.default}; ${environmentVariable(setting)}.`,
  }));
}

/** A flag and what it means; that of the operand may be left out. */
function optionLine(option: Option, operand: string | undefined): [string, string] {
  const { name, placeholder, description, isRequired, isRepeatable } = option;
  const flag = name === operand ? `[--${name}]` : `--${name}`;
  const notes = `${isRequired ? " Required." : ""}${isRepeatable ? " May be given several times." : ""}`;
  return [`${flag}${placeholder ? ` ${placeholder}` : ""}`, description + notes];
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}

/** What must stand behind a command that a hint shows, so that it opens the same database. */
export function databaseArgument(database: string | undefined): string {
  return database ? ` --database '${withoutPassword(database).replaceAll("'", "'\\''")}'` : "";
}

/** Where everything is, for people. */
export function keptIn(database: string): string {
  const place = databasePlace(database);
  return place.engine === "sqlite" ? resolve(place.path) : withoutPassword(place.url);
}
