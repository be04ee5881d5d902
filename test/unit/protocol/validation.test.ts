import assert from "node:assert/strict";
import { test } from "node:test";
import { Problem } from "../../../src/core/problem.ts";
import { getAllMessageThreads } from "../../../src/protocol/connector/message-threads.ts";
import { addMessages } from "../../../src/protocol/connector/messages.ts";
import { checkOf } from "../../../src/protocol/validation.ts";
import { maxItems } from "../../../src/protocol/values.ts";
import { credentials } from "../../support/server/world.ts";

/** An array of so many items that counts how often one of them is looked at. */
function watched(length: number, item: unknown) {
  let looks = 0;
  const items = new Proxy(new Array(length).fill(item), {
    get: (target, key, receiver) => {
      if (typeof key === "string" && /^\d+$/.test(key)) looks += 1;
      return Reflect.get(target, key, receiver);
    },
  });
  return { items, looks: () => looks };
}

const lists = [
  ["malformed identifiers", getAllMessageThreads.input, "MessageThreadIds", "x"],
  ["empty messages", addMessages.input, "Messages", {}],
] as const;

for (const [name, schema, property, item] of lists) {
  test(`two million ${name} are refused after a look at no more of them than a request may have`, () => {
    const { items, looks } = watched(2_000_000, item);
    assert.throws(
      () => checkOf(schema)({ ...credentials, [property]: items }),
      (error) => error instanceof Problem && error.kind === "invalid",
    );
    assert.ok(looks() <= 2 * (maxItems + 1), `${looks()} looks`);
  });
}
