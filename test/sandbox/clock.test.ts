import assert from "node:assert/strict";
import { after, test } from "node:test";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { startReceiver } from "../support/delivery/receiver.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";

const guest = { OriginalSender: "Guest", Subject: "Stay" };
const { call, sandbox } = await startTestSandbox({ after }, { "rate-limit": "3/30s" });

test("75 hours of retries happen at once, each at its time", async (t) => {
  const world = "retries";
  const receiver = await startReceiver(t, () => 500);
  await sandbox("clock/freeze", {}, world);
  await sandbox("clock/set", { NowUtc: "2026-05-05T10:00:00Z" }, world);
  await sandbox("webhooks/set", { ClientToken: demoTokens.ClientToken, Url: receiver.url }, world);
  const { body } = await call("messageThreads/add", guest, world);
  const MessageThreadId = body.MessageThreads[0]?.Id;
  await call("messages/add", { Messages: [{ MessageThreadId, Text: "Hello" }] }, world);
  const { body: clock } = await sandbox("clock/advance", { By: "90h" }, world);
  assert.deepEqual(clock, { NowUtc: "2026-05-09T04:00:00.000Z", IsFrozen: true });

  const { body: wire } = await sandbox("traffic/getAll", {}, world);
  const attempts = wire.Traffic.filter(({ Kind }) => Kind === "Webhook");
  const times = new Map<string | null, number[]>();
  for (const { DeliveryId, StartedUtc } of attempts) {
    const minutes = Math.round((Date.parse(StartedUtc) - Date.parse("2026-05-05T10:00:00Z")) / 60_000);
    times.set(DeliveryId, [...(times.get(DeliveryId) ?? []), minutes]);
  }
  for (const minutes of times.values()) {
    assert.equal(minutes.length, 10);
    // After 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h, which jitter only lengthens.
    const least = [0, 0, 5, 35, 155, 455, 1055, 1895, 3095, 4535];
    for (const [index, minute] of minutes.entries()) {
      assert.ok(minute >= (least[index] ?? 0) && minute <= (least[index] ?? 0) * 1.25 + 1, `${minutes}`);
    }
  }
  assert.ok(times.size > 0);
  assert.equal(receiver.received.length, attempts.length);
});

test("limits follow the clock", async () => {
  const world = "limits";
  await sandbox("clock/freeze", {}, world);
  for (let count = 0; count < 3; count += 1) assert.equal((await call("configuration/get", {}, world)).status, 200);
  assert.equal((await call("configuration/get", {}, world)).status, 429);
  await sandbox("clock/advance", { By: "30s" }, world);
  assert.equal((await call("configuration/get", {}, world)).status, 200);
});

test("a clock that is let go goes on from where it stood", async () => {
  const world = "going";
  await sandbox("clock/freeze", {}, world);
  await sandbox("clock/set", { NowUtc: "2030-01-01T00:00:00Z" }, world);
  const { body } = await sandbox("clock/unfreeze", {}, world);
  assert.equal(body.IsFrozen, false);
  assert.match(body.NowUtc, /^2030-01-01T00:00:0/);
});

test("what was said is never before what was said already, wherever the clock is set", async () => {
  const world = "back";
  await sandbox("clock/freeze", {}, world);
  await sandbox("clock/set", { NowUtc: "2030-01-01T00:00:00Z" }, world);
  await call("messageThreads/add", guest, world);
  await sandbox("clock/set", { NowUtc: "2029-01-01T00:00:00Z" }, world);
  const { body } = await call("messageThreads/add", guest, world);
  assert.equal(body.MessageThreads[0]?.CreatedUtc, "2030-01-01T00:00:00Z");
});

test("a time that is none, or that no clock reaches, is refused", async () => {
  for (const [operation, input, message] of [
    ["clock/advance", { By: "soon" }, "By must be a time as in 500ms, 30s, 5m, 75h or 7d."],
    ["clock/set", { NowUtc: "tomorrow" }, "NowUtc must be an ISO 8601 date-time such as 2022-03-03T00:00:00Z."],
    ["clock/set", { NowUtc: "9999-12-31T00:00:00Z" }, "NowUtc must be from 1970 to 2199."],
    ["clock/advance", { By: "999999999d" }, "By must not lead beyond the year 2199."],
  ] as const) {
    const { status, body } = await sandbox(operation, input);
    assert.equal(status, 400);
    assert.equal(body.Message, message);
  }
});
