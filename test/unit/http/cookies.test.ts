import assert from "node:assert/strict";
import { test } from "node:test";
import { cookieIn } from "../../../src/http/cookies.ts";

const cases: [header: string | undefined, value: string | undefined][] = [
  [undefined, undefined],
  ["", undefined],
  ["other=1; Tokens=2; aToken=3", undefined],
  ["a=b; Token=abc;c=d", "abc"],
  ["Token=first; Token=second", "first"],
  ["Token=a=b==", "a=b=="],
  ["Token=", ""],
  ['Token="in quotes"', "in quotes"],
  ["Token=an%20encoded%20one", "an encoded one"],
  ["Token=100%", "100%"],
  ["Token=%zz", "%zz"],
  ["x; ; =y; Token=1", "1"],
];

for (const [header, value] of cases) {
  test(`the cookie Token in "${header}" is ${value}`, () => {
    assert.equal(cookieIn(header, "Token"), value);
  });
}
