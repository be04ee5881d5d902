import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { watchTraffic } from "../../src/cli/sandbox/watched-traffic.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { innboxHere } from "../support/server/process.ts";

/** Watches one world of a sandbox in which two requests were made before. */
async function watched(t: TestContext, world: string) {
  const sandbox = await startTestSandbox(t);
  const end = new AbortController();
  const notes: string[] = [];
  await sandbox.call("configuration/get", {}, world);
  await sandbox.call("enterprises/getAll", {}, world);
  let traffic: ReturnType<typeof watchTraffic> | undefined;
  await new Promise<void>((resolve) => {
    const note = (text: string) => {
      notes.push(text);
      resolve();
    };
    const ask = async <Answer>(operation: string, input: object) =>
      (await sandbox.sandbox(operation, input, world)).body as Answer;
    traffic = watchTraffic(ask, end.signal, note);
  });
  return {
    sandbox,
    notes,
    stop: async () => {
      end.abort();
      const { entries = [], until } = (await traffic) ?? {};
      return { operations: entries.map(({ Operation }) => Operation), until };
    },
  };
}

test("watching collects what comes from now on, in the one world, until the world's time when it ends", async (t) => {
  const { sandbox, notes, stop } = await watched(t, "one");
  await sandbox.call("events/getAll", {}, "one");
  await sandbox.call("configuration/get", {}, "other");
  await sandbox.sandbox("clock/set", { NowUtc: "2030-01-01T00:00:00Z" }, "one");
  const { operations, until } = await stop();
  assert.deepEqual(operations, ["events/getAll"]);
  assert.equal(new Date(until ?? 0).getUTCFullYear(), 2030);
  assert.deepEqual(notes, ["Watching. Ctrl+C ends it and reports."]);
});

test("watching goes on when the sandbox forgets what it has recorded", async (t) => {
  const { sandbox, notes, stop } = await watched(t, "one");
  await sandbox.sandbox("traffic/clear", {}, "one");
  await sandbox.call("events/getAll", {}, "one");
  assert.deepEqual((await stop()).operations, ["events/getAll"]);
  assert.equal(notes.length, 1);
});

test("watching begins anew when the world is reset", async (t) => {
  const { sandbox, notes, stop } = await watched(t, "one");
  await sandbox.sandbox("state/reset", {}, "one");
  await sandbox.call("events/getAll", {}, "one");
  assert.deepEqual((await stop()).operations, ["events/getAll"]);
  assert.match(notes.at(-1) ?? "", /^The world was reset: /);
});

test("watching where no sandbox runs ends with 1 and tells how to start one", async (t) => {
  const sandbox = await startTestSandbox(t);
  await sandbox.stop();
  const { exitCode, stdout, stderr } = await innboxHere(["rehearse", "--url", sandbox.url]);
  assert.deepEqual([exitCode, stdout], [1, ""]);
  assert.equal(stderr, `No sandbox answers at ${sandbox.url}. Start one with npm start.\n`);
});
