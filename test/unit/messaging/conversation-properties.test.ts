import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Command } from "../../../src/messaging/commands.ts";
import { summarized } from "../../../src/messaging/summary.ts";
import { documentOf } from "../../../src/messaging/thread.ts";
import type { Message } from "../../../src/protocol/connector/messages.ts";
import {
  assigns,
  type Conversations,
  conversations,
  guestWrites,
  notes,
  opening,
  propertyWrites,
  replies,
  resolves,
} from "../../support/messaging/conversations.ts";

const words = fc.constantFrom("Hello", "Thanks", "Late?");
const said: readonly fc.Arbitrary<Command>[] = [
  fc.array(words, { minLength: 1, maxLength: 3 }).map((texts) => guestWrites(...texts)),
  words.map(propertyWrites),
  fc.constant(undefined).map(() => replies()),
  fc.constant(undefined).map(() => notes()),
  fc.constantFrom("Ann", "Bob").map(assigns),
];
const resolving: readonly fc.Arbitrary<Command>[] = [
  fc.boolean().map((isResolved) => resolves(isResolved)),
  fc.constant(undefined).map(() => replies({ resolves: true })),
];

/** Commands, each with what the clock says then: it may stand still or go back. */
function histories(...commands: readonly fc.Arbitrary<Command>[]) {
  return fc.array(fc.tuple(fc.oneof(...commands), fc.nat({ max: 20 })), { maxLength: 20 });
}

function play(history: readonly (readonly [Command, number])[]): Conversations {
  const all = conversations();
  for (const [command, earliest] of [[opening, 0] as const, ...history]) all.carryOut(command, earliest);
  return all;
}

test("whatever happens, a log has no gaps, its times increase, and the thread is what its log says", () => {
  fc.assert(
    fc.property(histories(...said, ...resolving), (history) => {
      const { log, messages, notes, thread } = play(history);
      assert.deepEqual(
        log.map(({ sequence }) => sequence),
        log.map((_, index) => index + 1),
      );
      for (const [index, entry] of log.entries()) assert.ok(entry.created > (log[index - 1]?.created ?? -1));

      const { isResolved, updated, lastPosition, assigneeId, waitingSince } = thread();
      const last = (...kinds: readonly string[]) => log.findLast(({ kind }) => kinds.includes(kind));
      assert.equal(isResolved, last("ThreadAdded", "ThreadResolved", "ThreadReopened")?.kind === "ThreadResolved");
      assert.equal(updated, last("ThreadAdded", "MessageAdded", "ThreadResolved", "ThreadReopened")?.created);
      assert.equal(lastPosition, last("ThreadAdded", "MessageAdded")?.sequence);
      assert.equal(assigneeId, last("ThreadAssigned")?.assigneeId ?? thread().assigneeId);
      if (isResolved) assert.equal(waitingSince, null);
      assert.equal(JSON.parse(documentOf(thread())).IsResolved, isResolved);

      const written = log.filter(({ messageId }) => messageId !== null);
      const kept = [...messages, ...notes].map(({ entry }) => entry).sort((a, b) => a.created - b.created);
      assert.deepEqual(written, kept);
    }),
  );
});

test("the summary that is kept along the way is the one that the messages give", () => {
  fc.assert(
    fc.property(histories(...said), (history) => {
      const { log, messages, thread } = play(history);
      const newest = messages.toReversed().map(({ entry: { created, userId }, document }) => {
        return { created, userId, message: JSON.parse(document) as Message };
      });
      const position = log.findLast(({ kind }) => kind === "MessageAdded")?.sequence;
      const unsummarized = {
        ...thread(),
        waitingSince: null,
        lastSender: null,
        lastUserId: "unknown",
        lastPosition: 1,
      };
      assert.deepEqual(summarized(unsummarized, newest, true, position), thread());
    }),
  );
});
