import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startSandbox } from "../../src/testing.ts";

const folder = fileURLToPath(new URL("../../examples", import.meta.url));
const hooks = new URL("../support/docs/from-source.ts", import.meta.url).href;

/** Runs an example as its README says, with Innbox from its sources. */
function run(t: TestContext, args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const { NODE_TEST_CONTEXT: _inherited, ...inherited } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...inherited, ...environment, NODE_OPTIONS: `--import=${hooks}` },
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(() => child.kill());
  return child;
}

test("the chatbot's own test passes", async (t) => {
  const child = run(t, ["--test", "chatbot.test.ts"]);
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "exit")]);
  assert.equal(code, 0, output);
  assert.match(output, /pass 1/);
});

test("what is typed in the terminal reaches the front desk, and its answer is printed", async (t) => {
  await using sandbox = await startSandbox();
  const child = run(t, [join(folder, "terminal.ts")], { PLATFORM_ADDRESS: sandbox.url, GUEST: "Jane" });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  assert.match(String((await lines.next()).value), /^The thread is [0-9a-f-]{36}\./);
  child.stdin.write("Is anybody there?\n");
  const { MessageThreadId } = await sandbox.waitFor(({ Message }) => Message?.Text === "Is anybody there?");
  await sandbox.staff.replies(MessageThreadId, "Always.");
  assert.equal((await lines.next()).value, "< Always.");
  child.stdin.end();
  const [code] = await once(child, "exit");
  assert.equal(code, 0);
});
