import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { rowsFile, rowTypes } from "../../support/queries/row-types.ts";

test("the types of rows are those that the migrations make: after a new one, run npm run rows", async () => {
  assert.equal(readFileSync(rowsFile, "utf8"), await rowTypes());
});
