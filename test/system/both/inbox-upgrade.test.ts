import assert from "node:assert/strict";
import { test } from "node:test";
import { openDatabase } from "../../../src/store/store.ts";
import { frontDesk, type Receptionist } from "../../support/browser/front-desk.ts";
import { eventually } from "../../support/postgres/nodes.ts";
import { engineDatabase } from "../../support/server/server.ts";
import { net } from "../../support/server/world.ts";

/** As a version leaves the threads that knows of no inbox. */
const forget = `
  UPDATE message_thread SET waiting_since = NULL, last_words = NULL, last_sender = NULL, last_user_id = NULL,
    last_position = 0, counted = 0, summarized = 0;
  DELETE FROM inbox_count;`;

async function shownTo(person: Receptionist) {
  const views = ["Awaiting", "Resolved", "All"] as const;
  const lists = await Promise.all(views.map((view) => person.list(view)));
  const { Counts } = await person.ask("counts/getAll");
  // What was said before is read for all people, and the published threads await nothing in a sandbox.
  const own = lists.map((list) => list.filter(({ OriginalSender }) => OriginalSender === "Guest"));
  return {
    lists: own.map((list) => list.map((thread) => ({ ...thread, IsUnread: false }))),
    Counts: Counts.map(({ Awaiting, ...others }) => others),
  };
}

test("a message that a server without an inbox has added stops a reply to what was before it", async (t) => {
  const database = await engineDatabase(t);
  const desk = await frontDesk(t, { database });
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const { body } = await desk.call("messageThreads/add", {
    OriginalSender: "Guest",
    Subject: "Stay",
    EnterpriseId: net,
  });
  const MessageThreadId = body.MessageThreads[0]?.Id ?? "";
  const say = (Text: string) => desk.call("messages/add", { Messages: [{ MessageThreadId, Text }] });
  await say("Is there a bar?");
  const { Position } = await alice.open(MessageThreadId);
  await say("And a pool?");
  const db = openDatabase(database);
  await db.transaction((transaction) =>
    transaction.script("UPDATE message_thread SET last_position = 0, summarized = 1 WHERE summarized > 0"),
  );
  await db.close();
  assert.equal((await alice.reply(MessageThreadId, "Yes, until 2.", Position)).status, 409);
  const seen = await alice.open(MessageThreadId);
  assert.equal((await alice.reply(MessageThreadId, "Both.", seen.Position)).status, 200);
});

test("what was written before there was an inbox, or by a server without one, is in its lists soon", async (t) => {
  const database = await engineDatabase(t);
  const desk = await frontDesk(t, { database });
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const open = async (Subject: string) => {
    const { body } = await desk.call("messageThreads/add", { OriginalSender: "Guest", Subject, EnterpriseId: net });
    return body.MessageThreads[0]?.Id ?? "";
  };
  const say = (MessageThreadId: string, Text: string) =>
    desk.call("messages/add", { Messages: [{ MessageThreadId, Text }] });
  const answer = async (id: string, more = {}) => alice.reply(id, "An answer", (await alice.open(id)).Position, more);
  await open("has no message");
  const [answered, resolved, again] = [
    await open("was answered"),
    await open("is resolved"),
    await open("waits again"),
  ];
  for (const id of [answered, resolved, again]) await say(id, "A question");
  await answer(answered);
  await answer(resolved, { Resolve: true });
  await answer(again);
  await say(again, "Another question");
  await say(again, "And another one");
  const before = await shownTo(alice);
  await desk.app.stop();

  const db = openDatabase(database);
  await db.transaction((transaction) => transaction.script(forget));
  await db.close();

  const later = (await frontDesk(t, { database })).welcome(alice);
  const all = before.Counts.map(({ All }) => All);
  await eventually("The summary of every thread", async () => {
    const { Counts } = await later.ask("counts/getAll");
    return Counts.every(({ All }, index) => All === all[index]) || undefined;
  });
  assert.deepEqual(await shownTo(later), before);
});
