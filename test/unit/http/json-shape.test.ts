import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { connectorOperations } from "../../../src/api/connector/operations.ts";
import { staffOperations } from "../../../src/api/staff/operations.ts";
import { pruned, shapeOf } from "../../../src/http/body/json-shape.ts";
import { checkOf } from "../../../src/protocol/validation.ts";

const inputs = [...connectorOperations, ...staffOperations].map(({ description }) => description);

function outcome(check: (value: unknown) => unknown, value: unknown): string {
  try {
    check(value);
    return "valid";
  } catch (error) {
    return String(error);
  }
}

for (const { resource, action, input, example } of inputs) {
  test(`what is left of a body of ${resource}/${action} is as valid as before, for the same reason`, () => {
    const check = checkOf(input);
    const shape = shapeOf(input);
    const names = Object.keys(Reflect.get(input, "properties") ?? {});
    const start = { ClientToken: "a", AccessToken: "b", Client: "c", ...example.request };
    const name = names.length > 0 ? fc.constantFrom(...names) : fc.string();
    const changes = fc.dictionary(fc.oneof(name, fc.string()), fc.jsonValue(), { maxKeys: 3 });
    fc.assert(
      fc.property(changes, (some) => {
        const body = { ...start, ...some };
        assert.equal(outcome(check, pruned(body, shape)), outcome(check, body));
      }),
      { numRuns: 30 },
    );
  });
}
