import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { RegExpParser } from "@eslint-community/regexpp";
import { checkSync } from "recheck";
import { parseSync } from "vite";
import { personaLanguage, personaLanguageCodes } from "../../src/sandbox/autopilot/persona-language.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Files whose expressions never read what a guest, a partner or a browser sends. */
const own: ReadonlyMap<string, string> = new Map([
  ["src/config/parsers.ts", "reads the operator's settings, once"],
  ["src/core/database-place.ts", "reads the operator's --database, once"],
  ["src/store/query.ts", "reads the SQL of this repository"],
]);

interface Expression {
  readonly file: string;
  readonly line: number;
  readonly pattern: string;
  readonly flags: string;
}

/** Every regular expression that is written down in a file. */
function expressionsIn(file: string): Expression[] {
  const text = readFileSync(join(root, file), "utf8");
  const found: Expression[] = [];
  const visit = (node: unknown) => {
    if (typeof node !== "object" || node === null) return;
    const { type, regex, start } = node as { type?: string; regex?: { pattern: string; flags: string }; start: number };
    if (type === "Literal" && regex) found.push({ file, line: text.slice(0, start).split("\n").length, ...regex });
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(file, text).program);
  return found;
}

const files = globSync(["src/**/*.ts", "web/{inbox,sandbox,shared}/**/*.{ts,tsx}", "client/src/**/*.ts"], {
  cwd: root,
});
const expressions = files.flatMap(expressionsIn);

/**
 * The alternatives of an expression that ends with a group. The checker would take minutes for a hundred of them at once
 * and does not know what is looked for around them. As nothing follows the group, and at most three letters come before
 * it, the expression takes as long as its alternatives do one by one.
 */
function alternativesOf({ source }: RegExp): string[] {
  const [whole] = new RegExpParser().parsePattern(source, 0, source.length, { unicode: true }).alternatives;
  const group = whole?.elements.at(-1);
  assert.ok(group?.type === "Group", source);
  return group.alternatives.map(({ raw }) => raw.replaceAll(/\(\?<?[!=][^()]*\)/g, ""));
}

/** The automaton proves an expression safe, or finds a text that takes it longer; other methods only try texts. */
function statusOf(pattern: string, flags: string): string {
  // Has the checker run in this process, without its program in Java.
  process.env.RECHECK_SYNC_BACKEND = "pure";
  return checkSync(pattern, flags, { checker: "automaton", timeout: null }).status;
}

test("every regular expression reads a text in a time that grows with its length alone", () => {
  assert.ok(expressions.length > 100, "the expressions were found");
  for (const { file, line, pattern, flags } of expressions) {
    if (own.has(file)) continue;
    const found = statusOf(pattern, flags);
    assert.equal(found, "safe", `${file}:${line} /${pattern}/${flags}`);
  }
});

for (const code of personaLanguageCodes) {
  test(`so does every expression in data/personas/${code}.yaml`, () => {
    const topics = personaLanguage(code).topics.filter(({ words }) => words.source !== "(?!)");
    assert.ok(topics.length > 5);
    for (const { topic, words } of topics) {
      for (const pattern of alternativesOf(words)) {
        assert.equal(statusOf(pattern, words.flags), "safe", `${topic}: /${pattern}/${words.flags}`);
      }
    }
  });
}

test("an expression that begins anew at each character is found", () => {
  assert.equal(statusOf("0+$", ""), "vulnerable");
});
