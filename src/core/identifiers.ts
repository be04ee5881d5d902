import { randomUUID } from "node:crypto";
import type { Clock } from "./clock.ts";

/** Makes the id of a new thing: a lower-case hyphenated UUID. */
export type IdentifierSource = () => string;

/**
 * UUIDv7 (RFC 9562, method 3): 48 bits of milliseconds, 12 bits that count within the millisecond, 62 random bits.
 * Ids made one after the other sort in that order, which keeps inserts at the end of every index.
 */
export function uuidv7Source(clock: Clock): IdentifierSource {
  let lastMillisecond = 0;
  let counter = 0;
  return () => {
    const millisecond = Math.floor(clock() / 1000);
    if (millisecond > lastMillisecond) {
      lastMillisecond = millisecond;
      counter = 0;
    } else if (++counter > 0xfff) {
      lastMillisecond += 1;
      counter = 0;
    }
    const time = lastMillisecond.toString(16).padStart(12, "0");
    const count = counter.toString(16).padStart(3, "0");
    return `${time.slice(0, 8)}-${time.slice(8)}-7${count}-${randomUUID().slice(19)}`;
  };
}

/** Comes before every other identifier. */
export const nilIdentifier = "00000000-0000-0000-0000-000000000000";
