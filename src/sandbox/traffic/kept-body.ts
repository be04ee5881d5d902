/** How much of a body is kept, in bytes. */
const keptBytes = 65_536;

/** The beginning of a body, which is all that is ever in memory of it. */
export interface KeptBody {
  add(piece: Uint8Array | string): void;
  /** Whether there is more than what is kept. */
  isCut(): boolean;
  /** With a mark at its end if it was cut; `null` for no body, and for one that is not UTF-8. */
  text(): string | null;
}

export function keptBody(): KeptBody {
  const pieces: Uint8Array[] = [];
  let kept = 0;
  let length = 0;
  const isCut = () => length > kept;
  return {
    add: (piece) => {
      const bytes = typeof piece === "string" ? Buffer.from(piece) : piece;
      length += bytes.length;
      // A copy: a part of the same memory would keep all of the body.
      const beginning = Uint8Array.prototype.slice.call(bytes, 0, keptBytes - kept);
      if (beginning.length > 0) pieces.push(beginning);
      kept += beginning.length;
    },
    isCut,
    text: () => {
      if (length === 0) return null;
      try {
        // A character that was cut in two is left out.
        const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
        const text = decoder.decode(Buffer.concat(pieces), { stream: isCut() });
        return isCut() ? `${text}\n… (the first ${kept} bytes)` : text;
      } catch {
        return null;
      }
    },
  };
}

/** Whether a kept text has the mark. */
export function isCutText(text: string): boolean {
  return /\n… \(the first \d+ bytes\)$/.test(text);
}
