import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";

const warmUpMilliseconds = 1000;

/** What a program that makes load is told on its command line. */
export function loadArguments() {
  const { values } = parseArgs({
    options: {
      url: { type: "string", default: "" },
      /** A file with a JSON array of texts. */
      bodies: { type: "string", default: "" },
      database: { type: "string", default: "" },
      seconds: { type: "string", default: "3" },
      /** Requests per second at most. */
      rate: { type: "string", default: "Infinity" },
    },
  });
  const bodies: readonly string[] = values.bodies ? JSON.parse(readFileSync(values.bodies, "utf8")) : [];
  return { ...values, bodies, seconds: Number(values.seconds), rate: Number(values.rate) };
}

/** How many connections, or callers, work at once. */
export const connections = 32;

/** Has each connection begin, prints how much is done in a second once all is warm, and ends the program. */
export async function printRate(begin: () => void, done: () => number, seconds: number): Promise<never> {
  for (let connection = 0; connection < connections; connection += 1) begin();
  await setTimeout(warmUpMilliseconds);
  const start = performance.now();
  const before = done();
  await setTimeout(seconds * 1000);
  process.stdout.write(`${((done() - before) / (performance.now() - start)) * 1000}\n`);
  process.exit(0);
}
