import assert from "node:assert/strict";
import { test } from "node:test";
import { type FrontDesk, frontDesk } from "../../support/browser/front-desk.ts";
import { gross, net } from "../../support/server/world.ts";

/** A guest opens a thread at Net and says something. @returns the thread's id */
async function guestWrites(desk: FrontDesk, text = "I will arrive late tonight", threadId?: string): Promise<string> {
  const id = threadId ?? (await newThread(desk));
  await desk.call("messages/add", { Messages: [{ MessageThreadId: id, Text: text }] });
  return id;
}

async function newThread(desk: FrontDesk, EnterpriseId = net): Promise<string> {
  const thread = { OriginalSender: "Jane Guest", Subject: "Late arrival", EnterpriseId };
  const { body } = await desk.call("messageThreads/add", thread);
  return body.MessageThreads[0]?.Id ?? assert.fail("No thread was opened.");
}

async function messagesOf(desk: FrontDesk, threadId: string) {
  const { body } = await desk.call("messages/getAll", { MessageThreadIds: [threadId], Limitation: { Count: 100 } });
  return body.Messages.toReversed();
}

test("a guest waits from the first message after the last answer until the next one, and the partner hears it", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const bob = await desk.hire("Bob", { [net]: "Agent" });
  const id = await guestWrites(desk);
  await guestWrites(desk, "Is that all right?", id);

  const [thread] = (await alice.list("Awaiting")).filter(({ Id }) => Id === id);
  assert.equal(thread?.WaitingSinceUtc, thread?.CreatedUtc, "waiting since the thread was opened");
  assert.equal(thread?.LastWords, "Is that all right?");
  assert.equal(thread?.IsUnread, true);

  const { Position, Items } = await alice.open(id);
  assert.deepEqual(
    Items.map(({ Text }) => Text),
    ["I will arrive late tonight", "Is that all right?"],
  );
  const { status, body } = await alice.reply(id, "Of course!\nSee you then.", Position);
  assert.equal(status, 200);
  assert.equal(body.Thread.WaitingSinceUtc, null);
  assert.equal(body.Thread.LastUserId, alice.id);
  assert.equal(
    (await bob.list("Awaiting")).some(({ Id }) => Id === id),
    false,
  );

  const messages = await messagesOf(desk, id);
  assert.deepEqual(messages.at(-1)?.Sender, { Discriminator: "Enterprise", Value: null });
  assert.equal(messages.at(-1)?.Text, "Of course!\nSee you then.");
});

test("a person who reads a thread reads it for no colleague", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const bob = await desk.hire("Bob", { [net]: "Agent" });
  const id = await guestWrites(desk);
  const { Position } = await alice.open(id);
  assert.equal((await alice.ask("threads/read", { MessageThreadId: id, Position })).Thread.IsUnread, false);
  assert.equal((await bob.open(id)).Thread.IsUnread, true);
  assert.equal((await alice.ask("counts/getAll")).Unread, 0);
  assert.equal((await bob.ask("counts/getAll")).Unread, 1);

  await guestWrites(desk, "Hello?", id);
  assert.equal((await alice.open(id)).Thread.IsUnread, true, "a new message is unread again");
  const answered = await bob.reply(id, "Good evening!", (await bob.open(id)).Position);
  assert.equal(answered.status, 200);
  assert.equal((await alice.open(id)).Thread.IsUnread, false, "what a colleague has answered is unread no more");
  await guestWrites(desk, "And a towel?", id);
  await alice.ask("threads/read", { MessageThreadId: id, Position: 0 });
  assert.equal((await alice.open(id)).Thread.IsUnread, true, "and so is what is marked as unread");
});

