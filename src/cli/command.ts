import { parseArgs } from "node:util";
import type { Environment } from "../config/config.ts";
import { closest } from "./suggestion.ts";

/** One flag of a command. */
export interface Option {
  readonly name: string;
  /** What stands for the value in help; a flag without one is a switch. */
  readonly placeholder?: string;
  readonly description: string;
  readonly isRequired?: boolean;
  readonly isRepeatable?: boolean;
}

export interface Terminal {
  /** Data, on stdout. */
  out(text: string): void;
  /** Everything else, on stderr. */
  note(text: string): void;
  readonly environment: Environment;
}

/** What was given on the command line. */
export interface Values {
  /** The value of a flag that may be missing. */
  text(name: string): string | undefined;
  /** The value of a required flag. */
  required(name: string): string;
  all(name: string): readonly string[];
  has(name: string): boolean;
  /** Every flag with a value, for the settings. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly environment: Environment;
}

export interface Command {
  /** As it is typed, as in `enterprise add`. */
  readonly name: string;
  readonly summary: string;
  readonly examples: readonly string[];
  readonly options: readonly Option[];
  /** The flag whose value may be given without the flag. */
  readonly operand?: string;
  readonly run: (values: Values, terminal: Terminal) => Promise<void>;
}

/** The command was typed wrong: exit code 2. */
export class UsageError extends Error {}

/** Rethrows a problem with what was typed as a usage error. */
export function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

export const jsonOption: Option = { name: "json", description: "Print JSON for machines." };

/** @throws UsageError for a flag that is unknown, malformed or missing */
export function parseValues(command: Command, args: readonly string[], environment: Environment): Values {
  const options = [...command.options, { name: "help", description: "" }];
  const parsed = usage(() =>
    parseArgs({
      args: [...args],
      strict: false,
      tokens: true,
      options: Object.fromEntries(
        options.map(({ name, placeholder, isRepeatable }) => [
          name,
          { type: placeholder ? "string" : "boolean", multiple: isRepeatable ?? false } as const,
        ]),
      ),
    }),
  );
  for (const token of parsed.tokens) {
    if (token.kind === "option") checkFlag(options, token);
  }
  const { operand } = command;
  const mayHaveOperand = operand !== undefined && parsed.values[operand] === undefined;
  const [given, ...rest] = mayHaveOperand ? parsed.positionals : [undefined, ...parsed.positionals];
  const [unexpected] = rest;
  if (unexpected !== undefined) throw new UsageError(`"${unexpected}" is not expected after innbox ${command.name}.`);

  const values = new Map(Object.entries(parsed.values).map(([name, value]) => [name, [value].flat().map(String)]));
  if (operand !== undefined && given !== undefined) values.set(operand, [given]);
  for (const { name, placeholder, isRequired } of command.options) {
    const isMissing = isRequired && !values.get(name)?.[0]?.trim();
    if (isMissing && !values.has("help")) throw new UsageError(`--${name} ${placeholder ?? ""} is required.`);
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

interface FlagToken {
  readonly name: string;
  readonly value?: string | undefined;
  readonly inlineValue?: boolean | undefined;
}

function checkFlag(options: readonly Option[], { name, value, inlineValue }: FlagToken): void {
  const option = options.find((candidate) => candidate.name === name);
  if (!option) {
    const names = options.map((candidate) => candidate.name);
    const suggestion = closest(name, names);
    throw new UsageError(`There is no --${name} here.${suggestion ? ` Did you mean --${suggestion}?` : ""}`);
  }
  const { placeholder } = option;
  if (placeholder === undefined) {
    if (value !== undefined) throw new UsageError(`--${name} takes no value.`);
    return;
  }
  // What looks like the next flag is taken for a value only where it can be nothing else.
  const isMissing = value === undefined || (!inlineValue && value.startsWith("--"));
  if (isMissing) throw new UsageError(`--${name} needs a value: --${name}=${placeholder}.`);
}
