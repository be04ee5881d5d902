import { Problem } from "../../core/problem.ts";
import { type Command, jsonOption, type Option, UsageError, type Values } from "../command.ts";
import { startCommand } from "../own-command.ts";
import { printJson } from "../printing.ts";

const defaultUrl = "http://127.0.0.1:8080";

export const urlOption: Option = {
  name: "url",
  placeholder: "URL",
  description: `The running sandbox. Default ${defaultUrl}, or INNBOX_PORT there.`,
};

export const worldOption: Option = {
  name: "world",
  placeholder: "NAME",
  description: "The world it is about. Default: the one that is asked without a name.",
};

/** What every command has that asks a running sandbox. */
export const sandboxOptions: readonly Option[] = [urlOption, worldOption, jsonOption];

/** The address of the sandbox: that of `--url`, or this machine at the port that INNBOX_PORT sets. */
export function sandboxUrl(values: Values): string {
  const port = values.environment.INNBOX_PORT;
  return values.text("url") ?? (port ? `http://127.0.0.1:${port}` : defaultUrl);
}

/** How long an answer may take, in milliseconds. To move the clock takes as long as all that is due on its way. */
const patience = 600_000;

/**
 * Has a running sandbox do something, as in `clock/advance`, and returns its answer.
 * @throws Problem (unavailable) with the reason that the sandbox answers, or when no sandbox answers
 */
export async function askSandbox<T>(values: Values, operation: string, input: object = {}): Promise<T> {
  const answer = await callSandbox(values, operation, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(patience),
  });
  return (await answer.json()) as T;
}

/** Sends any request to a running sandbox, and returns its answer unread, as streams need it. @throws the same */
export async function callSandbox(values: Values, path: string, request: RequestInit): Promise<Response> {
  const url = sandboxUrl(values).replace(/\/$/, "");
  const address = `${url}/sandbox/v1/${path}`;
  if (!/^https?:\/\//.test(url) || !URL.canParse(address)) {
    throw new UsageError(`--url must be an address such as ${defaultUrl}, not "${url}".`);
  }
  const world = values.text("world");
  const headers = { ...(request.headers as object), ...(world !== undefined && { "Innbox-World": world }) };
  const answer = await fetch(address, { ...request, headers }).catch((cause: unknown) => {
    const way = values.has("thread")
      ? `Start one with ${startCommand}, or give --database.`
      : `Start one with ${startCommand}.`;
    throw new Problem("unavailable", `No sandbox answers at ${new URL(address).origin}. ${way}`, { cause });
  });
  if (answer.ok) return answer;
  throw new Problem("unavailable", messageOf(await answer.text()) ?? `${address} answered ${answer.status}.`);
}

function messageOf(body: string): string | undefined {
  try {
    return (JSON.parse(body) as { Message?: string }).Message;
  } catch {
    return undefined;
  }
}

/** A command that carries out one operation of the sandbox and prints its answer. */
export interface SandboxCommand<Answer> extends Pick<Command, "name" | "summary" | "examples" | "operand"> {
  readonly options?: readonly Option[];
  readonly operation: string;
  readonly input?: (values: Values) => object;
  /** What people get on stdout. */
  readonly out?: (answer: Answer) => string;
  /** The sentence that people get on stderr. */
  readonly note?: (answer: Answer, values: Values) => string;
}

/** Makes a command of it. With `--json`, the command prints the answer as the sandbox sent it. */
export function sandboxCommand<Answer>(command: SandboxCommand<Answer>): Command {
  const { name, summary, examples, operand, options = [], operation, input, out, note } = command;
  return {
    name: `sandbox ${name}`,
    summary,
    examples: examples.map((example) => `sandbox ${example}`),
    options: [...options, ...sandboxOptions.filter((option) => options.every((own) => own.name !== option.name))],
    ...(operand !== undefined && { operand }),
    run: async (values, terminal) => {
      const answer = await askSandbox<Answer>(values, operation, input?.(values));
      if (values.has("json")) return printJson(terminal, answer);
      if (note) terminal.note(note(answer, values));
      if (out) terminal.out(out(answer));
    },
  };
}

/** The number that a flag has; `undefined` without the flag. @throws UsageError when its value is no number */
export function numberIn(values: Values, name: string): number | undefined {
  const text = values.text(name);
  if (text === undefined) return undefined;
  if (!/^\d+(?:\.\d+)?$/.test(text)) throw new UsageError(`--${name} must be a number, not "${text}".`);
  return Number(text);
}

/** The value of a flag as `names` spell it, whatever its case. @throws UsageError when it is none of them */
export function oneOf<Name extends string>(values: Values, flag: string, names: readonly Name[]): Name | undefined {
  const text = values.text(flag);
  if (text === undefined) return undefined;
  const found = names.find((name) => name.toLowerCase() === text.toLowerCase());
  if (found === undefined) throw new UsageError(`--${flag} must be one of ${names.join(", ")}, not "${text}".`);
  return found;
}

/** The input without the properties whose flags were not given. */
export function given(input: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}
