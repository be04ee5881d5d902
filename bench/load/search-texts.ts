import type { BulkPlan } from "../../src/store/writing/bulk-conversations.ts";

/** How many words the guests of the benchmark know: some of them are in every second message, most in a few of all. */
const vocabulary = 50_000;

const wordsPerMessage = 12;

const syllables = ["ka", "lo", "mi", "ne", "ru", "sa", "ti", "vo", "ze", "pha", "qui", "gro", "ble", "shu", "wy", "da"];

/** The word of a rank, from 0: the most used first. No two are the same. */
export function wordOf(rank: number): string {
  let rest = rank;
  let word = "";
  for (let length = 0; length < 2 || rest > 0; length += 1) {
    word += syllables[rest % syllables.length] ?? "";
    rest = Math.floor(rest / syllables.length);
  }
  return word;
}

/** Numbers from 0 to 1 that are the same in every run. */
function chance(seed: number): number {
  let x = Math.imul(seed ^ (seed >>> 16), 0x45d9f3b);
  x = Math.imul(x ^ (x >>> 13), 0x2c1b3c6d);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}

/** Of words in real texts, the one of rank n is used about 1/n times as often as the first. */
function someWord(seed: number): string {
  return wordOf(Math.min(vocabulary - 1, Math.floor(vocabulary ** chance(seed)) - 1));
}

function words(seed: number, count: number): string {
  return Array.from({ length: count }, (_, index) => someWord(Math.imul(seed, 7919) + index)).join(" ");
}

/** Conversations with the words of a language, as far as their number matters. */
export const spoken: Pick<BulkPlan, "thread" | "message"> = {
  thread: (index) => ({
    originalSender: `${wordOf(Math.floor(chance(index) * 5000))} ${wordOf(Math.floor(chance(index + 1e9) * 20_000))}`,
    subject: words(index + 5e8, 3),
  }),
  message: (index, position) => ({
    sender: position % 2 === 0 ? "Application" : "Enterprise",
    text: words(index * 64 + position + 7, wordsPerMessage),
  }),
};
