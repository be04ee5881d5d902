/** Texts of more characters are shown without colours. */
const mostColoured = 30_000;

export interface Piece {
  readonly text: string;
  readonly kind: "" | "name" | "text" | "number" | "word";
}

/** Indents JSON, and leaves any other text as it is. */
export function prettyBody(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

/** A string without an end matches to the end of the text, so that each quote is tried as a beginning once only. */
const token = /("[^"\\]*(?:\\[\s\S][^"\\]*)*(?:"|\\?$))(\s*:)?|(-?\d[\d.eE+-]*)|[a-z]+/g;

const words: ReadonlySet<string> = new Set(["true", "false", "null"]);

/** Splits JSON into the pieces that have a colour of their own. */
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
