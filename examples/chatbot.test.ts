// The chatbot against a sandbox of its own, as it runs in CI.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { startSandbox } from "innbox/testing";

test("the chatbot answers what it knows, and leaves the rest to the front desk", async (t) => {
  await using sandbox = await startSandbox();
  const bot = spawn(process.execPath, [fileURLToPath(new URL("./chatbot.ts", import.meta.url))], {
    env: { ...process.env, PLATFORM_ADDRESS: sandbox.url },
    stdio: ["ignore", "pipe", "inherit"],
  });
  t.after(() => bot.kill());
  await once(bot.stdout, "data");

  const chat = await sandbox.guest.writes("Is there vegan breakfast?");
  await sandbox.waitFor(({ Message }) => Message?.Text.startsWith("🤖 Breakfast is from 7") === true);
  await chat.writes("And a parrot?");
  await sandbox.waitFor(({ Message }) => Message?.Text.startsWith("🤖 I have asked the front desk") === true);

  await sandbox.staff.replies(chat.messageThreadId, "Parrots sleep free.");
  const { length } = sandbox.events;
  await chat.writes("Thank you! When is breakfast?");
  const other = await sandbox.guest.writes("Where can I park?");
  await sandbox.waitFor(({ Message, MessageThreadId }) => {
    return MessageThreadId === other.messageThreadId && Message?.Text.startsWith("🤖") === true;
  });
  const later = sandbox.events.slice(length).filter(({ MessageThreadId }) => MessageThreadId === chat.messageThreadId);
  assert.deepEqual(
    later.map(({ Message }) => Message?.Text),
    ["Thank you! When is breakfast?"],
  );
});
