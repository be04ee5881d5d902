import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveItem } from "../../../src/protocol/staff/live.ts";
import { type FrontDesk, frontDesk, type LiveStream } from "../../support/browser/front-desk.ts";
import { gross, net } from "../../support/server/world.ts";

async function openThread(desk: FrontDesk, EnterpriseId = net): Promise<string> {
  const { body } = await desk.call("messageThreads/add", { OriginalSender: "Guest", Subject: "Stay", EnterpriseId });
  return body.MessageThreads[0]?.Id ?? "";
}

async function say(desk: FrontDesk, MessageThreadId: string, ...texts: readonly string[]): Promise<void> {
  await desk.call("messages/add", { Messages: texts.map((Text) => ({ MessageThreadId, Text })) });
}

/** The items of so many entries, and the position after them. */
async function heard(stream: LiveStream, count: number): Promise<{ items: LiveItem[]; position: string }> {
  const items: LiveItem[] = [];
  let position = "";
  while (items.length < count) {
    const { data, id } = await stream.next("changes");
    assert.equal(id, data.Position);
    items.push(...data.Items);
    position = data.Position;
  }
  return { items, position };
}

test("a page hears of every change at once, with the thread and the counts as they are then", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const bob = await desk.hire("Bob", { [net]: "Agent" });
  const stream = await alice.live();
  const id = await openThread(desk);
  await say(desk, id, "Good evening");
  const { items } = await heard(stream, 2);
  assert.deepEqual(
    items.map(({ Item }) => [Item.Kind, Item.Text]),
    [
      ["ThreadAdded", null],
      ["MessageAdded", "Good evening"],
    ],
  );
  const { Position } = await bob.open(id);
  assert.equal(items.at(-1)?.Position, Position, "live and read positions are the same numbers");
  await bob.reply(id, "Welcome!", Position);
  const { data } = await stream.next("changes");
  assert.equal(data.Items[0]?.Item.UserId, bob.id);
  assert.equal(data.Threads[0]?.LastWords, "Welcome!");
  assert.deepEqual(
    data.Counts,
    (await alice.ask("counts/getAll")).Counts.filter(({ EnterpriseId }) => EnterpriseId === net),
  );
});

test("who comes back hears all that was missed, once and in order, and nothing from before", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent", [gross]: "Agent" });
  const [atNet, atGross] = [await openThread(desk), await openThread(desk, gross)];
  const first = await alice.live();
  await say(desk, atNet, "1");
  const { position } = await heard(first, 1);
  first.close();

  // More than one event has.
  const missed = Array.from({ length: 450 }, (_, index) => `${index + 2}`);
  await say(desk, atNet, ...missed);
  await say(desk, atGross, "elsewhere");
  const second = await alice.live(position);
  const { items } = await heard(second, missed.length + 1);
  const textsOf = (enterpriseId: string) =>
    items.filter(({ EnterpriseId }) => EnterpriseId === enterpriseId).map(({ Item }) => Item.Text);
  assert.deepEqual(textsOf(net), missed);
  assert.deepEqual(textsOf(gross), ["elsewhere"]);
  const positions = items.filter(({ EnterpriseId }) => EnterpriseId === net).map(({ Position }) => Position);
  assert.deepEqual(
    positions.map((number) => number - (positions[0] ?? 0)),
    positions.map((_, index) => index),
    "the numbers have no gap",
  );
});

test("people hear of no property where they don't work", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const stream = await alice.live();
  await say(desk, await openThread(desk, gross), "A secret of Gross");
  const id = await openThread(desk);
  const { items } = await heard(stream, 1);
  assert.deepEqual(
    items.map(({ Item }) => Item.MessageThreadId),
    [id],
  );
});

test("colleagues see who looks at a thread and who writes in it, where they work", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const bob = await desk.hire("Bob", { [net]: "Agent" });
  const eve = await desk.hire("Eve", { [gross]: "Agent" });
  const id = await openThread(desk);
  const [toBob, toEve] = [await bob.live(), await eve.live()];
  await toBob.next("presence");
  await alice.ask("presence/set", { MessageThreadId: id, IsTyping: true });
  const { data } = await toBob.next("presence");
  assert.deepEqual(data, { People: [{ UserId: alice.id, MessageThreadId: id, IsTyping: true }] });
  await alice.ask("presence/set", { MessageThreadId: null });
  assert.deepEqual((await toBob.next("presence")).data, { People: [] });

  assert.deepEqual((await toEve.next("presence")).data, { People: [] });
  await eve.ask("presence/set", { MessageThreadId: id });
  await say(desk, await openThread(desk, gross), "Something else");
  await assert.rejects(
    Promise.race([
      toEve.next("presence"),
      toEve.next("changes").then(() => Promise.reject(new Error("heard nothing"))),
    ]),
    /heard nothing/,
  );
});

test("a stream needs somebody who is signed in, and a position that was given out", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const ask = (query: string, cookie: string) =>
    fetch(`${desk.url}/api/staff/v1/live${query}`, { headers: { Cookie: cookie } });
  assert.equal((await ask("", "")).status, 401);
  assert.equal((await ask("?after=nonsense", alice.cookie)).status, 400);
});

test("a server that stops ends the streams at once", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const stream = await alice.live();
  await desk.app.stop();
  await assert.rejects(stream.next("changes"), /ended|terminated/);
});
