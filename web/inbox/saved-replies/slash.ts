export interface Slash {
  readonly typed: string;
  /** Of the slash in the whole text. */
  readonly start: number;
}

/** What is being looked for with a slash at the start of a word before the caret. */
export function slashBefore(text: string, caret: number): Slash | undefined {
  const match = /(?:^|\s)\/([^\s/]{0,40})$/u.exec(text.slice(Math.max(0, caret - 50), caret));
  if (!match) return undefined;
  const typed = match[1] ?? "";
  return { typed, start: caret - typed.length - 1 };
}
