import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, constants, openSync } from "node:fs";
import { Socket } from "node:net";
import { join } from "node:path";
import type { Scope } from "./scope.ts";
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
  const reader = new Socket({ fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK), writable: false });
  const writer = openSync(path, constants.O_WRONLY);
  t.after(() => {
    reader.destroy();
    closeSync(writer);
  });
  let text = "";
  reader.pause();
  reader.setEncoding("utf8");
  return {
    writer,
    readUntil: (condition) =>
      new Promise((resolve) => {
        const read = (part: string) => {
          text += part;
          if (!condition(text)) return;
          reader.pause();
          reader.off("data", read);
          resolve(text);
        };
        reader.on("data", read);
        reader.resume();
      }),
    destroy: () => reader.destroy(),
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
