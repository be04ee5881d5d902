import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The files of the repository that a pattern names, without what is built or installed. */
export function sourceFiles(...patterns: readonly string[]): readonly string[] {
  const ignored = ["**/node_modules/**", "**/dist/**"];
  return globSync([...patterns], { cwd: root, exclude: ignored }).toSorted();
}
