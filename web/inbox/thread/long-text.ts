import { beginning } from "../../shared/plain-text.ts";

/** A text of more characters or lines is folded. */
const longText = 3000;
const manyLines = 40;
const foldedText = 1200;
const foldedLines = 16;

/** The beginning of a long text; undefined for one that is shown whole. */
export function foldedBeginning(text: string): string | undefined {
  const lines = text.split("\n", manyLines + 1);
  if (text.length <= longText && lines.length <= manyLines) return undefined;
  return beginning(lines.slice(0, foldedLines).join("\n"), foldedText);
}
