import { Command as Program, Option as ProgramOption } from "commander";
import { version } from "../core/version.ts";
import { type Command, type Option, type Terminal, UsageError, type Values } from "./command.ts";
import { innboxCommand, startCommand } from "./own-command.ts";

/** The line that follows every sentence on a mistake in the command line. */
export const helpHint = "See innbox --help.";

/** What each group of commands is about. */
const groups: Readonly<Record<string, string>> = {
  enterprise: "The properties.",
  client: "The partners' applications.",
  integration: "Which client is connected to which property.",
  staff: "The people who work in the inbox.",
  "staff link": "Links that let people in, and that have not been used yet.",
  webhook: "Where clients hear of events, and what they were sent.",
  sandbox: "What a running sandbox can be told.",
};

/** The commands as commander has them. Its parsing throws a CommanderError after it has printed help or a mistake. */
export function programOf(commands: readonly Command[], args: readonly string[], terminal: Terminal): Program {
  const program = new Program("innbox")
    .description(`Innbox ${version}: guest messaging for hotels`)
    .version(version, "--version", "Print the version.")
    .exitOverride()
    .showHelpAfterError(helpHint)
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .addHelpText(
      "after",
      examplesText([
        `${startCommand}    (the sandbox, with the public demo tokens)`,
        `${innboxCommand} serve    (a real installation)`,
        `${innboxCommand} enterprise add --name "Grand Hotel"    (its first property)`,
      ]),
    );
  for (const command of commands) addCommand(program, command, args, terminal);
  return program;
}

function addCommand(program: Program, command: Command, args: readonly string[], terminal: Terminal): void {
  const { summary, examples, options, operand } = command;
  const words = command.name.split(" ");
  const parent = words.slice(0, -1).reduce((group, word, index) => {
    const known = group.commands.find((candidate) => candidate.name() === word);
    return known ?? group.command(word).description(groups[words.slice(0, index + 1).join(" ")] ?? "");
  }, program);
  const leaf = parent.command(words.at(-1) ?? "").description(summary);
  for (const option of options) leaf.addOption(programOption(option));
  const placeholder = options.find(({ name }) => name === operand)?.placeholder;
  if (placeholder !== undefined) leaf.argument(`[${placeholder}]`, `The same as --${operand}.`);
  leaf.addHelpText("after", examplesText(examples.map((example) => `innbox ${example}`)));
  leaf.action(() => command.run(valuesOf(command, leaf, args, terminal), terminal));
}

function examplesText(examples: readonly string[]): string {
  return ["\nExamples:", ...examples.map((example) => `  ${example}`)].join("\n");
}

function programOption({ name, placeholder, description, isRequired, isRepeatable }: Option): ProgramOption {
  const notes = `${isRequired ? " Required." : ""}${isRepeatable ? " May be given several times." : ""}`;
  const option = new ProgramOption(`--${name}${placeholder ? ` <${placeholder}>` : ""}`, description + notes);
  return isRepeatable ? option.argParser((value, before: readonly string[] = []) => [...before, value]) : option;
}

/** What was typed. @throws UsageError for a value that is missing, or was given twice */
function valuesOf(command: Command, leaf: Program, args: readonly string[], { environment }: Terminal): Values {
  const values = new Map<string, readonly string[]>();
  for (const option of leaf.options) {
    const value: unknown = leaf.getOptionValue(option.attributeName());
    if (value !== undefined) values.set(option.name(), [value].flat().map(String));
  }
  const { operand } = command;
  const [given] = leaf.args;
  if (operand !== undefined && given !== undefined) {
    if (values.has(operand)) throw new UsageError(`Give --${operand} or its value alone, not both.`);
    values.set(operand, [given]);
  }
  for (const { name, placeholder, isRequired } of command.options) {
    if (placeholder === undefined) continue;
    const texts = values.get(name) ?? [];
    // commander takes the flag that follows for a value. So a value with -- before it must be joined by =.
    const isNext = (text: string) => text.startsWith("--") && !args.includes(`--${name}=${text}`);
    if (texts.some(isNext)) throw new UsageError(`--${name} needs a value: --${name}=${placeholder}.`);
    if (isRequired && !texts[0]?.trim()) throw new UsageError(`--${name} ${placeholder} is required.`);
  }
  const text = (name: string) => values.get(name)?.at(-1);
  return {
    text,
    required: (name) => text(name) ?? "",
    all: (name) => values.get(name) ?? [],
    has: (name) => values.has(name),
    flags: Object.fromEntries([...values.keys()].map((name) => [name, text(name)])),
    environment,
  };
}

/**
 * Splits `--flag=value` in two. commander's sentence on an unknown flag then has the flag alone: with the value it
 * could print a secret, and would not find the flag that was meant.
 * @throws UsageError for a switch that is given a value
 */
export function splitFlags(args: readonly string[], commands: readonly Command[]): string[] {
  const options = commands.flatMap((command) => command.options);
  const withValue = new Set(options.filter(({ placeholder }) => placeholder).map(({ name }) => name));
  const switches = new Set(options.map(({ name }) => name).filter((name) => !withValue.has(name)));
  return args.flatMap((arg) => {
    const [, name, value] = /^--([a-z-]+)=(.*)$/s.exec(arg) ?? [];
    if (name === undefined || value === undefined) return [arg];
    if (switches.has(name)) throw new UsageError(`--${name} takes no value.`);
    return [`--${name}`, value];
  });
}
