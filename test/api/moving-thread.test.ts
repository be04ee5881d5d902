import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { tokenDigest } from "../../src/core/tokens.ts";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { findAccess } from "../../src/store/directory/access.ts";
import { threadPage } from "../../src/store/lists/threads.ts";
import { startSandbox } from "../support/server/server.ts";
import { guest } from "../support/server/world.ts";

const day = 86_400_000_000;

test("a thread that is updated while a list by update is read is in the list once", async (t) => {
  const { app, call, database } = await startSandbox(t);
  const opened = await call("messageThreads/add", guest);
  const id = opened.body.MessageThreads[0]?.Id ?? "";
  const { db } = app.store;
  const access = await findAccess(db, tokenDigest(demoTokens.ClientToken), tokenDigest(demoTokens.AccessToken));
  assert.ok(access);
  const scope = { clientId: access.client_id, enterpriseIds: [access.primary_enterprise_id] };

  // Another program moves the thread from a whole day of the interval to an hour of its ragged end, and back.
  const other = new DatabaseSync(database.replace("sqlite:", ""));
  t.after(() => other.close());
  const move = other.prepare("UPDATE message_thread SET updated = ? WHERE id = ?");
  const updated = { from: 100 * day, to: 110 * day + day / 2 };
  for (let moves = 0; moves < 30; moves += 1) {
    move.run(105 * day, id);
    const page = threadPage(db, scope, { updated }, undefined, 10);
    for (let turn = 0; turn < moves; turn += 1) await undefined;
    move.run(110 * day, id);
    assert.equal((await page).count, 1, `moved after ${moves} steps`);
  }
});
