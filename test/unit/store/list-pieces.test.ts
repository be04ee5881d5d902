import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { test } from "node:test";
import { type List, listAnswer } from "../../../src/api/connector/list-answer.ts";
import { placeAt } from "../../../src/store/lists/newest-first.ts";

/** A list of so many items whose last one of each piece may be gone when the next piece is read. */
function listOf(count: number, isGone: boolean) {
  const documents = Array.from({ length: count }, (_, index) => `{"Id":"${index.toString().padStart(36, "0")}"}`);
  const asked: (number | undefined)[] = [];
  const list: List = {
    field: "Items",
    item: "item",
    placeOf: async (id) => (isGone ? undefined : placeAt(Number(id))),
    page: async (before, limit) => {
      asked.push(before?.created);
      if (asked.length > count) assert.fail("The list has no end.");
      const start = before === undefined ? 0 : before.created + 1;
      const page = documents.slice(start, start + limit);
      return { documents: Buffer.from(page.join(",")), count: page.length };
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
  const { list, asked } = listOf(450, false);
  const { Items } = JSON.parse(await read(list)) as { readonly Items: readonly { readonly Id: string }[] };
  assert.equal(new Set(Items.map(({ Id }) => Id)).size, 450);
  assert.equal(Items.length, 450);
  assert.deepEqual(asked, [undefined, 199, 399]);
});

test("a list whose last item is gone when the next piece is read breaks off, and does not begin anew", async () => {
  const { list, asked } = listOf(450, true);
  await assert.rejects(read(list), /can't go on/);
  assert.deepEqual(asked, [undefined]);
});
