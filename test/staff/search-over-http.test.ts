import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type FrontDesk, frontDesk, type Receptionist } from "../support/browser/front-desk.ts";
import { runs } from "../support/database/engine.ts";
import { client2AtGross, gross, net } from "../support/server/world.ts";

async function write(desk: FrontDesk, EnterpriseId: string, Text: string, options = {}): Promise<string> {
  const guest = { OriginalSender: "Penelope", Subject: "Late arrival", EnterpriseId };
  const opened = await desk.call("messageThreads/add", guest, options);
  assert.equal(opened.status, 200, opened.text);
  const MessageThreadId = opened.body.MessageThreads[0]?.Id ?? "";
  const added = await desk.call("messages/add", { Messages: [{ MessageThreadId, Text }] }, options);
  assert.equal(added.status, 200, added.text);
  return MessageThreadId;
}

/** What somebody finds once all that was written is in the index. */
async function found({ app }: FrontDesk, person: Receptionist, Query: string): Promise<readonly string[]> {
  await app.indexed();
  const { Results } = await person.ask("threads/search", { Query, Count: 50 });
  return Results.map(({ Thread }) => Thread.Id);
}

test("what guests and colleagues write is found by those who work there", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const olga = await desk.hire("Olga", "Owner");
  const atNet = await write(desk, net, "We come by submarine.");
  assert.deepEqual(await found(desk, alice, "submar"), [atNet]);

  const atGross = await write(desk, gross, "By submarine too.", client2AtGross);
  assert.deepEqual(await found(desk, olga, "submarine"), [atGross, atNet], "whatever the client");
  assert.deepEqual(await found(desk, alice, "submarine"), [atNet]);
  const { Position } = await alice.open(atNet);
  assert.equal((await alice.reply(atNet, "The harbour is open.", Position)).status, 200);
  assert.deepEqual(await found(desk, olga, "harbour from:penelope is:open"), [atNet]);
  await alice.ask("threads/note", { MessageThreadId: atNet, Id: crypto.randomUUID(), Text: "Ask for the periscope." });
  assert.deepEqual(await found(desk, olga, "periscope"), [atNet]);
  const elsewhere = await alice.call("threads/search", { Query: "submarine", Count: 5, EnterpriseIds: [gross] });
  assert.equal(elsewhere.status, 403, elsewhere.text);
});

test("whatever is asked for is answered with 200 or 400", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  await write(desk, net, 'AND OR "NOT" <-> 東京');
  await found(desk, alice, "not");
  const typed = fc.oneof(
    fc.string({ unit: "binary", maxLength: 500 }),
    fc
      .array(fc.constantFrom('"', "'", "is:", "from:", "AND", "(", ")", "*", "^", ":", "-", "\\", " ", "東", "\0"), {
        maxLength: 60,
      })
      .map((parts) => parts.join("")),
  );
  await fc.assert(
    fc.asyncProperty(typed, async (Query) => {
      const { status, text } = await alice.call("threads/search", { Query, Count: 5 });
      assert.ok([200, 400].includes(status), text);
    }),
    { numRuns: runs(60) },
  );
});
