import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { runs } from "../support/engine.ts";
import { type FrontDesk, frontDesk, type Receptionist } from "../support/front-desk.ts";
import { client2AtGross, gross, net } from "../support/world.ts";

async function write(desk: FrontDesk, EnterpriseId: string, Text: string, options = {}): Promise<string> {
  const guest = { OriginalSender: "Penelope", Subject: "Late arrival", EnterpriseId };
  const opened = await desk.call("messageThreads/add", guest, options);
  assert.equal(opened.status, 200, opened.text);
  const MessageThreadId = opened.body.MessageThreads[0]?.Id ?? "";
  const added = await desk.call("messages/add", { Messages: [{ MessageThreadId, Text }] }, options);
  assert.equal(added.status, 200, added.text);
  return MessageThreadId;
}

/** For "within a second", in milliseconds, on a machine that has much else to do. */
const aboutASecond = 5000;

/** Asks until so many are found, as the page does while somebody types. */
async function found(person: Receptionist, Query: string, count: number): Promise<readonly string[]> {
  const begin = performance.now();
  for (;;) {
    const { Results } = await person.ask("threads/search", { Query, Count: 50 });
    if (Results.length >= count || performance.now() - begin > aboutASecond)
      return Results.map(({ Thread }) => Thread.Id);
    await setTimeout(25);
  }
}

test("what guests and colleagues write is found within a second, by who works there", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  const olga = await desk.hire("Olga", "Owner");
  const atNet = await write(desk, net, "We come by submarine.");
  assert.deepEqual(await found(alice, "submar", 1), [atNet]);

  const atGross = await write(desk, gross, "By submarine too.", client2AtGross);
  assert.deepEqual(await found(olga, "submarine", 2), [atGross, atNet], "whatever the client");
  assert.deepEqual(await found(alice, "submarine", 1), [atNet]);
  const { Position } = await alice.open(atNet);
  assert.equal((await alice.reply(atNet, "The harbour is open.", Position)).status, 200);
  assert.deepEqual(await found(olga, "harbour from:penelope is:open", 1), [atNet]);
  await alice.ask("threads/note", { MessageThreadId: atNet, Id: crypto.randomUUID(), Text: "Ask for the periscope." });
  assert.deepEqual(await found(olga, "periscope", 1), [atNet]);
  const elsewhere = await alice.call("threads/search", { Query: "submarine", Count: 5, EnterpriseIds: [gross] });
  assert.equal(elsewhere.status, 403, elsewhere.text);
});

test("whatever is asked for is answered with 200 or 400", async (t) => {
  const desk = await frontDesk(t);
  const alice = await desk.hire("Alice", { [net]: "Agent" });
  await write(desk, net, 'AND OR "NOT" <-> 東京');
  await found(alice, "not", 1);
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
