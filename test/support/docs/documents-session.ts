import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Block, fileNameOf, placeOf } from "./documents.ts";

/** Follows a page in one terminal, as a reader does. */
export interface Session {
  /** Does what a block says. @throws Error with its place, and all that it printed, when it does not go as it should */
  follow(block: Block): Promise<void>;
  /** Ends it, with everything that still runs. */
  end(): Promise<void>;
}

export interface SessionOptions {
  /** Where it begins. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  /** What stands in place of what a page says: a port that is free, a folder that may be written to. */
  readonly localized: (text: string) => string;
}

/** How long one block may take, in milliseconds. */
const patience = 60_000;

/** A shell that runs what it is given, and reports by lines of its own what has ended. */
interface Shell {
  /** Has it read a line. */
  type(line: string): void;
  /** All that it has printed. */
  printed(): string;
  /** What it has reported. */
  reported(): string;
  /** Resolves when `is` holds. Rejects when the shell ends first, when `isHopeless` holds, or when it takes too long. */
  until(is: () => boolean, what: string, isHopeless?: () => boolean): Promise<void>;
  /** Ends it, with everything that it has started and that is still in its group. */
  kill(): Promise<void>;
}

export function openSession({ folder, environment, localized }: SessionOptions): Session {
  const blocks = join(folder, ".blocks");
  mkdirSync(blocks, { recursive: true });
  const shell = openShell(folder, environment);
  let count = 0;

  async function obey({ notes, language, ...block }: Block): Promise<void> {
    count += 1;
    const number = count;
    const file = join(blocks, String(number));
    writeFileSync(file, localized(block.text));
    const name = fileNameOf(block);
    if (language !== "sh") {
      if (name !== undefined)
        await carryOut(shell, `mkdir -p "$(dirname '${name}')" && cp '${file}' '${name}'`, number);
      return;
    }
    if (notes.has("stops")) await stopAll(shell);
    const start = shell.printed().length;
    const prints = (text: string, isHopeless?: () => boolean) =>
      shell.until(() => shell.printed().slice(start).includes(localized(text)), `printing "${text}"`, isHopeless);
    if (notes.has("stays")) {
      shell.type(`set -m\n${stayingOf(file, number)}\nset +m\necho "begun ${number} $!." >&3`);
      await prints(notes.get("stays") ?? "", () => shell.reported().includes(`over ${number}.`));
      return;
    }
    const run = `source '${file}' < /dev/null`;
    // Within a condition nothing ends the shell; the last command tells.
    await carryOut(shell, notes.has("fails") ? `if ${run}; then exit 1; fi` : run, number);
    const text = notes.get("prints");
    if (text !== undefined) await prints(text);
  }

  return {
    follow: async (block) => {
      const start = shell.printed().length;
      try {
        await obey(block);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`${placeOf(block)}\nfailed: ${reason}. It printed:\n${shell.printed().slice(start)}`);
      }
    },
    end: async () => {
      for (const { group } of staying(shell)) killGroup(group, "SIGKILL");
      await shell.kill();
    },
  };
}

function openShell(folder: string, environment: Readonly<Record<string, string>>): Shell {
  // A group of its own, so that all that it has started can be ended with it.
  const shell = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail"], {
    cwd: folder,
    env: environment,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    detached: true,
  });
  let printed = "";
  let reported = "";
  let isOver = false;
  const changed = new EventEmitter();
  const { stdin, stdout, stderr } = shell;
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      changed.emit("change");
    });
  }
  const reports = shell.stdio[3] as NodeJS.ReadableStream;
  reports.setEncoding("utf8").on("data", (text: string) => {
    reported += text;
    changed.emit("change");
  });
  shell.once("exit", () => {
    isOver = true;
    changed.emit("change");
  });
  const closed = new Promise<void>((resolve) => {
    shell.once("close", () => resolve());
  });
  // What is written to a shell that has ended fails; its end is noticed by "exit".
  stdin?.on("error", () => undefined);

  return {
    type: (line) => stdin?.write(`${line}\n`),
    printed: () => printed,
    reported: () => reported,
    until: async (is, what, isHopeless = () => false) => {
      const deadline = AbortSignal.timeout(patience);
      while (!is()) {
        if (isOver || isHopeless()) throw new Error(`it ended without ${what}`);
        await once(changed, "change", { signal: deadline }).catch(() => {
          throw new Error(`${what} did not come in time`);
        });
      }
    },
    kill: async () => {
      if (shell.pid !== undefined) killGroup(shell.pid, "SIGKILL");
      await closed;
    },
  };
}

async function carryOut(shell: Shell, command: string, number: number): Promise<void> {
  shell.type(`${command}\necho "done ${number}." >&3`);
  await shell.until(() => shell.reported().includes(`done ${number}.`), "success");
}

/** The blocks that still run beside the shell: their numbers, and their process groups. */
function staying(shell: Shell): readonly { readonly number: string; readonly group: number }[] {
  const begun = [...shell.reported().matchAll(/begun (\d+) (\d+)\./g)];
  return begun
    .map(([, number = "", group = ""]) => ({ number, group: Number(group) }))
    .filter(({ number }) => !shell.reported().includes(`over ${number}.`));
}

async function stopAll(shell: Shell): Promise<void> {
  for (const { number, group } of staying(shell)) {
    killGroup(group, "SIGTERM");
    await shell.until(() => shell.reported().includes(`over ${number}.`), "the end of what ran before");
  }
}

/** Runs a block beside the shell, in a process group of its own, and tells when all of it has ended. */
function stayingOf(file: string, number: number): string {
  return `( trap : TERM; trap 'echo "over ${number}." >&3' EXIT; source '${file}' ) < /dev/null &`;
}

function killGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // The group has ended.
  }
}
