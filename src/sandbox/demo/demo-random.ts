/** Random numbers that are the same for the same seed on every machine. */
export interface DemoRandom {
  /** From 0 up to 1. */
  readonly unit: () => number;
  /** A whole number, both ends included. */
  readonly whole: (from: number, to: number) => number;
  readonly isSo: (probability: number) => boolean;
  readonly oneOf: <T>(items: readonly T[]) => T;
  readonly shuffled: <T>(items: readonly T[]) => T[];
}

/** Mulberry32: 32 bits of state, good enough to look natural. */
export function demoRandom(seed: number): DemoRandom {
  let state = seed >>> 0;
  const unit = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (from: number, to: number) => from + Math.floor(unit() * (to - from + 1));
  const oneOf = <T>(items: readonly T[]): T => {
    const [item] = items.slice(whole(0, items.length - 1));
    if (item === undefined) throw new Error("There is nothing to choose from.");
    return item;
  };
  const shuffled = <T>(items: readonly T[]) =>
    items
      .map((item) => ({ item, order: unit() }))
      .sort((a, b) => a.order - b.order)
      .map(({ item }) => item);
  return { unit, whole, isSo: (probability) => unit() < probability, oneOf, shuffled };
}

/** Deals items in a random order, and again in another one when all have been dealt. */
export function dealer<T>(random: DemoRandom, items: readonly T[]): () => T {
  let deck: T[] = [];
  return () => {
    if (deck.length === 0) deck = random.shuffled(items);
    const item = deck.pop();
    if (item === undefined) throw new Error("There is nothing to deal.");
    return item;
  };
}
