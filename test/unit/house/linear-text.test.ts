import { AssertionError } from "node:assert";
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { runs } from "../../support/database/engine.ts";
import { stepCounter, TooManySteps } from "../../support/text/counted-steps.ts";
import { type TextFunction, textFunctions } from "../../support/text/text-functions.ts";

/**
 * How many times more steps a text may take that is eight times as long. Work in proportion takes eight times as many, a
 * square sixty-four times. Some functions read a short text once and a long one twice.
 */
const growth = 8;
const mostGrowth = 2 * growth;
const shortLength = 128;
/** What a function does whatever the text is. */
const fixedSteps = 1000;

/** Signs that are special to some function, to Unicode or to a regular expression. */
const signs = fc.constantFrom(
  ..."!)(][}{.,:;?'\"\\/|@#=-_+*&%<>0123 9aAbZzéßİΣςﷺ漢あก٣·’“…。\n\t\r\0",
  ...["\u0301", "\u0316", "\u200b", "\u200f", "\u202e", "\u2066", "\ud800", "\udc00", "\u00a0", "😀", "👨‍👩‍👧", "🇨🇿"],
  ...["http://", "http://a", "https://b.c/", "//", "is:", "from:", '":', '\\"', "{guest}", "{me}", "&amp;", "/*", "*/"],
  ...['"AccessToken":"', '"ClientToken":"', "00", "word ", "Late check-out? ", "سلام ", "漢字", "a\u0301", "ABCDEF-"],
);

/** A beginning, one or two stretches that repeat something, something between them, and an end. */
const shapes = fc.record({
  beginning: fc.array(signs, { maxLength: 2 }),
  first: fc.array(signs, { minLength: 1, maxLength: 3 }),
  between: fc.array(signs, { maxLength: 1 }),
  second: fc.option(fc.array(signs, { minLength: 1, maxLength: 2 })),
  end: fc.array(signs, { maxLength: 2 }),
});

type Shape = typeof shapes extends fc.Arbitrary<infer S> ? S : never;

function textOf({ beginning, first, between, second, end }: Shape, length: number): string {
  const stretch = (parts: readonly string[], letters: number) => {
    const part = parts.join("");
    return part.repeat(Math.max(1, Math.floor(letters / part.length)));
  };
  const middle = second
    ? [stretch(first, length / 2), ...between, stretch(second, length / 2)]
    : [stretch(first, length)];
  return [...beginning, ...middle, ...end].join("");
}

/** Texts that were once too much for a function. */
const found: readonly Shape[] = [
  { beginning: ["http://a"], first: ["!"], between: [], second: null, end: [] },
  { beginning: ["http://a"], first: [")"], between: [], second: null, end: [] },
  { beginning: ["http://a"], first: [")", "."], between: [], second: null, end: [] },
  { beginning: [], first: ["0"], between: [], second: null, end: ["1"] },
  { beginning: ["a"], first: ["\u0301"], between: [], second: ["\u0316"], end: [] },
  { beginning: ['"'], first: ['\\"'], between: [], second: null, end: ["\\"] },
  { beginning: [], first: ["漢"], between: [], second: null, end: [] },
];

const root = new URL("../../../", import.meta.url).href;
const counter = stepCounter(
  ["src/", "web/inbox/", "web/sandbox/", "web/shared/", "client/src/"].map((folder) => root + folder),
);
after(() => counter.end());

/** A text that is refused was read as well. */
function readingOf({ read }: TextFunction, text: string): () => void {
  return () => {
    try {
      read(text);
    } catch (error) {
      const isRefused = !(
        error instanceof TooManySteps ||
        error instanceof AssertionError ||
        error instanceof RangeError
      );
      if (!isRefused) throw error;
    }
  };
}

for (const [index, textFunction] of textFunctions.entries()) {
  const { file, name } = textFunction;
  test(`${name} of ${file} takes steps in proportion to the text (${index})`, () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const short = counter.stepsOf(readingOf(textFunction, textOf(shape, shortLength)), Number.POSITIVE_INFINITY);
        const most = mostGrowth * (short + fixedSteps);
        const long = counter.stepsOf(readingOf(textFunction, textOf(shape, growth * shortLength)), most);
        assert.ok(long <= most, `${long} steps, after ${short} for an eighth of the text`);
      }),
      { numRuns: runs(12), examples: found.map((shape): [Shape] => [shape]) },
    );
  });
}

/** Longer than any message, and than what a call may be given as parameters. */
const longLength = 131_072;

/** What a function may go into, one by one. */
const nested = ["http://a)", "漢", '[{("', "a "].map((part) => part.repeat(longLength / part.length));

test("no function goes deeper with each character", () => {
  for (const { file, name, read } of textFunctions) {
    for (const text of [...nested, `http://a${")".repeat(longLength)}`]) {
      try {
        read(text);
      } catch (error) {
        assert.ok(!(error instanceof RangeError), `${name} of ${file} runs out of stack`);
      }
    }
  }
});

/** Functions that hand a text on, or read one that the operator or this repository wrote. */
const handOn: ReadonlySet<string> = new Set([
  "src/config/parsers.ts",
  "src/core/database-place.ts",
  "src/messaging/documents.ts",
  "src/sandbox/demo/facts.ts",
  "src/sandbox/data/data-file.ts",
  "src/sandbox/data/yaml-text.ts",
  "src/sandbox/clock/world-time.ts",
  "src/config/secret-key.ts",
  "src/store/lists/thread-readings.ts",
  "web/sandbox/guest/guest-talk.ts",
  "web/sandbox/guest/guest.ts",
  "src/store/query.ts",
  "web/sandbox/notices.ts",
  "web/inbox/composer/drafts.ts",
  "web/inbox/composer/outbox.ts",
  "web/inbox/saved-replies/saved-replies.ts",
  "web/inbox/live/toasts.ts",
]);

test("every function that others can give a text to is in the table", () => {
  const folder = fileURLToPath(root);
  const listed = new Set(textFunctions.map(({ file, name }) => `${file} ${name}`));
  const patterns = ["src/**/*.ts", "web/{inbox,sandbox,shared}/**/*.ts", "client/src/**/*.ts"];
  for (const file of globSync(patterns, { cwd: folder, exclude: ["src/cli/**", "src/testing/**"] })) {
    if (handOn.has(file)) continue;
    const code = readFileSync(folder + file, "utf8");
    const found = code.matchAll(
      /^export (?:async )?function (\w+)(?:<[^>]*>)?\((?:[^)]*, )?(?:text|word|json): string\b/gm,
    );
    for (const [, name] of found) assert.ok(listed.has(`${file} ${name}`), `${name} of ${file} is in the table`);
  }
});
