import assert from "node:assert/strict";
import { test } from "node:test";
import { tokenDigest } from "../../../src/core/tokens.ts";
import { clientNames, maxRemembered } from "../../../src/sandbox/traffic/client-names.ts";
import type { Reader } from "../../../src/store/db.ts";
import { queries } from "../../../src/store/directory/directory.ts";
import type { AnyAsked, Parameters } from "../../../src/store/query.ts";

/** A directory with one client for each token, which counts how often tokens are looked for. */
function directory(tokens: readonly string[]) {
  const ids = new Map(tokens.map((token, index) => [Buffer.from(tokenDigest(token)).toString("hex"), String(index)]));
  let looks = 0;
  const reader: Reader = {
    all: async (...[query, asked]: AnyAsked) => {
      const { digest, after } = asked as Parameters;
      if (query === queries.clientOfToken) {
        looks += 1;
        const id = ids.get(Buffer.from(digest as Uint8Array).toString("hex"));
        return (id === undefined ? [] : [{ id }]) as never[];
      }
      const isFirstPage = !/^\d+$/.test(String(after));
      return (isFirstPage ? [...ids.values()].map((id) => ({ id, name: `Client ${id}` })) : []) as never[];
    },
  };
  return { reader, looks: () => looks };
}

test("names of clients are remembered, and the one that was asked for least recently makes room", async () => {
  const tokens = Array.from({ length: maxRemembered + 1 }, (_, index) => `token ${index}`);
  const { reader, looks } = directory(tokens);
  const nameOf = clientNames(reader);
  const [first = "", second = "", ...others] = tokens;
  assert.equal(await nameOf(first), "Client 0");
  assert.equal(await nameOf(second), "Client 1");
  assert.equal(await nameOf(first), "Client 0");
  assert.equal(looks(), 2);
  for (const token of others) await nameOf(token);
  assert.equal(looks(), tokens.length);

  assert.equal(await nameOf(first), "Client 0");
  assert.equal(looks(), tokens.length, "the first one was asked for again, and stayed");
  assert.equal(await nameOf(second), "Client 1");
  assert.equal(looks(), tokens.length + 1, "the second one had made room");
});

test("a token that no client has gets no name, and is not remembered", async () => {
  const { reader, looks } = directory([]);
  const nameOf = clientNames(reader);
  assert.equal(await nameOf("wrong"), null);
  assert.equal(await nameOf("wrong"), null);
  assert.equal(looks(), 2);
});
