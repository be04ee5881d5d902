import { invalid } from "../../core/problem.ts";
import type { Reader } from "../db.ts";
import type { ClientScope } from "../scope.ts";
import { type LogPosition, logEnds } from "./log-events.ts";

/** The first byte, for the day when positions are written otherwise. */
const format = 1;
const entryLength = 24;

/**
 * A position as clients hold it: opaque to them, safe in a URL, good for ever (contract, section 6). Each enterprise
 * takes 32 characters.
 */
export function formatPosition(position: LogPosition): string {
  const bytes = Buffer.alloc(1 + position.size * entryLength);
  bytes[0] = format;
  let offset = 1;
  for (const [enterpriseId, created] of position) {
    bytes.write(enterpriseId.replaceAll("-", ""), offset, "hex");
    bytes.writeBigInt64BE(BigInt(created), offset + 16);
    offset += entryLength;
  }
  return bytes.toString("base64url");
}

/** `undefined` for what is no position. */
export function parsePosition(text: string): LogPosition | undefined {
  const bytes = Buffer.from(text, "base64url");
  const isWhole = bytes[0] === format && (bytes.length - 1) % entryLength === 0;
  if (!isWhole) return undefined;
  const position = new Map<string, number>();
  for (let offset = 1; offset < bytes.length; offset += entryLength) {
    const digits = bytes.toString("hex", offset, offset + 16);
    const enterpriseId = digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    const created = Number(bytes.readBigInt64BE(offset + 16));
    if (!Number.isSafeInteger(created) || created < 0) return undefined;
    position.set(enterpriseId, created);
  }
  return formatPosition(position) === text ? position : undefined;
}

/**
 * Where a reader goes on: after a position that it was given, or `now`.
 * @param property  what the position was sent as
 * @throws Problem (invalid) for anything else
 */
export async function readPosition(
  reader: Reader,
  { enterpriseIds }: ClientScope,
  property: string,
  text: string,
): Promise<LogPosition> {
  if (text === "now") {
    const ends = await logEnds(reader, enterpriseIds);
    return new Map(enterpriseIds.map((id) => [id, ends.get(id) ?? 0]));
  }
  const position = parsePosition(text);
  if (!position) throw invalid(`${property} is not a position that this server has given out.`);
  return position;
}
