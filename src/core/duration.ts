import { invalid } from "./problem.ts";

const unitMilliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a time such as `500ms`, `30s`, `5m`, `24h` or `7d`. @throws Problem (invalid) for any other text */
export function duration(text: string): number {
  const [, count, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  const milliseconds = Number(count) * (unitMilliseconds[unit ?? ""] ?? Number.NaN);
  if (Number.isNaN(milliseconds)) throw invalid("must be a time as in 500ms, 30s, 5m, 24h or 7d");
  return milliseconds;
}
