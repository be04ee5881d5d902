import assert from "node:assert/strict";
import { after, before, test as nodeTest } from "node:test";

// As much of Vitest as the recipes use, so that what they do with a sandbox is run.
export const afterAll = after;
export const beforeAll = before;
export const test = nodeTest;

export function expect(actual: unknown) {
  return {
    toBe: (expected: unknown) => assert.equal(actual, expected),
    toEqual: (expected: unknown) => assert.deepEqual(actual, expected),
    toContain: (expected: unknown) => assert.ok((actual as readonly unknown[]).includes(expected)),
  };
}
