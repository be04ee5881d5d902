import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { InboxThread, View } from "../../../src/protocol/staff/inbox.ts";
import { type FrontDesk, frontDesk, type Receptionist } from "../../support/browser/front-desk.ts";
import { isOnPostgres } from "../../support/database/engine.ts";
import { gross, net } from "../../support/server/world.ts";

const views: readonly View[] = ["Awaiting", "Open", "Mine", "Unassigned", "Resolved", "All"];

/** What belongs into a list, as its name says. */
function isIn(view: View, { WaitingSinceUtc, IsResolved, AssigneeId }: InboxThread, userId: string): boolean {
  switch (view) {
    case "Awaiting":
      return WaitingSinceUtc !== null;
    case "Open":
      return !IsResolved;
    case "Mine":
      return !IsResolved && AssigneeId === userId;
    case "Unassigned":
      return !IsResolved && AssigneeId === null;
    case "Resolved":
      return IsResolved;
    case "All":
      return true;
  }
}

async function openThreads(desk: FrontDesk, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const EnterpriseId = index % 2 === 0 ? net : gross;
    const { body } = await desk.call("messageThreads/add", {
      OriginalSender: "Guest",
      Subject: `${index}`,
      EnterpriseId,
    });
    ids.push(body.MessageThreads[0]?.Id ?? "");
  }
  return ids;
}

/** Every thread that the pages of a list have, in their order. */
async function pagesOf(person: Receptionist, View: View, Count: number): Promise<InboxThread[]> {
  const threads: InboxThread[] = [];
  for (let Cursor: string | null = null; ; ) {
    const Limitation: { Count: number; Cursor: string | null } = { Count, Cursor };
    const page = await person.ask("threads/getAll", { View, Limitation });
    threads.push(...page.Threads);
    Cursor = page.Cursor;
    if (Cursor === null) return threads;
  }
}

type Step = readonly [action: "guest" | "reply" | "resolve" | "reopen" | "mine" | "yours" | "nobody's", thread: number];

const threadCount = 6;

const steps = fc.array(
  fc.tuple(
    fc.constantFrom("guest", "reply", "resolve", "reopen", "mine", "yours", "nobody's"),
    fc.nat(threadCount - 1),
  ) as fc.Arbitrary<Step>,
  { maxLength: 20 },
);

test("whatever happens, every list has what belongs into it, in its order, and as many as its count says", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent", [gross]: "Agent" });
  const bob = await desk.hire("Bob", { [net]: "Agent", [gross]: "Agent" });
  const ids = await openThreads(desk, threadCount);

  async function carryOut([action, index]: Step): Promise<void> {
    const MessageThreadId = ids[index] ?? "";
    if (action === "guest") await desk.call("messages/add", { Messages: [{ MessageThreadId, Text: "Hello?" }] });
    if (action === "reply") await alice.reply(MessageThreadId, "Hello!", (await alice.open(MessageThreadId)).Position);
    if (action === "resolve" || action === "reopen") await bob.ask(`threads/${action}`, { MessageThreadId });
    const assignee = { mine: alice.id, yours: bob.id, "nobody's": null }[action as string];
    if (assignee !== undefined) await alice.ask("threads/assign", { MessageThreadId, UserId: assignee });
  }

  const property = fc.asyncProperty(steps, fc.integer({ min: 1, max: 4 }), async (taken, pageSize) => {
    for (const step of taken) await carryOut(step);
    const all = await Promise.all(
      (await pagesOf(alice, "All", 200)).map(async ({ Id }) => (await alice.open(Id)).Thread),
    );
    const { Counts } = await alice.ask("counts/getAll");
    for (const view of views) {
      const listed = await pagesOf(alice, view, pageSize);
      const expected = all.filter((thread) => isIn(view, thread, alice.id)).map(({ Id }) => Id);
      assert.deepEqual(listed.map(({ Id }) => Id).sort(), expected.sort(), view);
      const counted = Counts.reduce((sum, count) => sum + count[view], 0);
      assert.equal(counted, expected.length, `the count of ${view}`);
      const times = listed.map(({ WaitingSinceUtc, UpdatedUtc }) =>
        view === "Awaiting" ? WaitingSinceUtc : UpdatedUtc,
      );
      assert.deepEqual(
        times,
        view === "Awaiting" ? times.toSorted() : times.toSorted().reverse(),
        `the order of ${view}`,
      );
    }
  });
  await fc.assert(property, { numRuns: isOnPostgres ? 5 : 15 });
});

test("a list may be of some properties, and never of one where the caller does not work", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const owner = await desk.hire("Olga", "Owner");
  await openThreads(desk, 4);
  const properties = new Set((await alice.list("All")).map(({ EnterpriseId }) => EnterpriseId));
  assert.deepEqual([...properties], [net]);
  const ofGross = await owner.list("All", { EnterpriseIds: [gross] });
  assert.equal(ofGross.length, 2);
  const refused = await alice.call("threads/getAll", { View: "All", EnterpriseIds: [gross], Limitation: { Count: 5 } });
  assert.equal(refused.status, 403);
});

test("a cursor that no page has had is refused by name", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const refused = await alice.call("threads/getAll", { View: "All", Limitation: { Count: 5, Cursor: "' OR 1=1" } });
  assert.equal(refused.status, 400);
  assert.match(refused.body.Message, /^Limitation\.Cursor /);
});
