import { days, fromMilliseconds, type Microseconds } from "../core/clock.ts";
import { duration } from "../core/duration.ts";
import { type Option, UsageError, type Values } from "./command.ts";

const longestOverlap = days(365);

/** The option `--overlap` of commands that replace a secret. */
export function overlapOption(description: string): Option {
  return { name: "overlap", placeholder: "TIME", description: `${description} Default 24h.` };
}

/** How long the replaced secret is still good. @throws UsageError for what is no time, or longer than 365 days */
export function overlapOf(values: Values): Microseconds {
  const text = values.text("overlap") ?? "24h";
  try {
    const overlap = fromMilliseconds(duration(text));
    if (overlap > longestOverlap) throw new UsageError("must be at most 365d");
    return overlap;
  } catch (error) {
    throw new UsageError(`--overlap ${error instanceof Error ? error.message : error}, not "${text}".`);
  }
}
