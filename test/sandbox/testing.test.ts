import assert from "node:assert/strict";
import { test } from "node:test";
import { startSandbox } from "../../src/testing.ts";
import { startReceiver } from "../support/delivery/receiver.ts";

test("a sandbox of one's own: a guest writes, the staff answer, and it ends with its scope", async () => {
  let url: string;
  {
    await using sandbox = await startSandbox();
    url = sandbox.url;
    const answered = sandbox.waitFor(({ Message }) => Message?.Sender.Discriminator === "Enterprise");
    const chat = await sandbox.guest.writes("Our flight lands at 23:40.", { name: "Jane Guest" });
    await sandbox.staff.replies(chat.messageThreadId, "The front desk is open all night.");
    assert.equal((await answered).Message?.Text, "The front desk is open all night.");
    await chat.writes("Thank you!");
    await sandbox.staff.resolves(chat.messageThreadId);
    assert.deepEqual(
      sandbox.events.map(({ Discriminator }) => Discriminator),
      ["ThreadAdded", "MessageAdded", "MessageAdded", "MessageAdded", "ThreadResolved"],
    );
    await sandbox.reset();
    assert.deepEqual(sandbox.events, []);
  }
  await assert.rejects(fetch(url));
});

test("clock, faults, autopilot and webhooks are in a test's hands", async (t) => {
  await using sandbox = await startSandbox();
  const receiver = await startReceiver(t);
  const secret = await sandbox.webhook(receiver.url);
  assert.match(secret, /^whsec_/);
  await sandbox.clock.freeze();
  await sandbox.clock.set("2026-05-05T10:00:00Z");
  await sandbox.staff.autopilot({ Mode: "Echo", Delay: "90s" });
  await sandbox.guest.writes("Is anybody there?");
  await sandbox.clock.advance("2m");
  const echo = await sandbox.waitFor(({ Message }) => Message?.Sender.Discriminator === "Enterprise");
  assert.equal(echo.Message?.CreatedUtc, "2026-05-05T10:01:30Z");
  assert.equal((await sandbox.clock.now()).toISOString(), "2026-05-05T10:02:00.000Z");
  await receiver.requests(1);

  await sandbox.faults.set([{ On: "Request", Kind: "Status", Status: 503 }]);
  const ask = () =>
    fetch(`${sandbox.url}/api/connector/v1/configuration/get`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...sandbox.tokens, Client: "Test 1.0.0" }),
    });
  assert.equal((await ask()).status, 503);
  assert.equal((await sandbox.faults.state())[0]?.Bitten, 1);
  await sandbox.faults.clear();
  assert.equal((await ask()).status, 200);
  const { length } = (await sandbox.traffic()).filter(({ Kind }) => Kind === "Request");
  assert.equal(length, 2);
});

test("worlds of one sandbox are apart, and a scenario plays to its end in no time", async () => {
  await using sandbox = await startSandbox();
  const one = await sandbox.world("one");
  const other = await sandbox.world("other");
  await one.staff.autopilot({ Mode: "Persona", Pace: "Slow" });
  const run = await one.guest.plays("late-arrival", { hurry: true });
  assert.equal(run.State, "Passed");
  assert.ok(one.events.length > 2);
  assert.deepEqual([sandbox.events, other.events], [[], []]);
  await assert.rejects(other.guest.plays("late-arrival", { hurry: true }), /^Error: late-arrival: /);
});

test("waitFor rejects with the error of its question, and disturbs nothing else", async () => {
  await using sandbox = await startSandbox();
  const waiting = sandbox.waitFor(({ Message }) => (Message as { Text: string } & typeof Message).Text === "Hello?");
  const failed = assert.rejects(waiting, TypeError);
  // By then, the first one listens.
  await assert.rejects(sandbox.waitFor(() => false, 1));
  await sandbox.guest.writes("Hello?");
  await failed;
  assert.deepEqual(
    sandbox.events.map(({ Discriminator }) => Discriminator),
    ["ThreadAdded", "MessageAdded"],
  );
});

test("a scenario whose world is reset meanwhile ends with an error", async () => {
  await using sandbox = await startSandbox();
  await sandbox.clock.freeze();
  const Steps = [{ Guest: "Hello?" }, { Wait: "1h" }];
  const scenario = { Name: "waiting", Description: "Waits.", OriginalSender: "Guest", Subject: "Stay", Steps };
  const playing = sandbox.guest.plays(scenario);
  const ended = assert.rejects(playing, /^Error: The world was reset meanwhile\.$/);
  await sandbox.waitFor(({ Message }) => Message?.Text === "Hello?");
  await sandbox.reset();
  await ended;
});

test("waitFor in vain rejects with what happened instead", async () => {
  await using sandbox = await startSandbox();
  await sandbox.guest.writes("Hello?");
  await assert.rejects(
    sandbox.waitFor(() => false, 1),
    /^Error: Nothing of the kind happened within 1 ms\. What did: ThreadAdded, MessageAdded by Application "Hello\?"\.$/,
  );
});
