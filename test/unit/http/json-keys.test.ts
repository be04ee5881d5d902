import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { keyScanner } from "../../../src/http/body/json-keys.ts";

const names = ["ClientToken", "AccessToken", "Client"];

/** Reads a text in pieces of so many bytes. */
function scan(text: string, size: number) {
  const bytes = Buffer.from(text);
  const scanner = keyScanner(names);
  for (let end = size; end < bytes.length; end += size) scanner.readTo(bytes, end);
  scanner.readTo(bytes, bytes.length);
  return { root: scanner.root(), found: scanner.root() === "malformed" ? {} : scanner.found(bytes) };
}

/** As the scanner is to answer it: objects and arrays are found, and not built. */
function expected(text: string) {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return { root: "other", found: {} };
  const own = names.filter((name) => Object.hasOwn(value, name)).map((name) => [name, Reflect.get(value, name)]);
  const bare = own.map(([name, field]) => {
    if (typeof field !== "object" || field === null) return [name, field];
    return [name, Array.isArray(field) ? [] : {}];
  });
  return { root: "object", found: Object.fromEntries(bare) };
}

const space = fc.array(fc.constantFrom(" ", "\n", "\t", "\r"), { maxLength: 3 }).map((some) => some.join(""));

/** A string as JSON, with any of its characters escaped. */
function written(text: string, isEscaped: readonly boolean[]): string {
  const units = [...JSON.stringify(text).slice(1, -1)];
  const escaped = units.map((unit, index) => {
    if (!isEscaped[index % isEscaped.length] || !/[A-Za-z]/.test(unit) || units.includes("\\")) return unit;
    return `\\u00${unit.charCodeAt(0).toString(16)}`;
  });
  return `"${escaped.join("")}"`;
}

const key = fc
  .tuple(
    fc.oneof(fc.constantFrom(...names, "Clien", "Clients", "__proto__", ""), fc.string({ unit: "binary" })),
    fc.array(fc.boolean(), { minLength: 1 }),
  )
  .map(([text, isEscaped]) => written(text, isEscaped));

const literal = fc.oneof(
  fc.string({ unit: "binary" }).map((text) => JSON.stringify(text)),
  fc.constantFrom("true", "false", "null", "-0", "1e400", "1.5E-7", '"\\\\"', '"\\""', '"{[,:]}"', '"\\u0022"'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
);

const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    literal,
    fc
      .tuple(fc.array(fc.tuple(space, tie("value"), space)), space)
      .map(([items, gap]) => `[${items.map((item) => item.join("")).join(",") || gap}]`),
    fc
      .tuple(fc.array(fc.tuple(space, key, space, tie("value"), space)), space)
      .map(([fields, gap]) => `{${fields.map(([a, k, b, v, c]) => `${a}${k}${b}:${v}${c}`).join(",") || gap}}`),
  ),
}));

test("the fields that are found are those of JSON.parse, for every JSON text and however it is cut", () => {
  const text = fc.tuple(space, value, space).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 20 }), (json, size) => {
      assert.deepEqual(scan(json, size), expected(json));
    }),
    { numRuns: 2000 },
  );
});

test("texts of fast-check's own JSON are read alike", () => {
  fc.assert(fc.property(fc.json(), (json) => assert.deepEqual(scan(json, 7), expected(json))));
});

test("what ends too early, or closes more than it opens, is malformed", () => {
  const texts = ["", " ", "{", '{"a":[', '{"a', '{"a":"\\"}', "}", "{}}", "[]]", "{}{}", "[[[[", '{"a":'.repeat(1000)];
  for (const text of texts) assert.equal(scan(text, 3).root, "malformed", text);
});

test("a field that is too long to be a token is found with its type", () => {
  const long = "a".repeat(20_000);
  const { found } = scan(`{"ClientToken":"${long}","AccessToken":${"9".repeat(20_000)},"Client":[${long}]}`, 1000);
  assert.ok(String(found.ClientToken).length > 1024);
  assert.deepEqual([typeof found.ClientToken, typeof found.AccessToken, found.Client], ["string", "number", []]);
});

test("all of them have come once the last of their values has ended", () => {
  const text = Buffer.from('{"ClientToken":"a","AccessToken":"b","Client":"c","Other":1}');
  const scanner = keyScanner(names);
  const end = text.indexOf('"c"') + 3;
  scanner.readTo(text, end);
  assert.equal(scanner.hasAll(), false);
  scanner.readTo(text, end + 1);
  assert.equal(scanner.hasAll(), true);
});
