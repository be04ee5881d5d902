/** Ends at characters that no address contains, such as controls of the writing direction. */
const address = /https?:\/\/[^\s<>"'`{}|\\^\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/giu;

export type TextPart =
  | { readonly text: string; readonly href?: undefined }
  | {
      readonly text: string;
      readonly href: string;
      /** The host to which the link leads, if the text looks like another one. */
      readonly host: string | undefined;
    };

/** Splits a text at its web addresses. The texts of all parts joined are the text. */
export function linked(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(address)) {
    const written = withoutPunctuation(match[0]);
    const url = parsed(written);
    if (!url) continue;
    if (match.index > end) parts.push({ text: text.slice(end, match.index) });
    parts.push({ text: written, href: url.href, host: showsItsHost(written, url) ? undefined : url.host });
    end = match.index + written.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end) });
  return parts;
}

/** Signs that end a sentence rather than an address. */
const punctuation = ".,;:!?…。、，";

/** Reads each character at most twice, however many signs follow the address. */
function withoutPunctuation(written: string): string {
  let unopened = unopenedBrackets(written);
  let end = written.length;
  for (; end > 0; end -= 1) {
    const last = written.charAt(end - 1);
    // A bracket belongs to the address only when it was opened there.
    if (last === ")" && unopened > 0) unopened -= 1;
    else if (!punctuation.includes(last)) break;
  }
  return written.slice(0, end);
}

/** How many more brackets are closed than opened. */
function unopenedBrackets(written: string): number {
  let count = 0;
  for (const character of written) {
    if (character === ")") count += 1;
    else if (character === "(") count -= 1;
  }
  return count;
}

function parsed(written: string): URL | undefined {
  const url = URL.parse(written);
  return url && /^https?:$/.test(url.protocol) && url.hostname ? url : undefined;
}

function showsItsHost(written: string, url: URL): boolean {
  const shown = written.slice(written.indexOf("//") + 2).toLowerCase();
  const next = shown.charAt(url.host.length);
  return shown.startsWith(url.host) && (next === "" || "/?#:".includes(next)) && !url.username && !url.password;
}
