import { closeSync, openSync } from "node:fs";
import { devNull } from "node:os";

/** How often to look, and how often to say that there are none, in milliseconds. */
export interface DescriptorWatchTimes {
  readonly interval?: number;
  readonly noteInterval?: number;
}

/**
 * Why nothing can be opened now; `undefined` while something can. A connection for which there is no descriptor is
 * closed beneath Node, which does not say so, so the only way to know is to try.
 */
export function descriptorTrouble(): string | undefined {
  try {
    closeSync(openSync(devNull, "r"));
    return undefined;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EMFILE") {
      return "The process is out of file descriptors: new connections are closed, and its limit of open files is too low.";
    }
    if (code === "ENFILE") return "The machine is out of file descriptors: new connections are closed.";
    return undefined;
  }
}

/**
 * Has the log say when there are no descriptors left: at once, and then once in each interval in which it was seen again.
 * Lasts as long as the process, and keeps it from nothing.
 */
export function watchDescriptors(note: (message: string) => void, times: DescriptorWatchTimes = {}): void {
  const { interval = 1000, noteInterval = 60_000 } = times;
  let seen = 0;
  let trouble = "";
  let noted = Number.NEGATIVE_INFINITY;
  setInterval(() => {
    const found = descriptorTrouble();
    if (found !== undefined) {
      seen += 1;
      trouble = found;
    }
    const now = performance.now();
    if (seen === 0 || now - noted < noteInterval) return;
    note(`${trouble} Seen ${seen === 1 ? "once" : `${seen} times`} since the log last said so.`);
    seen = 0;
    noted = now;
  }, interval).unref();
}
