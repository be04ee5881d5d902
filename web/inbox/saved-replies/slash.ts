export interface Slash {
  readonly typed: string;
  /** Where the slash stands in the whole text. */
  readonly start: number;
}

/** The slash before the caret, and what was typed behind it, if it begins a word. */
export function slashBefore(text: string, caret: number): Slash | undefined {
  const match = /(?:^|\s)\/([^\s/]{0,40})$/u.exec(text.slice(Math.max(0, caret - 50), caret));
  if (!match) return undefined;
  const typed = match[1] ?? "";
  return { typed, start: caret - typed.length - 1 };
}
