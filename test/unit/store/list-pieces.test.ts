import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { type List, listAnswer } from "../../../src/api/connector/list-answer.ts";
import { placeAt } from "../../../src/store/lists/newest-first.ts";

/** A list of so many items, which is asked for the next piece after the last item of the one before. */
function listOf(count: number) {
  const ids = Array.from({ length: count }, (_, index) => index.toString().padStart(36, "0"));
  const asked: (number | undefined)[] = [];
  const list: List = {
    field: "Items",
    item: "item",
    placeOf: async (id) => placeAt(Number(id)),
    page: async (before, limit) => {
      asked.push(before?.created);
      const start = before === undefined ? 0 : before.created + 1;
      const page = ids.slice(start, start + limit);
      return { documents: Buffer.from(page.map((id) => `{"Id":"${id}"}`).join(",")), count: page.length };
    },
  };
  return { list, asked };
}

async function read(list: List): Promise<string> {
  const { body } = await listAnswer(list, null);
  if (!(body instanceof Readable)) return String(body);
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

test("a list of several pieces has every item once", async () => {
  const { list, asked } = listOf(450);
  const { Items } = JSON.parse(await read(list)) as { readonly Items: readonly { readonly Id: string }[] };
  assert.equal(new Set(Items.map(({ Id }) => Id)).size, 450);
  assert.equal(Items.length, 450);
  assert.deepEqual(asked, [undefined, 199, 399]);
});

test("a list that ends with a full piece ends", async () => {
  const { list, asked } = listOf(400);
  const { Items } = JSON.parse(await read(list)) as { readonly Items: readonly unknown[] };
  assert.equal(Items.length, 400);
  assert.deepEqual(asked, [undefined, 199, 399]);
});

test("a list breaks off, and does not begin anew, when its last item has no place", async () => {
  const { list, asked } = listOf(400);
  await assert.rejects(
    read({ ...list, placeOf: async () => undefined }),
    /that a piece of a list ended with is not there/,
  );
  assert.deepEqual(asked, [undefined]);
});