test("nothing is sent when the thread has a message that the writer has not seen", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const bob = await desk.hire("Bob", { [net]: "Agent" });
  const id = await guestWrites(desk);
  const { Position } = await alice.open(id);
  assert.equal((await bob.reply(id, "We have a room for you.", Position)).status, 200);

  const stopped = await alice.reply(id, "We are full, sorry.", Position, { Resolve: true });
  assert.equal(stopped.status, 409);
  assert.match(stopped.body.Message, /Nothing was sent/);
  assert.equal((await messagesOf(desk, id)).length, 2);
  assert.equal((await alice.open(id)).Thread.IsResolved, false);

  const seen = await alice.open(id);
  assert.equal((await alice.reply(id, "And breakfast.", seen.Position)).status, 200);
});

test("notes and the like stop no reply, and other threads don't either", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const bob = await desk.hire("Bob", { [net]: "Agent" });
  const id = await guestWrites(desk);
  const { Position } = await alice.open(id);
  await bob.ask("threads/note", { MessageThreadId: id, Id: crypto.randomUUID(), Text: "Room 12 is free." });
  await bob.ask("threads/assign", { MessageThreadId: id, UserId: alice.id });
  await guestWrites(desk, "Another guest");
  assert.equal((await alice.reply(id, "Room 12 is yours.", Position)).status, 200);
});

test("a reply or a note that is sent again adds nothing and is answered alike, also after a colleague's", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const bob = await desk.hire("Bob", { [net]: "Agent" });
  const id = await guestWrites(desk);
  const { Position } = await alice.open(id);
  const reply = { MessageThreadId: id, Id: crypto.randomUUID(), Text: "Once", Position };
  const note = { MessageThreadId: id, Id: crypto.randomUUID(), Text: "Once too" };
  const [first, second] = await Promise.all([alice.ask("threads/reply", reply), alice.ask("threads/reply", reply)]);
  assert.ok([first, second].every(({ Items }) => Items.some(({ Id }) => Id === reply.Id)));
  await alice.ask("threads/note", note);
  await bob.reply(id, "Twice", (await bob.open(id)).Position);
  await alice.ask("threads/reply", reply);
  await alice.ask("threads/note", note);
  const { Items } = await alice.open(id);
  const texts = Items.map(({ Text }) => Text);
  assert.deepEqual(texts, ["I will arrive late tonight", "Once", "Once too", "Twice"]);
});

test("notes and assignments are history to colleagues, and nothing to clients", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const bob = await desk.hire("Bob", { [net]: "Manager" });
  const id = await guestWrites(desk);
  const feed = async () => (await desk.call("events/getAll")).body.Events.length;
  const thread = async () => (await desk.call("messageThreads/getAll", { MessageThreadIds: [id] })).body.MessageThreads;
  const before = { events: await feed(), thread: await thread(), messages: await messagesOf(desk, id) };

  await alice.ask("threads/note", { MessageThreadId: id, Id: crypto.randomUUID(), Text: "A secret of the house" });
  await alice.ask("threads/assign", { MessageThreadId: id, UserId: bob.id });
  await bob.ask("threads/assign", { MessageThreadId: id, UserId: null });
  assert.deepEqual({ events: await feed(), thread: await thread(), messages: await messagesOf(desk, id) }, before);

  const { Items } = await bob.open(id);
  assert.deepEqual(
    Items.slice(1).map(({ Kind, UserId, AssigneeId, Text }) => ({ Kind, UserId, AssigneeId, Text })),
    [
      { Kind: "NoteAdded", UserId: alice.id, AssigneeId: null, Text: "A secret of the house" },
      { Kind: "ThreadAssigned", UserId: alice.id, AssigneeId: bob.id, Text: null },
      { Kind: "ThreadAssigned", UserId: bob.id, AssigneeId: null, Text: null },
    ],
  );
});

test("a thread may be assigned to people who work at its property, and to no others", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const elsewhere = await desk.hire("Eve", { [gross]: "Manager" });
  const owner = await desk.hire("Olga", "Owner");
  const id = await guestWrites(desk);
  const refused = await alice.call("threads/assign", { MessageThreadId: id, UserId: elsewhere.id });
  assert.equal(refused.status, 400);
  assert.match(refused.body.Message, /^UserId /);
  assert.equal(
    (await alice.ask("threads/assign", { MessageThreadId: id, UserId: owner.id })).Thread.AssigneeId,
    owner.id,
  );
  assert.deepEqual(
    (await owner.list("Mine")).map(({ Id }) => Id),
    [id],
  );
});

