import { readFileSync } from "node:fs";

/** Clock ticks a second in /proc, which Linux keeps at 100 for programs on every architecture. */
const ticks = 100;

/**
 * Seconds of processor time of this process and of all its children that have ended and were waited for.
 * @returns undefined where the machine has no /proc
 */
export function processorSeconds(): number | undefined {
  try {
    const stat = readFileSync("/proc/self/stat", "utf8");
    // The second field is the program's name in parentheses, which may hold blanks.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number);
    return ((user ?? 0) + (system ?? 0) + (childrenUser ?? 0) + (childrenSystem ?? 0)) / ticks;
  } catch {
    return undefined;
  }
}
