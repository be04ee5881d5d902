import "../../support/postgres/on-postgres.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { frontDesk } from "../../support/browser/front-desk.ts";
import { engineDatabase } from "../../support/server/server.ts";
import { net } from "../../support/server/world.ts";

test("colleagues at two nodes hear of each other's answers, see each other write, and stop each other", async (t) => {
  const database = await engineDatabase(t);
  const [here, there] = [await frontDesk(t, { database }), await frontDesk(t, { database })];
  const alice = await here.hire("Alice", { [net]: "Agent" });
  const bob = there.welcome(await here.hire("Bob", { [net]: "Agent" }));
  const { body } = await here.call("messageThreads/add", {
    OriginalSender: "Guest",
    Subject: "Stay",
    EnterpriseId: net,
  });
  const id = body.MessageThreads[0]?.Id ?? "";
  const stream = await bob.live();
  await stream.next("presence");

  await alice.ask("presence/set", { MessageThreadId: id, IsTyping: true });
  const seen = await stream.next("presence");
  assert.deepEqual(seen.data, { People: [{ UserId: alice.id, MessageThreadId: id, IsTyping: true }] });

  const { Position } = await bob.open(id);
  assert.equal((await alice.reply(id, "Welcome!", Position)).status, 200);
  const { data } = await stream.next("changes");
  assert.deepEqual(
    data.Items.map(({ Item }) => [Item.Text, Item.UserId]),
    [["Welcome!", alice.id]],
  );
  assert.equal((await bob.reply(id, "Who are you?", Position)).status, 409);
  assert.equal((await bob.reply(id, "And breakfast?", data.Items[0]?.Position ?? 0)).status, 200);
});
