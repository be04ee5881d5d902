import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { checkSync } from "recheck";
import { parseSync } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Files whose expressions never read what a guest, a partner or a browser sends. */
const own: ReadonlyMap<string, string> = new Map([
  ["src/store/engines/postgres/dialect.ts", "reads the SQL of this repository"],
  ["src/config/parsers.ts", "reads the operator's settings, once"],
  ["src/core/database-place.ts", "reads the operator's --database, once"],
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

const files = globSync(["src/**/*.ts", "web/{src,sandbox}/**/*.{ts,tsx}", "client/src/**/*.ts"], { cwd: root });
const expressions = files.flatMap(expressionsIn);

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

test("an expression that begins anew at each character is found", () => {
  assert.equal(statusOf("0+$", ""), "vulnerable");
});
