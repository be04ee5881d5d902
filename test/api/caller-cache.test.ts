import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { authentication } from "../../src/api/connector/authentication.ts";
import type { Reader } from "../../src/store/db.ts";
import { queries } from "../../src/store/directory/access.ts";
import { changeDirectory, enableClient } from "../../src/store/directory/directory.ts";
import { idsOf } from "../support/delivery/socket.ts";
import { atNet, client2AtGross, client2AtNet, credentials, world } from "../support/server/world.ts";

const callers = [credentials, atNet.tokens, client2AtGross.tokens, client2AtNet.tokens];

/** An authentication that remembers so many callers, and how often it has looked tokens up. */
async function cacheOf(t: TestContext, maxRemembered: number) {
  const server = await world(t);
  const { store, clock } = server.app;
  let lookups = 0;
  const reader: Reader = {
    all: (query, ...parameters) => {
      if (Object.is(query, queries.access)) lookups += 1;
      return store.db.all(query, ...parameters);
    },
  };
  const authenticate = authentication(reader, clock, maxRemembered);
  return {
    ...server,
    /** @returns how many of these callers were looked up */
    ask: async (...places: readonly number[]) => {
      const before = lookups;
      for (const place of places) await authenticate({ ...credentials, ...callers[place] });
      return lookups - before;
    },
  };
}

test("a caller who was found once is not looked up again", async (t) => {
  const { ask } = await cacheOf(t, 10);
  assert.equal(await ask(0, 1, 0, 1, 0), 2);
});

test("a full cache forgets the caller who has asked nothing for longest, and no other", async (t) => {
  const { ask } = await cacheOf(t, 3);
  assert.equal(await ask(0, 1, 2), 3);
  assert.equal(await ask(0, 3), 1);
  assert.equal(await ask(0, 2, 3), 0);
  assert.equal(await ask(1), 1);
});

test("a remembered caller whose client is disabled is refused at once, and the others are looked up anew", async (t) => {
  const { ask, app, ...server } = await cacheOf(t, 10);
  await ask(0, 2);
  const { client } = await idsOf({ app, ...server }, client2AtGross.tokens);
  await changeDirectory(app.store.db, (transaction) => enableClient(transaction, client, false));
  await assert.rejects(ask(2), { kind: "unauthenticated" });
  assert.equal(await ask(0), 1);
  await changeDirectory(app.store.db, (transaction) => enableClient(transaction, client, true));
  assert.equal(await ask(2, 2), 1);
});
