import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { type TurnCaller, type TurnLimits, turns } from "../../../src/core/turns.ts";

const stranger = (group: string): TurnCaller => ({ isKnown: false, group });
const known = (group: string): TurnCaller => ({ isKnown: true, group });

/** Takes turns that end only when the test says so, and notes who has begun and who was refused. */
function rehearsal(limits: TurnLimits) {
  const { take } = turns(limits);
  const begun: string[] = [];
  const refused: string[] = [];
  const ends: (() => void)[] = [];
  return {
    begun,
    refused,
    come: async (name: string, caller: TurnCaller) => {
      const work = () => {
        begun.push(name);
        return new Promise<void>((resolve) => ends.push(resolve));
      };
      take(caller, work).catch(() => refused.push(name));
      await setImmediate();
    },
    /** Ends what is under way, again and again, until no caller waits. */
    goOn: async () => {
      for (let end = ends.shift(); end; end = ends.shift()) {
        end();
        await setImmediate();
      }
    },
  };
}

test("so many work at once as may, and the others come after them", async () => {
  const { begun, come, goOn } = rehearsal({ atOnce: 2, waiting: 5 });
  for (const name of ["a", "b", "c", "d"]) await come(name, stranger("one"));
  assert.deepEqual(begun, ["a", "b"]);
  await goOn();
  assert.deepEqual(begun, ["a", "b", "c", "d"]);
});

test("a known device is served before every stranger who waits", async () => {
  const { begun, come, goOn } = rehearsal({ atOnce: 1, waiting: 5 });
  for (const name of ["a", "b", "c"]) await come(name, stranger("flood"));
  await come("alice", known("alice's device"));
  await goOn();
  assert.deepEqual(begun, ["a", "alice", "b", "c"]);
});

test("strangers fill no place of those who are known", async () => {
  const { begun, refused, come, goOn } = rehearsal({ atOnce: 1, waiting: 2 });
  for (const name of ["a", "b", "c", "d"]) await come(name, stranger(name));
  assert.deepEqual(refused, ["d"]);
  await come("alice", known("alice's device"));
  await come("bob", known("bob's device"));
  await goOn();
  assert.deepEqual(begun, ["a", "alice", "bob", "b", "c"]);
});

test("a network that has filled the queue gives places up to others, and each network has its turn", async () => {
  const { begun, refused, come, goOn } = rehearsal({ atOnce: 1, waiting: 4 });
  for (const name of ["f1", "f2", "f3", "f4", "f5", "f6"]) await come(name, stranger("flood"));
  assert.deepEqual(refused, ["f6"]);
  await come("guest", stranger("elsewhere"));
  await come("guest's second", stranger("elsewhere"));
  await come("guest's third", stranger("elsewhere"));
  assert.deepEqual(refused, ["f6", "f5", "f4", "guest's third"]);
  await goOn();
  assert.deepEqual(begun, ["f1", "f2", "guest", "f3", "guest's second"]);
});

test("a turn that fails passes the place on", async () => {
  const { take } = turns({ atOnce: 1, waiting: 1 });
  await assert.rejects(
    take(stranger("one"), () => Promise.reject(new Error("broken"))),
    /broken/,
  );
  assert.equal(await take(stranger("one"), async () => "next"), "next");
});
