/** The candidate that was probably meant: the one that is fewest typing mistakes away, at most a third of its length. */
export function closest(typed: string, candidates: readonly string[]): string | undefined {
  const [best] = candidates
    .map((candidate) => ({ candidate, mistakes: distance(typed, candidate) }))
    .filter(({ candidate, mistakes }) => mistakes <= Math.max(2, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.mistakes - b.mistakes);
  return best?.candidate;
}

/** Levenshtein's: how many characters must be inserted, deleted or replaced. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, character] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const replaced = (row[j] ?? 0) + (character === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
