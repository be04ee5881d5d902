import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { type Received, type Respond, startReceiver } from "../support/delivery/receiver.ts";
import { deliveriesOf, registerWebhook } from "../support/delivery/webhooks.ts";
import { gross, world } from "../support/server/world.ts";

/** Announces one message to `url` and answers what the only attempt came to. */
async function announce(t: TestContext, url: string) {
  const { at, addThread, addMessages, ...server } = await world(t, {}, { random: () => 0 });
  await registerWebhook(server, url);
  await addMessages(await addThread(gross));
  await server.app.settled();
  const [delivery, ...others] = await deliveriesOf(server);
  assert.ok(delivery);
  assert.deepEqual([others.length, delivery.attempts], [0, 1]);
  return { ...delivery, server, at };
}

test("any 2xx is a success, and any other status but a followed redirect a failure that is tried again", async (t) => {
  const receiver = await startReceiver(t);
  const { addThread, addMessages, ...server } = await world(t);
  await registerWebhook(server, receiver.url);
  const thread = await addThread(gross);
  const successes = [200, 201, 202, 203, 204, 205, 206, 299];
  const failures = [300, 301, 302, 303, 304, 305, 400, 401, 403, 404, 405, 408, 409, 418, 429, 451, 500, 502, 503, 599];
  for (const status of [...successes, ...failures]) {
    receiver.respond(() => status);
    await addMessages(thread);
    await server.app.settled();
    const all = await deliveriesOf(server);
    const delivery = all.find(({ id }) => id === receiver.received.at(-1)?.headers["webhook-id"]);
    const isSuccess = status < 300;
    const expected = isSuccess ? ["delivered", 1, null] : ["waiting", 1, `It answered ${status}.`];
    assert.deepEqual([delivery?.state, delivery?.attempts, delivery?.error], expected, `${status}`);
  }
  assert.equal(receiver.received.length, successes.length + failures.length);
});

test("an endpoint that can't be reached, or hangs up, is tried again", async (t) => {
  const receiver = await startReceiver(t, (_, response) => {
    response.destroy();
    return undefined;
  });
  const { state, status, server, at } = await announce(t, receiver.url);
  assert.deepEqual([state, status], ["waiting", null]);
  const [one] = await deliveriesOf(server);
  assert.ok(one?.error);

  // Port 1 of this machine refuses connections.
  await registerWebhook(server, "http://127.0.0.1:1/hook");
  at(5);
  await server.app.settled();
  const [two] = await deliveriesOf(server);
  assert.deepEqual([two?.state, two?.attempts, two?.status], ["waiting", 2, null]);
  assert.notEqual(two?.error, one.error);

  await registerWebhook(server, receiver.url);
  receiver.respond(() => 200);
  at(305);
  await server.app.settled();
  const [three] = await deliveriesOf(server);
  assert.deepEqual([three?.state, three?.attempts, three?.error], ["delivered", 3, null]);
});

/** Sends `hops` times elsewhere, and answers 200 there. */
function redirects(status: number, hops: number, base = ""): Respond {
  return ({ path }, response) => {
    const hop = Number(path.slice(1)) || 0;
    if (hop === hops) return 200;
    response.writeHead(status, { Location: `${base}/${hop + 1}` }).end();
    return undefined;
  };
}

/** All that a receiver can tell requests apart by, but for where they went. */
function message({ text, method, headers }: Received) {
  const { host, ...others } = headers;
  return { text, method, others };
}

for (const status of [307, 308]) {
  test(`${status} is followed with the body and the signature as they are`, async (t) => {
    const target = await startReceiver(t);
    const receiver = await startReceiver(t, redirects(status, 9, target.url));
    const { state, error } = await announce(t, `${receiver.url}/0`);
    assert.deepEqual([state, error], ["delivered", null]);
    const [[first, ...more], [second]] = [receiver.received, target.received];
    assert.ok(first && second);
    assert.deepEqual([more.length, target.received.length, second.path], [0, 1, "/1"]);
    assert.deepEqual(message(second), message(first));
    assert.equal(second.method, "POST");
    assert.ok(second.headers["webhook-signature"]);
  });

  test(`${status} is followed three times, and no further`, async (t) => {
    const receiver = await startReceiver(t, redirects(status, 3));
    const three = await announce(t, `${receiver.url}/0`);
    assert.deepEqual([three.state, three.status], ["delivered", 200]);
    assert.deepEqual(
      receiver.received.map(({ path }) => path),
      ["/0", "/1", "/2", "/3"],
    );

    const long = await startReceiver(t, redirects(status, 4));
    const four = await announce(t, `${long.url}/0`);
    assert.deepEqual([four.state, four.status], ["waiting", status]);
    assert.deepEqual(
      long.received.map(({ path }) => path),
      ["/0", "/1", "/2", "/3"],
    );
  });
}

for (const status of [300, 301, 302, 303, 305]) {
  test(`${status} is not followed`, async (t) => {
    const target = await startReceiver(t);
    const receiver = await startReceiver(t, redirects(status, 9, target.url));
    const delivery = await announce(t, `${receiver.url}/0`);
    assert.deepEqual([delivery.state, delivery.status], ["waiting", status]);
    assert.deepEqual([receiver.received.length, target.received.length], [1, 0]);
  });
}

test("a redirect to nowhere, or to what is no URL of a webhook, is a failure", async (t) => {
  for (const headers of [{}, { Location: "http://" }, { Location: "ftp://127.0.0.1/" }]) {
    const receiver = await startReceiver(t, (_, response) => {
      response.writeHead(307, headers).end();
      return undefined;
    });
    const { state, error } = await announce(t, receiver.url);
    assert.deepEqual([state, receiver.received.length], ["waiting", 1], JSON.stringify(headers));
    assert.ok(error);
  }
});

test("what fails behind a redirect is tried again from the registered URL", async (t) => {
  const target = await startReceiver(t, () => 500);
  const receiver = await startReceiver(t, redirects(307, 9, target.url));
  const { state, status, server, at } = await announce(t, receiver.url);
  assert.deepEqual([state, status], ["waiting", 500]);
  target.respond(() => 204);
  at(5);
  await server.app.settled();
  assert.deepEqual([receiver.received.length, target.received.length], [2, 2]);
  const [delivery] = await deliveriesOf(server);
  assert.deepEqual([delivery?.state, delivery?.status], ["delivered", 204]);
});
