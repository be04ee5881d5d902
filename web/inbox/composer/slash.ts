/** What is being looked for with a slash at the start of a word before the caret, and where it begins. */
export function slashBefore(
  text: string,
  caret: number,
): { readonly typed: string; readonly start: number } | undefined {
  const match = /(?:^|\s)\/([^\s/]{0,40})$/u.exec(text.slice(Math.max(0, caret - 50), caret));
  if (!match) return undefined;
  const typed = match[1] ?? "";
  return { typed, start: caret - typed.length - 1 };
}
