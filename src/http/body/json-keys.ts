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

/** How far a text has been read, and where in it that is. */
interface Place {
  position: number;
  depth: number;
  /** Each value is behind a comma or an opening bracket, but for the first. */
  values: number;
  isInString: boolean;
  isEscaped: boolean;
  root: "none" | "object" | "other" | "malformed";
  /** At the top level of an object: whether the next string is a key. */
  isKeyNext: boolean;
}

export function keyScanner(names: readonly string[]): KeyScanner {
  const fields = fieldFinder(names);
  const place: Place = {
    position: 0,
    depth: 0,
    values: 1,
    isInString: false,
    isEscaped: false,
    root: "none",
    isKeyNext: false,
  };
  return {
    readTo: (bytes, end) => readTo(place, fields, bytes, end),
    values: () => place.values,
    hasAll: () => fields.ranges.size === names.length,
    found: (bytes) => Object.fromEntries([...fields.ranges].map(([name, range]) => [name, decoded(bytes, range)])),
    root: () => (place.depth !== 0 || place.isInString || place.root === "none" ? "malformed" : place.root),
  };
}

/** Notes where the values of a few fields of the top level begin and end. */
interface FieldFinder {
  readonly ranges: ReadonlyMap<string, Range>;
  keyBegins(index: number): void;
  /** @param end  of a string, which may be a key */
  stringEnds(bytes: Uint8Array, end: number): void;
  /** At the beginning of a string, an object, an array, a number or a literal. */
  valueBegins(index: number): void;
  colonComes(): void;
  valueEnds(bytes: Uint8Array, end: number): void;
}

function fieldFinder(names: readonly string[]): FieldFinder {
  const ranges = new Map<string, Range>();
  const longestKey = 2 + escapeLength * Math.max(...names.map((name) => name.length));
  /** Where the key or the value begins that is being read, or -1. */
  let keyStart = -1;
  let valueStart = -1;
  let currentName: string | undefined;
  return {
    ranges,
    keyBegins: (index) => {
      keyStart = index;
    },
    stringEnds: (bytes, end) => {
      if (keyStart < 0) return;
      currentName = end - keyStart <= longestKey ? names.find(isWritten(bytes, keyStart, end)) : undefined;
      keyStart = -1;
    },
    valueBegins: (index) => {
      if (valueStart < 0) valueStart = index;
    },
    colonComes: () => {
      valueStart = -1;
    },
    valueEnds: (bytes, end) => {
      if (currentName !== undefined && valueStart >= 0) {
        ranges.set(currentName, { start: valueStart, end: endOfValue(bytes, valueStart, end) });
      }
      currentName = undefined;
      valueStart = -1;
    },
  };
}

function readTo(place: Place, fields: FieldFinder, bytes: Uint8Array, end: number): void {
  while (place.position < end) {
    if (place.isInString) {
      const { index, isOpen, isAfterBackslash } = endOfString(bytes, place.position, end, place.isEscaped);
      place.position = index;
      place.isInString = isOpen;
      place.isEscaped = isAfterBackslash;
      if (!isOpen) fields.stringEnds(bytes, index);
    } else if (place.depth > 1) {
      const inner = endOfNested(bytes, place.position, end, place.depth);
      place.position = inner.index;
      place.depth = inner.depth;
      place.values += inner.values;
      place.isInString = inner.isInString;
    } else {
      readByte(place, fields, bytes, bytes[place.position] ?? 0);
      place.position += 1;
    }
  }
}

/** At the top level, outside strings. */
function readByte(place: Place, fields: FieldFinder, bytes: Uint8Array, byte: number): void {
  if (byte === quote) {
    place.isInString = true;
    if (place.isKeyNext) fields.keyBegins(place.position);
    else valueBegins(place, fields, "other");
    place.isKeyNext = false;
  } else if (isBracket(byte)) readBracket(place, fields, bytes, byte);
  else if (place.depth === 1 && (byte === comma || byte === colon)) readSeparator(place, fields, bytes, byte);
  else if (!isSpace(byte) && (place.depth === 1 || place.root !== "other")) valueBegins(place, fields, "other");
}

function valueBegins(place: Place, fields: FieldFinder, kind: "object" | "other"): void {
  if (place.depth === 0) place.root = place.root === "none" ? kind : "malformed";
  if (place.depth === 1) fields.valueBegins(place.position);
}

function readBracket(place: Place, fields: FieldFinder, bytes: Uint8Array, byte: number): void {
  if (byte === openBrace || byte === openBracket) {
    valueBegins(place, fields, byte === openBrace ? "object" : "other");
    place.depth += 1;
    place.values += 1;
    place.isKeyNext = place.depth === 1 && byte === openBrace;
    return;
  }
  if (place.depth === 1) readSeparator(place, fields, bytes, byte);
  place.depth -= 1;
  if (place.depth < 0) place.root = "malformed";
}

/** A colon, a comma, or a bracket that closes the top level. */
function readSeparator(place: Place, fields: FieldFinder, bytes: Uint8Array, byte: number): void {
  if (byte === colon) {
    fields.colonComes();
    return;
  }
  fields.valueEnds(bytes, place.position);
  place.isKeyNext = byte === comma;
  if (byte === comma) place.values += 1;
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
