import type { Environment } from "../config/config.ts";

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

/** Runs `read`, and rethrows a problem with what was typed as a usage error. */
export function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

export const jsonOption: Option = { name: "json", description: "Print JSON for machines." };
