import { setTimeout } from "node:timers/promises";

const warmUpMilliseconds = 1000;

/** How much is done in a second, once all is warm. */
export async function rateOf(done: () => number, seconds: number): Promise<number> {
  await setTimeout(warmUpMilliseconds);
  const start = performance.now();
  const before = done();
  await setTimeout(seconds * 1000);
  return ((done() - before) / (performance.now() - start)) * 1000;
}
