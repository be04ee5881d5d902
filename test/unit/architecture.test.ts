import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../src", import.meta.url));

/** Which rooms of the house each room may look into; files at the top of src/ are open to all. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  store: ["protocol"],
  messaging: ["store", "protocol"],
  http: ["protocol"],
  events: ["store", "protocol"],
  administration: ["events", "store", "protocol"],
  connector: ["messaging", "events", "store", "protocol", "http"],
  staff: ["messaging", "events", "administration", "store", "protocol", "http"],
  sandbox: ["staff", "messaging", "events", "administration", "store", "protocol", "http", "connector"],
  testing: ["sandbox", "messaging", "store", "protocol", "http", "connector"],
  ops: ["store", "http"],
  pages: ["connector", "http", "protocol"],
  rehearsal: ["protocol"],
  cli: ["administration", "staff", "events", "store", "http", "ops", "pages", "protocol", "rehearsal", "sandbox"],
};

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isTypeOnly: boolean;
  readonly isDynamic: boolean;
}

const files = globSync("**/*.ts", { cwd: root });

const imports: readonly Import[] = files.flatMap((file) => {
  const text = readFileSync(join(root, file), "utf8");
  const statements = [...text.matchAll(/^import (type )?[^;]*? from "(\.[^"]+)";$/gms)];
  const dynamic = [...text.matchAll(/await import\("(\.[^"]+)"\)/g)];
  const target = (path: string | undefined) => normalize(join(dirname(file), path ?? ""));
  return [
    ...statements.map(([, type, path]) => ({ from: file, to: target(path), isTypeOnly: !!type, isDynamic: false })),
    ...dynamic.map(([, path]) => ({ from: file, to: target(path), isTypeOnly: false, isDynamic: true })),
  ];
});

function roomOf(file: string): string | undefined {
  const [room, ...rest] = file.split("/");
  return rest.length > 0 ? room : undefined;
}

test("arrows between rooms point one way", () => {
  for (const { from, to, isTypeOnly } of imports) {
    const room = roomOf(from);
    const target = roomOf(to);
    if (!room || !target || room === target || isTypeOnly) continue;
    assert.ok(allowed[room]?.includes(target), `${from} must not import ${to}`);
  }
  assert.ok(imports.length > 100, "the imports were read");
});

test("only the sandbox's own commands load the sandbox, when they run, and what tests start", () => {
  for (const { from, to, isTypeOnly, isDynamic } of imports) {
    if (roomOf(to) !== "sandbox" || isTypeOnly) continue;
    if (["sandbox", "testing"].includes(roomOf(from) ?? "") || from === "testing.ts") continue;
    assert.ok(isDynamic && /^cli\/(?:dev|seed|sandbox[\w-]*)\.ts$/.test(from), `${from} loads ${to}`);
  }
});

test("SQL lives in the store and nowhere else", () => {
  const sql = /\b(?:SELECT\s.+\sFROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|CREATE TABLE|PRAGMA)\b/;
  for (const file of files) {
    if (roomOf(file) === "store") continue;
    assert.doesNotMatch(readFileSync(join(root, file), "utf8"), sql, `${relative(".", file)} speaks SQL`);
  }
});

test("what may be answered over HTTP names no command line: its ways out are src/ways-out.ts", () => {
  const commandLine = /\binnbox [a-z]|(?<![\w-])--(?!disable-warning)[a-z]/;
  const rooms = ["store", "administration", "staff", "connector", "messaging", "events", "http", "protocol", "sandbox"];
  for (const file of files) {
    if (!rooms.includes(roomOf(file) ?? "") && file !== "secret-key.ts") continue;
    const code = readFileSync(join(root, file), "utf8").replaceAll(/\/\*\*?[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
    assert.doesNotMatch(code, commandLine, `${file} names a command line`);
  }
  const users = imports.filter(({ to }) => to === "ways-out.ts").map(({ from }) => from);
  for (const file of users)
    assert.match(file, /^(?:cli|ops)\/|^http\/request-log\.ts$|^events\/webhook-worker\.ts$/, `${file} says ways out`);
});
