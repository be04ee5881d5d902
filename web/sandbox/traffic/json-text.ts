/** Longer texts are shown without colours, in characters. */
const mostColoured = 30_000;

export interface Piece {
  readonly text: string;
  readonly kind: "" | "name" | "text" | "number" | "word";
}

/** Set out on lines of its own if it is JSON, else as it is. */
export function prettyBody(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** A text that is not closed goes on to the end, so that no quote within it is tried as the beginning of another. */
const token = /("[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$))(\s*:)?|(-?\d[\d.eE+-]*)|[a-z]+/g;

const words: ReadonlySet<string> = new Set(["true", "false", "null"]);

/** Pieces of JSON as they are coloured. */
export function piecesOf(json: string): readonly Piece[] {
  if (json.length > mostColoured || !/^\s*[{[]/.test(json)) return [{ text: json, kind: "" }];
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of json.matchAll(token)) {
    const [whole, quoted, colon = "", digits] = match;
    if (match.index > end) pieces.push({ text: json.slice(end, match.index), kind: "" });
    if (digits !== undefined) pieces.push({ text: whole, kind: "number" });
    else if (quoted === undefined) pieces.push({ text: whole, kind: words.has(whole) ? "word" : "" });
    else pieces.push({ text: quoted, kind: colon ? "name" : "text" });
    if (colon) pieces.push({ text: colon, kind: "" });
    end = match.index + whole.length;
  }
  if (end < json.length) pieces.push({ text: json.slice(end), kind: "" });
  return pieces;
}