test("resolving ends the waiting, and the guest's next words open the thread again", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const id = await guestWrites(desk);
  const { Position } = await alice.open(id);
  const resolved = await alice.reply(id, "Done.", Position, { Resolve: true });
  assert.equal(resolved.body.Thread.IsResolved, true);
  assert.ok((await alice.list("Resolved")).some(({ Id }) => Id === id));
  const again = await alice.ask("threads/resolve", { MessageThreadId: id });
  assert.equal(again.Position, resolved.body.Position, "what is resolved already stays as it is");

  await guestWrites(desk, "One more thing", id);
  const { Thread, Items } = await alice.open(id);
  assert.equal(Thread.IsResolved, false);
  assert.ok(Thread.WaitingSinceUtc);
  assert.deepEqual(
    Items.map(({ Kind }) => Kind),
    ["MessageAdded", "MessageAdded", "ThreadResolved", "ThreadReopened", "MessageAdded"],
  );
  await alice.ask("threads/resolve", { MessageThreadId: id });
  const reopened = await alice.ask("threads/reopen", { MessageThreadId: id });
  assert.ok(reopened.Thread.WaitingSinceUtc, "the guest has no answer yet");
});

test("what is yet to come is unread, and no database is asked for what none can keep", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const id = await guestWrites(desk);
  await alice.ask("threads/read", { MessageThreadId: id, Position: Number.MAX_SAFE_INTEGER });
  await guestWrites(desk, "Hello?", id);
  assert.equal((await alice.open(id)).Thread.IsUnread, true);
  const wrong: readonly (readonly [string, object, RegExp])[] = [
    ["threads/read", { MessageThreadId: id, Position: 1e300 }, /^Position /],
    ["threads/reply", { MessageThreadId: id, Id: crypto.randomUUID(), Text: "Hi", Position: -1 }, /^Position /],
    ["drafts/set", { MessageThreadId: id, Text: "\0" }, /^Text /],
    ["threads/note", { MessageThreadId: id, Id: "none", Text: "Hi" }, /^Id /],
    ["threads/get", { MessageThreadId: crypto.randomUUID(), Count: 10 }, /^MessageThreadId /],
  ];
  for (const [operation, input, sentence] of wrong) {
    const { status, body } = await alice.call(operation, input);
    assert.equal(status, 400, operation);
    assert.match(body.Message, sentence);
  }
});

test("a draft is kept for each person and thread, until it is empty", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const bob = await desk.hire("Bob", { [net]: "Agent" });
  const id = await guestWrites(desk);
  await alice.ask("drafts/set", { MessageThreadId: id, Text: "Dear Jane" });
  assert.equal((await alice.open(id)).Draft, "Dear Jane");
  assert.equal((await bob.open(id)).Draft, null);
  await alice.ask("drafts/set", { MessageThreadId: id, Text: "" });
  assert.equal((await alice.open(id)).Draft, null);
});

test("a long thread is read from its end, a page at a time, each item once and in order", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const id = await newThread(desk);
  const texts = Array.from({ length: 45 }, (_, index) => `Message ${index}`);
  await desk.call("messages/add", { Messages: texts.map((Text) => ({ MessageThreadId: id, Text })) });
  await alice.ask("threads/note", { MessageThreadId: id, Id: crypto.randomUUID(), Text: "Note" });

  const first = await alice.ask("threads/get", { MessageThreadId: id, Count: 10 });
  let items = first.Items;
  for (let cursor = first.Cursor; cursor !== null; ) {
    const page = await alice.ask("items/getAll", { MessageThreadId: id, Limitation: { Count: 10, Cursor: cursor } });
    items = [...page.Items, ...items];
    cursor = page.Cursor;
  }
  assert.deepEqual(
    items.map(({ Text }) => Text),
    [...texts, "Note"],
  );
});
