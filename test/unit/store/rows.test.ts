import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { columnsFile, queryColumns } from "../../support/queries/query-columns.ts";
import { rowsFile, rowTypes } from "../../support/queries/row-types.ts";

test("the types of rows are those that the migrations make: after a new one, run npm run rows", async () => {
  assert.equal(readFileSync(rowsFile, "utf8"), await rowTypes());
});

test("the columns that each query answers are on record, for the check of their types: npm run rows", async () => {
  assert.deepEqual(JSON.parse(readFileSync(columnsFile, "utf8")), JSON.parse(await queryColumns()));
});
