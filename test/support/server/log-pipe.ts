import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Scope } from "../run/scope.ts";
import { temporaryFolder } from "./server.ts";

/** A pipe of the system for a program's output, which holds 64 KiB and then blocks or refuses. */
export interface LogPipe {
  /** For `stdio` of a program. */
  readonly writer: number;
  /** Reads until everything so far satisfies `condition`, and then no further. @returns everything so far */
  readUntil(condition: (text: string) => boolean): Promise<string>;
  /** Breaks it: there is no reader any more, nor will there be one. */
  destroy(): void;
}

export function logPipe(t: Scope): LogPipe {
  const path = join(temporaryFolder(t), "log");
  execFileSync("mkfifo", [path]);
  const end = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(path, constants.O_WRONLY);
  /** Made by the first `readUntil`: from then on it takes what comes into a buffer of its own. */
  let reader: Socket | undefined;
  let isDestroyed = false;
  const destroy = () => {
    if (isDestroyed) return;
    isDestroyed = true;
    if (reader) reader.destroy();
    else closeSync(end);
  };
  t.after(() => {
    destroy();
    closeSync(writer);
  });
  let text = "";
  return {
    writer,
    readUntil: (condition) =>
      new Promise((resolve) => {
        const opened = reader ?? new Socket({ fd: end, writable: false }).setEncoding("utf8");
        reader = opened;
        const read = (part: string) => {
          text += part;
          if (!condition(text)) return;
          opened.pause();
          opened.off("data", read);
          resolve(text);
        };
        opened.on("data", read);
        opened.resume();
      }),
    destroy,
  };
}

/** Makes the system hold writes to a pipe that is full, as another program does that shares it and ends. */
export async function sharingProgram(t: Scope, pipe: number): Promise<{ end(): Promise<void> }> {
  // Node sets back at its end what it found at its start.
  const program = spawn(process.execPath, ["-e", "process.stderr.write('started'); process.stdin.resume()"], {
    stdio: ["pipe", pipe, "pipe"],
  });
  t.after(() => void program.kill("SIGKILL"));
  const exited = once(program, "exit");
  if (program.stderr) await once(program.stderr, "data");
  return {
    end: async () => {
      program.stdin?.end();
      await exited;
    },
  };
}
