import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

export interface IntegrityWatchOptions {
  /** How long after a check the next one begins, in milliseconds. */
  readonly interval: number;
  /** How long a monitor waits for the first check, in milliseconds; what is found later is said later. */
  readonly firstPatience?: number;
  readonly note: (message: string) => void;
}

/** Looks for damage in a file of SQLite while a server works on it. */
export interface IntegrityWatch {
  start(): void;
  /** What was found damaged, as a sentence for the operator. Waits a little for the first check. */
  damage(): Promise<string | undefined>;
  /** Ends a check that is under way. While one has the file open, a server that closes it would leave its `-wal` beside it. */
  stop(): Promise<void>;
}

function giveWay({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has ended already.
  }
}

/** Checks the file in a process of its own, which gives way to everything else, at once and then again and again. */
export function watchIntegrity(path: string, options: IntegrityWatchOptions): IntegrityWatch {
  const { interval, note, firstPatience = 1000 } = options;
  const first = Promise.withResolvers<void>();
  let found: string | undefined;
  let running: ChildProcess | undefined;
  let runningEnded: Promise<unknown> | undefined;
  let isStopped = false;
  process.on("exit", () => running?.kill("SIGKILL"));

  async function check(): Promise<void> {
    if (isStopped) return;
    try {
      const said = existsSync(path) ? await outcome() : "";
      if (said !== "") {
        found = `The database is damaged (${said}): stop the server, keep a copy of the file, and restore a backup.`;
        note(found);
        return;
      }
    } catch (error) {
      if (isStopped) return;
      note(`The database could not be checked for damage: ${error instanceof Error ? error.message : error}`);
    } finally {
      first.resolve();
    }
    setTimeout(() => void check(), interval).unref();
  }

  /** @throws Error when the check could not be made */
  async function outcome(): Promise<string> {
    const program = fileURLToPath(new URL("../store/engines/sqlite/check-program.ts", import.meta.url));
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", program, path], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    running = child;
    const ended = new Promise<number | null>((resolve, reject) => child.on("close", resolve).on("error", reject));
    runningEnded = ended.catch(() => undefined);
    child.on("spawn", () => giveWay(child));
    const [code, said, failure] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (code !== 0) throw new Error(/Error: .*/.exec(failure)?.[0] ?? `it ended with ${code}`);
    return said;
  }

  return {
    start: () => void check(),
    damage: async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, firstPatience);
      await Promise.race([first.promise, promise]);
      clearTimeout(timer);
      return found;
    },
    stop: async () => {
      isStopped = true;
      running?.kill("SIGKILL");
      await runningEnded;
    },
  };
}
