import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Block, fileNameOf, placeOf } from "./documents.ts";

/** Somebody who follows a page, in one terminal. */
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

export function openSession({ folder, environment, localized }: SessionOptions): Session {
  const blocks = join(folder, ".blocks");
  mkdirSync(blocks, { recursive: true });
  // A group of its own, so that all that it has started can be ended with it.
  const shell = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail"], {
    cwd: folder,
    env: environment,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
    detached: true,
  });
  let printed = "";
  let told = "";
  let isOver = false;
  let count = 0;
  const listeners = new Set<() => void>();
  const heard = () => {
    for (const listener of listeners) listener();
  };
  const { stdin, stdout, stderr } = shell;
  for (const stream of [stdout, stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      heard();
    });
  }
  const signals = shell.stdio[3] as NodeJS.ReadableStream;
  signals.setEncoding("utf8").on("data", (text: string) => {
    told += text;
    heard();
  });
  const closed = new Promise<void>((resolve) => {
    shell.once("exit", () => {
      isOver = true;
      heard();
    });
    shell.once("close", () => resolve());
  });
  // What is written to a shell that has ended is told by its end.
  stdin?.on("error", () => undefined);

  /** Resolves when `is` holds; the reason why not is an Error otherwise. */
  function until(is: () => boolean, isHopeless: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => done(new Error(`${what} did not come in time`)), patience);
      const done = (error?: Error) => {
        clearTimeout(timer);
        listeners.delete(look);
        if (error) reject(error);
        else resolve();
      };
      const look = () => {
        if (is()) done();
        else if (isHopeless()) done(new Error(`it ended without ${what}`));
      };
      listeners.add(look);
      look();
    });
  }

  async function carryOut(command: string, number: number): Promise<void> {
    stdin?.write(`${command}\necho "done ${number}." >&3\n`);
    await until(
      () => told.includes(`done ${number}.`),
      () => isOver,
      "success",
    );
  }

  /** What was told of those that stay: the numbers of their blocks, and of their process groups. */
  function staying(): readonly { readonly number: string; readonly group: number }[] {
    const begun = [...told.matchAll(/begun (\d+) (\d+)\./g)];
    return begun
      .map(([, number = "", group = ""]) => ({ number, group: Number(group) }))
      .filter(({ number }) => !told.includes(`over ${number}.`));
  }

  async function stopAll(): Promise<void> {
    for (const { number, group } of staying()) {
      killGroup(group, "SIGTERM");
      await until(
        () => told.includes(`over ${number}.`),
        () => isOver,
        "the end of what ran before",
      );
    }
  }

  async function obey({ notes, language, ...block }: Block): Promise<void> {
    count += 1;
    const number = count;
    const file = join(blocks, String(number));
    writeFileSync(file, localized(block.text));
    const name = fileNameOf(block);
    if (language !== "sh") {
      if (name !== undefined) await carryOut(`mkdir -p "$(dirname '${name}')" && cp '${file}' '${name}'`, number);
      return;
    }
    if (notes.has("stops")) await stopAll();
    const start = printed.length;
    const prints = (text: string, isHopeless: () => boolean) =>
      until(() => printed.slice(start).includes(localized(text)), isHopeless, `printing "${text}"`);
    if (notes.has("stays")) {
      stdin?.write(`set -m\n${stayingOf(file, number)}\nset +m\necho "begun ${number} $!." >&3\n`);
      await prints(notes.get("stays") ?? "", () => isOver || told.includes(`over ${number}.`));
      return;
    }
    const run = `source '${file}' < /dev/null`;
    // Within a condition nothing ends the shell; the last command tells.
    await carryOut(notes.has("fails") ? `if ${run}; then exit 1; fi` : run, number);
    const text = notes.get("prints");
    if (text !== undefined) await prints(text, () => isOver);
  }

  return {
    follow: async (block) => {
      const start = printed.length;
      try {
        await obey(block);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`${placeOf(block)}\nfailed: ${reason}. It printed:\n${printed.slice(start)}`);
      }
    },
    end: async () => {
      for (const { group } of staying()) killGroup(group, "SIGKILL");
      if (shell.pid !== undefined) killGroup(shell.pid, "SIGKILL");
      await closed;
    },
  };
}

/** Runs a block beside the shell, in a process group of its own, and tells when all of it has ended. */
function stayingOf(file: string, number: number): string {
  return `( trap : TERM; trap 'echo "over ${number}." >&3' EXIT; source '${file}' ) < /dev/null &`;
}

function killGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // Nobody is left.
  }
}
