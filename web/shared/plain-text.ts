const bidiControls = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A guest's words for use within a sentence of the page: on one line, and unable to change the direction of the rest.
 */
export function isolated(text: string): string {
  return `\u2068${text.replace(bidiControls, "").replace(/\s+/g, " ").trim()}\u2069`;
}

/** At most `length` UTF-16 units. A character that takes two of them is not cut in half. */
export function beginning(text: string, length: number): string {
  if (text.length <= length) return text;
  const isHalf = /[\ud800-\udbff]/.test(text.charAt(length - 1));
  return text.slice(0, isHalf ? length - 1 : length);
}

/** One or two letters that stand for a name. */
export function initials(name: string): string {
  const words = name.replace(bidiControls, "").trim().split(/\s+/);
  const first = [...(words[0] ?? "")][0] ?? "?";
  const last = words.length > 1 ? ([...(words.at(-1) ?? "")][0] ?? "") : "";
  return (first + last).toLocaleUpperCase();
}

/** A number from 0 to `count` - 1 that is always the same for the same text. */
export function bucketOf(text: string, count: number): number {
  let sum = 7;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return sum % count;
}

/** A text without case and accents, since people search without them. */
export function folded(text: string): string {
  // Browsers sort a run of marks in a time that grows with its square, so only those of letters are left to be sorted.
  return text.replace(/\p{M}/gu, "").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
