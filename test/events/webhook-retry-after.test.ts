import assert from "node:assert/strict";
import { test } from "node:test";
import { startReceiver } from "../support/delivery/receiver.ts";
import { registerWebhook } from "../support/delivery/webhooks.ts";
import { gross, utc, world } from "../support/server/world.ts";

/** A moment of a test's world as HTTP writes dates. */
const httpDate = (second: number) => new Date(utc(second)).toUTCString();

/** What the first attempt is answered, so many seconds after the test began, and the pause that follows. */
const answers: [status: number, retryAfter: (now: number) => string, pause: number][] = [
  [429, () => "7", 7],
  [503, () => "7", 7],
  [429, (now) => httpDate(now + 8), 8],
  [503, (now) => httpDate(now + 8), 8],
  [429, () => "86400", 10],
  [500, () => "7", 5],
  [400, () => "7", 5],
  [301, () => "7", 5],
  [502, (now) => httpDate(now + 8), 5],
];

test("Retry-After is heeded on 429 and 503, and on no other answer", async (t) => {
  const receiver = await startReceiver(t);
  const { at, addThread, addMessages, app, ...server } = await world(t, {}, { random: () => 0 });
  await registerWebhook({ app, ...server }, receiver.url);
  const thread = await addThread(gross);
  for (const [index, [status, retryAfter, pause]] of answers.entries()) {
    const now = index * 100;
    at(now);
    receiver.respond((_, response) => {
      response.writeHead(status, { "Retry-After": retryAfter(now) }).end();
      return undefined;
    });
    await addMessages(thread);
    await app.settled();
    receiver.respond(() => 200);
    const { length } = receiver.received;
    at(now + pause - 0.001);
    await app.settled();
    assert.equal(receiver.received.length, length, `${pause} s after ${status}, and not before`);
    at(now + pause);
    await app.settled();
    assert.equal(receiver.received.length, length + 1, `${pause} s after ${status}`);
  }
});
