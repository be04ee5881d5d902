import { existsSync, mkdtempSync, readFileSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const memory = "/dev/shm";
const quickParent = isPlentiful() ? memory : tmpdir();

/** Makes an empty folder, in memory where there is plenty: a disk is slow, and shared with all other tests. */
export function quickFolder(prefix: string, parent = quickParent): string {
  return mkdtempSync(join(parent, prefix));
}

function isPlentiful(): boolean {
  if (!existsSync(memory)) return false;
  const { bavail, bsize } = statfsSync(memory);
  const isExecutable = !/ \/dev\/shm \S+ \S*\bnoexec\b/.test(readFileSync("/proc/mounts", "utf8"));
  return isExecutable && bavail * bsize > 4 * 2 ** 30;
}
