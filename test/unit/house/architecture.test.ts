import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { sourceFiles } from "../../support/house/source-files.ts";

const root = fileURLToPath(new URL("../../../src", import.meta.url));

/** Which rooms each room may import from, types included. A room is the longest prefix of a path that stands here. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  protocol: ["core"],
  messaging: ["core", "protocol"],
  store: ["core", "protocol", "messaging"],
  http: ["core", "protocol"],
  config: ["core", "http"],
  delivery: ["core", "protocol", "store"],
  administration: ["core", "protocol", "store", "delivery"],
  staff: ["core", "protocol", "store", "http", "delivery"],
  api: ["core", "protocol", "http"],
  "api/connector": ["core", "protocol", "store", "messaging", "http", "delivery", "api"],
  "api/staff": ["core", "protocol", "store", "messaging", "http", "delivery", "administration", "staff", "api"],
  pages: ["core", "protocol", "http", "api", "api/connector", "api/staff"],
  ops: ["core", "config", "store", "http"],
  rehearsal: ["core", "protocol"],
  sandbox: ["core", "config", "protocol", "store", "messaging", "http", "delivery", "staff", "api/connector"],
  "api/sandbox": [
    "core",
    "config",
    "protocol",
    "store",
    "messaging",
    "http",
    "administration",
    "staff",
    "sandbox",
    "api",
  ],
  "sandbox/serve": ["core", "config", "protocol", "store", "http", "delivery", "sandbox", "api/sandbox", "."],
  testing: ["core", "protocol", "store", "messaging", "http", "sandbox", "sandbox/serve", "api/connector"],
  cli: [
    "core",
    "config",
    "protocol",
    "store",
    "http",
    "delivery",
    "administration",
    "staff",
    "ops",
    "pages",
    "rehearsal",
    ".",
  ],
};

/** The commands of the sandbox load it when they run, and so do those that start one. */
const loadsSandbox = /^cli\/(?:sandbox\/[\w-]+|commands\/(?:dev|seed|rehearse))\.ts$/;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isDynamic: boolean;
}

const files = sourceFiles("src/**/*.ts").map((file) => file.slice("src/".length));

const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(root, file), "utf8");
  const statements = [...text.matchAll(/^(?:import|export) [^;"]*?from "(\.[^"]+)";$/gms)];
  const dynamic = [...text.matchAll(/\bimport\("(\.[^"]+)"\)/g)];
  const target = (path: string | undefined) => normalize(join(dirname(file), path ?? ""));
  return [
    ...statements.map(([, path]) => ({ from: file, to: target(path), isDynamic: false })),
    ...dynamic.map(([, path]) => ({ from: file, to: target(path), isDynamic: true })),
  ];
});

/** `.` for the files at the top, which compose the rooms. */
function roomOf(file: string): string {
  const [first = "", second = "", ...rest] = file.split("/");
  if (second === "") return ".";
  const inner = `${first}/${second}`;
  return rest.length > 0 && inner in allowed ? inner : first;
}

test("arrows between rooms point one way, for types too", () => {
  for (const { from, to, isDynamic } of imports) {
    const room = roomOf(from);
    const target = roomOf(to);
    if (room === "." || room === target) continue;
    if (isDynamic && loadsSandbox.test(from) && target.includes("sandbox")) continue;
    assert.ok(allowed[room]?.includes(target), `${from} must not import ${to}`);
  }
  assert.ok(imports.length > 1000, "the imports were read");
});

test("only the sandbox's own commands load the sandbox, when they run, and what tests start", () => {
  for (const { from, to, isDynamic } of imports) {
    if (!roomOf(to).includes("sandbox") || /sandbox|^testing/.test(roomOf(from)) || from === "testing.ts") continue;
    assert.ok(isDynamic && loadsSandbox.test(from), `${from} loads ${to}`);
  }
});

test("no folder has more than 16 files side by side, but for those that are numbered one after the other", () => {
  const numbered = /^docs\/decisions$|^src\/store\/migrations$/;
  const folders = Map.groupBy(sourceFiles("*/**/*.*"), (file) => dirname(file));
  for (const [folder, inside] of folders) {
    if (numbered.test(folder)) continue;
    assert.ok(inside.length <= 16, `${folder} has ${inside.length} files`);
  }
  assert.ok(folders.size > 50, "the folders were read");
});

test("SQL lives in the store and nowhere else", () => {
  const sql = /\b(?:SELECT\s.+\sFROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE|PRAGMA)\b/;
  for (const file of files) {
    if (roomOf(file) === "store") continue;
    assert.doesNotMatch(readFileSync(join(root, file), "utf8"), sql, `${file} speaks SQL`);
  }
});

test("what may be answered over HTTP names no command line: its ways out are core/ways-out.ts", () => {
  const commandLine = /\binnbox [a-z]|(?<![\w-])--(?!disable-warning)[a-z]/;
  const outside = ["cli", "ops", "pages", "config", "testing", "rehearsal", "core", "."];
  for (const file of files) {
    if (outside.includes(roomOf(file)) && file !== "ops/secret-key.ts") continue;
    const code = readFileSync(join(root, file), "utf8").replaceAll(/\/\*\*?[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    assert.doesNotMatch(code, commandLine, `${file} names a command line`);
  }
  const users = imports.filter(({ to }) => to === "core/ways-out.ts").map(({ from }) => from);
  for (const file of users)
    assert.match(
      file,
      /^(?:cli|ops)\/|^http\/request-log\.ts$|^delivery\/webhooks\/worker\.ts$/,
      `${file} says ways out`,
    );
});
