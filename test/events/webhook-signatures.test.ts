import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { rotateSecret } from "../../src/administration/webhooks.ts";
import { storedBytes } from "../support/database/stored.ts";
import { type Received, startReceiver } from "../support/delivery/receiver.ts";
import { administratorOf, registerWebhook } from "../support/delivery/webhooks.ts";
import { client2AtGross, gross, utc, world } from "../support/server/world.ts";

const second = 1_000_000;

/** Client 1's endpoint, which can be told of a message, and answers what it received. */
async function signedWorld(t: TestContext) {
  const receiver = await startReceiver(t);
  const server = await world(t, {}, { random: () => 0 });
  const { id, secret } = await registerWebhook(server, receiver.url);
  const thread = await server.addThread(gross);

  async function announce(): Promise<Received> {
    await server.addMessages(thread);
    await server.app.settled();
    const received = receiver.received.at(-1);
    assert.ok(received);
    return received;
  }
  /** Gives the endpoint a new secret; the old one signs for some seconds more. */
  const rotate = (overlap: number) => rotateSecret(administratorOf(server), id, server.app.clock() + overlap * second);
  return { ...server, receiver, secret, announce, rotate };
}

/** Where `at` has to go for the machine's time, which the library compares timestamps with. */
const today = () => (Date.now() - Date.parse(utc(0))) / 1000;

/** The signatures of a request, and what secrets make of it. */
function signatures({ headers }: Received): string[] {
  return String(headers["webhook-signature"]).split(" ");
}

function signed({ headers, text }: Received, ...secrets: string[]): string[] {
  const sentAt = new Date(Number(headers["webhook-timestamp"]) * 1000);
  return secrets.map((secret) => new Webhook(secret).sign(String(headers["webhook-id"]), sentAt, text));
}

function verify(secret: string, { headers, text }: Received): unknown {
  return new Webhook(secret).verify(text, headers as Record<string, string>);
}

test("the library of Standard Webhooks verifies what is sent, and nothing that was changed", async (t) => {
  const { at, secret, announce } = await signedWorld(t);
  at(today());
  const received = await announce();
  assert.deepEqual(verify(secret, received), JSON.parse(received.text));
  assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  const changed: Partial<Record<string, string>>[] = [
    { "webhook-id": "00000000-0000-4000-8000-000000000000" },
    { "webhook-timestamp": String(Number(received.headers["webhook-timestamp"]) - 1) },
  ];
  for (const headers of changed) {
    const forged = { ...received, headers: { ...received.headers, ...headers } };
    assert.throws(() => verify(secret, forged), JSON.stringify(headers));
  }
  assert.throws(() => verify(secret, { ...received, text: `${received.text} ` }));
});

test("an attempt that is made again is signed for the time at which it is made", async (t) => {
  const { at, receiver, secret, announce, ...server } = await signedWorld(t);
  receiver.respond(() => 500);
  const first = await announce();
  at(5);
  await server.app.settled();
  const again = receiver.received[1];
  assert.ok(again);
  const timestamps = [first, again].map(({ headers }) => Number(headers["webhook-timestamp"]));
  assert.deepEqual(timestamps, [Date.parse(utc(0)) / 1000, Date.parse(utc(5)) / 1000]);
  assert.equal(again.headers["webhook-id"], first.headers["webhook-id"]);
  assert.deepEqual([signatures(first), signatures(again)], [signed(first, secret), signed(again, secret)]);
});

test("two endpoints have secrets of their own", async (t) => {
  const { secret, ...server } = await signedWorld(t);
  const other = await registerWebhook(server, server.receiver.url, { clientToken: client2AtGross.tokens.ClientToken });
  assert.notEqual(other.secret, secret);
});

test("after a rotation both secrets sign until the overlap ends, then the new one alone", async (t) => {
  const { at, secret, announce, rotate } = await signedWorld(t);
  const newSecret = await rotate(60);
  for (const time of [0, 59.9]) {
    at(time);
    const received = await announce();
    assert.deepEqual(signatures(received), signed(received, newSecret, secret));
  }
  for (const time of [60, 3600]) {
    at(time);
    const received = await announce();
    assert.deepEqual(signatures(received), signed(received, newSecret));
  }
});

test("the library verifies with either secret during an overlap", async (t) => {
  const { at, secret, announce, rotate } = await signedWorld(t);
  at(today());
  const newSecret = await rotate(60);
  const received = await announce();
  for (const one of [secret, newSecret]) assert.deepEqual(verify(one, received), JSON.parse(received.text));
});

test("a rotation without overlap revokes the old secret at once", async (t) => {
  const { secret, announce, rotate } = await signedWorld(t);
  const newSecret = await rotate(0);
  const received = await announce();
  assert.notEqual(newSecret, secret);
  assert.deepEqual(signatures(received), signed(received, newSecret));
});

test("what waits since before a rotation is signed with the new secret", async (t) => {
  const { at, receiver, announce, rotate, ...server } = await signedWorld(t);
  receiver.respond(() => 500);
  await announce();
  const newSecret = await rotate(0);
  at(5);
  await server.app.settled();
  const again = receiver.received[1];
  assert.ok(again);
  assert.deepEqual(signatures(again), signed(again, newSecret));
});

test("of three secrets the oldest never signs, and a second rotation without overlap revokes both", async (t) => {
  const { secret, announce, rotate } = await signedWorld(t);
  const second = await rotate(3600);
  const third = await rotate(3600);
  const received = await announce();
  assert.deepEqual(signatures(received), signed(received, third, second));
  assert.ok(!signatures(received).includes(signed(received, secret)[0] ?? ""));
  const fourth = await rotate(0);
  const last = await announce();
  assert.deepEqual(signatures(last), signed(last, fourth));
});

test("secrets are neither in the database nor in the log", async (t) => {
  const { secret, announce, rotate, database, logged, receiver } = await signedWorld(t);
  await announce();
  receiver.respond(() => 410);
  await announce();
  const secrets = [secret, await rotate(60)];
  const bytes = await storedBytes(database);
  // What a client's URL is, is no secret: the search does find what is there.
  assert.ok(bytes.includes(receiver.url));
  const log = JSON.stringify(logged);
  assert.match(log, /disabled/);
  for (const one of secrets) {
    const base64 = one.replace("whsec_", "");
    assert.ok(!bytes.includes(base64));
    assert.ok(!bytes.includes(Buffer.from(base64, "base64")));
    assert.ok(!log.includes(base64));
    assert.ok(!JSON.stringify(receiver.received).includes(base64));
  }
});
