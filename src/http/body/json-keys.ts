/**
 * Finds the values of a few top-level fields of a JSON object without building the rest of it. It reads the bytes once, as
 * they come, so that a large body can be looked at piece by piece. Of a field that comes more than once it finds the last,
 * as `JSON.parse` does. It agrees with `JSON.parse` on every JSON text; text that is no JSON may pass unnoticed.
 */
export interface KeyScanner {
  /** Reads on to `end`. `bytes` begin with what was read before, though they may have been copied meanwhile. */
  readTo(bytes: Uint8Array, end: number): void;
  /** Whether each of the fields has come at least once. */
  hasAll(): boolean;
  /** The fields that have come so far. @throws SyntaxError when one of them is no JSON */
  found(bytes: Uint8Array): Readonly<Record<string, unknown>>;
  /** How many values there have been so far: of lists, of objects, and they themselves. */
  values(): number;
  /** What the text is, once all of it has been read. */
  root(): "object" | "other" | "malformed";
}

/** A value that is longer is not decoded: `found` answers a stand-in of the same type. */
const maxDecoded = 16_384;

/** A longer string than `maxDecoded` bytes can be decoded to: each character takes at most 12 of them. */
const longString = "x".repeat(maxDecoded / 12 + 1);

/** How many bytes a letter takes at most, as in `\u0041`. */
const escapeLength = 6;

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;

interface Range {
  readonly start: number;
  readonly end: number;
}

export function keyScanner(names: readonly string[]): KeyScanner {
  const ranges = new Map<string, Range>();
  const longestKey = 2 + escapeLength * Math.max(...names.map((name) => name.length));
  let position = 0;
  let depth = 0;
  /** Each value is behind a comma or an opening bracket, but for the first. */
  let values = 1;
  let isInString = false;
  let isEscaped = false;
  let root: "none" | "object" | "other" | "malformed" = "none";
  /** At the top level: where the key or the value begins that is being read, or -1. */
  let keyStart = -1;
  let valueStart = -1;
  let isKeyNext = false;
  let currentName: string | undefined;

  function stringEnded(bytes: Uint8Array, end: number): void {
    if (keyStart < 0) return;
    currentName = end - keyStart <= longestKey ? names.find(isWritten(bytes, keyStart, end)) : undefined;
    keyStart = -1;
  }

  function valueEnded(bytes: Uint8Array, end: number): void {
    if (currentName !== undefined && valueStart >= 0) {
      ranges.set(currentName, { start: valueStart, end: endOfValue(bytes, valueStart, end) });
    }
    currentName = undefined;
    valueStart = -1;
  }

  /** At the beginning of a string, an object, an array, a number or a literal. */
  function valueBegins(index: number, kind: "object" | "other"): void {
    if (depth === 0) root = root === "none" ? kind : "malformed";
    if (depth === 1 && valueStart < 0) valueStart = index;
  }

  function separator(bytes: Uint8Array, index: number, byte: number): void {
    if (byte === colon) {
      valueStart = -1;
      return;
    }
    valueEnded(bytes, index);
    isKeyNext = byte === comma;
    if (byte === comma) values += 1;
  }

  function bracket(bytes: Uint8Array, index: number, byte: number): void {
    if (byte === openBrace || byte === openBracket) {
      valueBegins(index, byte === openBrace ? "object" : "other");
      depth += 1;
      values += 1;
      isKeyNext = depth === 1 && byte === openBrace;
      return;
    }
    if (depth === 1) separator(bytes, index, byte);
    depth -= 1;
    if (depth < 0) root = "malformed";
  }

  /** At the top level, outside strings. */
  function readByte(bytes: Uint8Array, index: number, byte: number): void {
    if (byte === quote) {
      isInString = true;
      if (isKeyNext) keyStart = index;
      else valueBegins(index, "other");
      isKeyNext = false;
    } else if (isBracket(byte)) bracket(bytes, index, byte);
    else if (depth === 1 && (byte === comma || byte === colon)) separator(bytes, index, byte);
    else if (!isSpace(byte) && (depth === 1 || root !== "other")) valueBegins(index, "other");
  }

  function readTo(bytes: Uint8Array, end: number): void {
    while (position < end) {
      if (isInString) {
        const { index, isOpen, isAfterBackslash } = endOfString(bytes, position, end, isEscaped);
        position = index;
        isInString = isOpen;
        isEscaped = isAfterBackslash;
        if (!isInString) stringEnded(bytes, position);
      } else if (depth > 1) {
        const inner = endOfNested(bytes, position, end, depth);
        position = inner.index;
        depth = inner.depth;
        values += inner.values;
        isInString = inner.isInString;
      } else {
        readByte(bytes, position, bytes[position] ?? 0);
        position += 1;
      }
    }
  }

  return {
    readTo,
    values: () => values,
    hasAll: () => ranges.size === names.length,
    found: (bytes) => Object.fromEntries([...ranges].map(([name, range]) => [name, decoded(bytes, range)])),
    root: () => (depth !== 0 || isInString || root === "none" ? "malformed" : root),
  };
}

/** Reads on from within a string until it ends. */
function endOfString(bytes: Uint8Array, from: number, end: number, isEscaped: boolean) {
  let index = isEscaped ? from + 1 : from;
  while (index < end) {
    const byte = bytes[index];
    if (byte === quote) return { index: index + 1, isOpen: false, isAfterBackslash: false };
    index += byte === backslash ? 2 : 1;
  }
  return { index: end, isOpen: true, isAfterBackslash: index > end };
}

/** Reads on from below the top level until it is reached, or a string begins. This is most of a large body. */
function endOfNested(bytes: Uint8Array, from: number, end: number, outer: number) {
  let depth = outer;
  let values = 0;
  for (let index = from; index < end; index += 1) {
    const byte = bytes[index] ?? 0;
    if (byte === quote) return { index: index + 1, depth, values, isInString: true };
    if (byte === comma) values += 1;
    // Braces are brackets with one bit more.
    const bracket = byte & ~0x20;
    if (bracket === openBracket) {
      depth += 1;
      values += 1;
    } else if (bracket === closeBracket) {
      depth -= 1;
      if (depth === 1) return { index: index + 1, depth, values, isInString: false };
    }
  }
  return { index: end, depth, values, isInString: false };
}

function isBracket(byte: number): boolean {
  const bracket = byte & ~0x20;
  return bracket === openBracket || bracket === closeBracket;
}

function isWritten(bytes: Uint8Array, start: number, end: number): (name: string) => boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8");
  if (!text.includes("\\")) return (name) => text === `"${name}"`;
  try {
    const key: unknown = JSON.parse(text);
    return (name) => name === key;
  } catch {
    return () => false;
  }
}

function endOfValue(bytes: Uint8Array, start: number, end: number): number {
  let index = end;
  while (index > start && isSpace(bytes[index - 1] ?? 0)) index -= 1;
  return index;
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function decoded(bytes: Uint8Array, { start, end }: Range): unknown {
  const first = bytes[start];
  if (first === openBrace) return {};
  if (first === openBracket) return [];
  if (end - start > maxDecoded) return first === quote ? longString : 0;
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8"));
}
