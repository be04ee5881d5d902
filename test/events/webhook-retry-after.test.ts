import assert from "node:assert/strict";
import { test } from "node:test";
import { startReceiver } from "../support/receiver.ts";
import { registerWebhook } from "../support/webhooks.ts";
import { gross, utc, world } from "../support/world.ts";

/** A moment of a test's world as HTTP writes dates. */
const httpDate = (second: number) => new Date(utc(second)).toUTCString();

/** What the first attempt is answered, and the pause that follows, in seconds; the schedule has 5. */
const answers: [name: string, status: number, retryAfter: string, pause: number][] = [
  ["seconds on 429", 429, "7", 7],
  ["seconds on 503", 503, "7", 7],
  ["a date on 429", 429, httpDate(8), 8],
  ["a date on 503", 503, httpDate(8), 8],
  ["exactly twice the pause", 429, "10", 10],
  ["more than twice the pause", 429, "11", 10],
  ["a day", 503, "86400", 10],
  ["a date next year", 503, httpDate(365 * 86_400), 10],
  ["more seconds than there will be", 503, "99999999999999999999", 10],
  ["less than the pause", 429, "3", 5],
  ["no seconds", 429, "0", 5],
  ["a date in the past", 503, httpDate(-60), 5],
  ["a word", 429, "soon", 5],
  ["a negative number", 429, "-9", 5],
  ["a fraction", 429, "7.5", 5],
  ["an exponent", 503, "1e1", 5],
  ["nothing", 429, "", 5],
  ["seconds on 500", 500, "7", 5],
  ["seconds on 400", 400, "7", 5],
  ["seconds on 301", 301, "7", 5],
  ["a date on 502", 502, httpDate(8), 5],
];

for (const [name, status, retryAfter, pause] of answers) {
  test(`Retry-After with ${name} makes a pause of ${pause} seconds`, async (t) => {
    const receiver = await startReceiver(t, (_, response) => {
      response.writeHead(status, { "Retry-After": retryAfter }).end();
      return undefined;
    });
    const { at, addThread, addMessages, ...server } = await world(t, {}, { random: () => 0 });
    await registerWebhook(server, receiver.url);
    await addMessages(await addThread(gross));
    await server.app.settled();
    at(pause - 0.001);
    await server.app.settled();
    assert.equal(receiver.received.length, 1);
    at(pause);
    await server.app.settled();
    assert.equal(receiver.received.length, 2);
  });
}

test("jitter lengthens what Retry-After asks for too", async (t) => {
  const receiver = await startReceiver(t, (_, response) => {
    response.writeHead(429, { "Retry-After": "10" }).end();
    return undefined;
  });
  const { at, addThread, addMessages, ...server } = await world(t, {}, { random: () => 0.5 });
  await registerWebhook(server, receiver.url);
  await addMessages(await addThread(gross));
  await server.app.settled();
  at(10.4);
  await server.app.settled();
  assert.equal(receiver.received.length, 1);
  at(10.5);
  await server.app.settled();
  assert.equal(receiver.received.length, 2);
});

test("Retry-After never shortens a later pause and is honoured up to twice its length", async (t) => {
  const receiver = await startReceiver(t, (_, response) => {
    response.writeHead(503, { "Retry-After": "500" }).end();
    return undefined;
  });
  const { at, addThread, addMessages, ...server } = await world(t, {}, { random: () => 0 });
  await registerWebhook(server, receiver.url);
  await addMessages(await addThread(gross));
  // Twice 5 seconds; then 500, which lies between 300 and 600; then 1,800, which is longer than 500.
  const due = [0, 10, 10 + 500, 10 + 500 + 1800];
  for (const [index, second] of due.entries()) {
    at(second - 0.001);
    if (index > 0) await server.app.settled();
    assert.equal(receiver.received.length, index);
    at(second);
    await server.app.settled();
    assert.equal(receiver.received.length, index + 1);
  }
});
