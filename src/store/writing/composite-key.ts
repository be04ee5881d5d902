/** One key for a map of things that are found by several ids. No id has a blank but the last, which may. */
export function compositeKey(...parts: readonly string[]): string {
  return parts.join(" ");
}
