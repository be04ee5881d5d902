import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { runCommandLine } from "../../../src/cli/run.ts";
import { demoTokens } from "../../../src/sandbox/demo/demo-world.ts";
import { environment } from "../database/engine.ts";
import { checkAnswer } from "../docs/described.ts";
import { hangGuard } from "../run/patience.ts";
import type { Scope } from "../run/scope.ts";
import type { Answer } from "./answer.ts";
import type { CallOptions } from "./server.ts";

/** The folder of the project, where `npm` commands are run. */
export const projectFolder = fileURLToPath(new URL("../../..", import.meta.url));

const main = fileURLToPath(new URL("../../../src/main.ts", import.meta.url));

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Variables = Readonly<Record<string, string>>;

export interface SpawnOptions {
  readonly env?: Variables;
  /** The working folder. */
  readonly cwd?: string;
  /** Where its output goes, in place of what is collected here. */
  readonly stdout?: number;
}

/** Runs a command line to its end. One that hangs is killed, and its exit code is then `null`. */
export function innbox(args: readonly string[], env: Variables = {}, cwd = projectFolder): Promise<Ended> {
  return run(process.execPath, [main, ...args], { env, cwd });
}

/** Runs a command line as a person pastes it into a terminal, in the folder of the project. */
export function paste(line: string): Promise<Ended> {
  return run("sh", ["-c", line], {});
}

function run(program: string, args: readonly string[], options: SpawnOptions): Promise<Ended> {
  return watch(start(program, args, options, hangGuard)).ended;
}

/**
 * The same without a process of its own, which takes a tenth of the time: for tables of cases, and for what a test only
 * prepares. Like `innbox` it opens the database by itself.
 */
export async function innboxHere(args: readonly string[], variables: Variables = {}): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  const out = (text: string) => {
    stdout += `${text}\n`;
  };
  const note = (text: string) => {
    stderr += `${text}\n`;
  };
  const exitCode = await runCommandLine(args, { out, note, environment: { ...environment, ...variables } });
  return { exitCode, signal: null, stdout, stderr };
}

/** Data of a command that must succeed. @throws Error with all that it said when it does not */
export async function innboxData(...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await innboxHere(args);
  if (exitCode !== 0) throw new Error(`innbox ${args.join(" ")} ended with ${exitCode}:\n${stderr}`);
  return stdout.trim();
}

/** What a command with `--json` prints. */
export async function innboxJson<T>(...args: readonly string[]): Promise<T> {
  return JSON.parse(await innboxData(...args, "--json")) as T;
}

/** Calls an operation of a server in another process, with client 1's portfolio token unless told otherwise. */
export async function call(
  url: string,
  operation: string,
  properties: object = {},
  { tokens = demoTokens, headers = {} }: CallOptions = {},
): Promise<Answer> {
  const response = await fetch(`${url}/api/connector/v1/${operation}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ ...tokens, Client: "Test 1.0.0", ...properties }),
  });
  return checkAnswer(operation, response.status, response.headers, await response.text());
}

export interface ServerProcess {
  /** Where it says that it listens. */
  readonly url: string;
  readonly child: ChildProcess;
  /** Resolves when the process has ended and no process, not even a child of it, holds its output open. */
  readonly ended: Promise<Ended>;
  /** Resolves with the first match in what it has printed on stdout so far or will print. */
  printed(pattern: RegExp): Promise<string>;
  /** The same for stderr. */
  noted(pattern: RegExp): Promise<string>;
  /** Everything on stdout so far. */
  stdout(): string;
  /** Everything on stderr so far. */
  stderr(): string;
}

/** Starts `innbox dev` or `innbox serve` on a free port, and waits until it listens; killed when the test ends. */
export function startServer(
  t: Scope,
  command: "dev" | "serve",
  database: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): Promise<ServerProcess> {
  // What is made up of people and threads takes its time, and is counted nowhere.
  const bare = command === "dev" ? ["--bare"] : [];
  const allArgs = [main, command, "--port", "0", "--database", database, ...bare, ...args];
  return listening(t, process.execPath, allArgs, options);
}

/** The same with so many file descriptors at most. */
export function startLimitedServer(
  t: Scope,
  descriptors: number,
  command: "dev" | "serve",
  database: string,
): Promise<ServerProcess> {
  const words = [process.execPath, main, command, "--port", "0", "--database", database];
  // Connections that ask nothing are closed after this time, which would free descriptors on a slow machine.
  words.push("--request-timeout", "1h");
  return listening(t, "sh", ["-c", `ulimit -n ${descriptors} && exec "$@"`, "sh", ...words], {});
}

/** The same with `npm start`. */
export function npmStart(t: Scope, database: string): Promise<ServerProcess> {
  return listening(t, "npm", ["start", "--", "--port", "0", "--database", database], {});
}

async function listening(t: Scope, program: string, args: readonly string[], options: SpawnOptions) {
  const child = start(program, args, options);
  const { ended, printed, noted, stdout, stderr } = watch(child);
  t.after(() => {
    child.kill("SIGKILL");
    // A grandchild that outlives a failed test must not keep the test's process alive.
    child.stdout?.destroy();
    child.stderr?.destroy();
  });
  // A server whose output goes elsewhere still says on stderr where its first owner signs in.
  const isElsewhere = options.stdout !== undefined;
  const introduction = await (isElsewhere
    ? noted(/http:\/\/[\w.:]+/)
    : printed(/Innbox \S+ (?:sandbox|listens) at http:\/\/[\w.:]+/));
  const url = introduction.slice(introduction.indexOf("http"));
  return { url, child, ended, printed, noted, stdout, stderr };
}

function start(program: string, args: readonly string[], options: SpawnOptions, timeout?: number): ChildProcess {
  const { env, cwd, stdout = "pipe" } = options;
  return spawn(program, args, {
    cwd: cwd ?? projectFolder,
    env: { ...ownVariables(), ...environment, ...env },
    stdio: ["ignore", stdout, "pipe"],
    ...(timeout !== undefined && { timeout, killSignal: "SIGKILL" }),
  });
}

/** Without settings of the machine on which the tests run. */
function ownVariables(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("INNBOX_")));
}

function watch(child: ChildProcess) {
  let stdout = "";
  let stderr = "";
  let hasEnded = false;
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    changed();
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    changed();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      hasEnded = true;
      resolve({ exitCode, signal, stdout, stderr });
      changed();
    });
  });

  function found(output: () => string, pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const match = pattern.exec(output())?.[0];
        if (match === undefined && !hasEnded) return;
        listeners.delete(look);
        if (match !== undefined) resolve(match);
        else reject(new Error(`It ended without printing ${pattern}:\n${stdout}${stderr}`));
      };
      listeners.add(look);
      look();
    });
  }

  return {
    ended,
    stdout: () => stdout,
    stderr: () => stderr,
    printed: (pattern: RegExp) => found(() => stdout, pattern),
    noted: (pattern: RegExp) => found(() => stderr, pattern),
  };
}
