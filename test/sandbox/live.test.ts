import assert from "node:assert/strict";
import { after, type TestContext, test } from "node:test";
import type { TrafficEntry } from "../../src/protocol/sandbox/traffic.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";

const server = await startTestSandbox({ after: (stop) => after(stop as () => unknown) });
let worlds = 0;

interface LiveEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: object;
}

/** A world of its own for a test. */
function newWorld(t: TestContext) {
  worlds += 1;
  const name = `live-${worlds}`;
  const call = (properties?: object) => server.call("configuration/get", properties, name);
  const sandbox = (operation: string, input?: object) => server.sandbox(operation, input, name);

  /** What a page hears, one event after the other; `undefined` when the stream has ended. */
  async function live(headers: object = {}, query = "") {
    const closing = new AbortController();
    t.after(() => closing.abort());
    const response = await fetch(`${server.url}/sandbox/v1/live${query}`, {
      headers: { "Innbox-World": name, ...headers },
      signal: closing.signal,
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("Content-Type"), "text/event-stream; charset=utf-8");
    const events = eventsOf(response);
    return async () => (await events.next()).value as LiveEvent | undefined;
  }
  return { call, sandbox, live };
}

async function* eventsOf(response: Response): AsyncGenerator<LiveEvent> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
      const lines = text.slice(0, end).split("\n");
      text = text.slice(end + 2);
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const event = field("event");
      if (event) yield { event, id: field("id"), data: JSON.parse(field("data") ?? "") };
    }
  }
}

const numberOf = (event: LiveEvent | undefined) => [event?.event, event?.id, (event?.data as TrafficEntry)?.Number];

test("a page hears of each entry as it comes, and of nothing from before", async (t) => {
  const { call, sandbox, live } = newWorld(t);
  await call();
  const next = await live();
  await call();
  await call();
  const [second, third] = [await next(), await next()];
  assert.deepEqual(numberOf(second), ["traffic", "2", 2]);
  assert.deepEqual(numberOf(third), ["traffic", "3", 3]);
  const { body } = await sandbox("traffic/getAll", { After: 1 });
  assert.deepEqual([second?.data, third?.data], body.Traffic);
});

test("a page that comes back hears what it missed, by the header or by the address", async (t) => {
  const { call, live } = newWorld(t);
  for (let made = 0; made < 4; made += 1) await call();
  for (const next of [await live({ "Last-Event-ID": "2" }), await live({}, "?after=2")]) {
    assert.deepEqual(numberOf(await next()), ["traffic", "3", 3]);
    assert.deepEqual(numberOf(await next()), ["traffic", "4", 4]);
  }
  const everything = await live({}, "?after=0");
  assert.deepEqual(numberOf(await everything()), ["traffic", "1", 1]);
});

test("a page hears that faults or the clock have changed", async (t) => {
  const { sandbox, live } = newWorld(t);
  const next = await live();
  await sandbox("faults/set", { Faults: [] });
  assert.deepEqual(await next(), { event: "state", id: undefined, data: {} });
  await sandbox("clock/freeze");
  assert.equal((await next())?.event, "state");
});

test("what a page is slow to read waits for it", async (t) => {
  const { call, live } = newWorld(t);
  const next = await live();
  const Filler = "x".repeat(65_000);
  for (let made = 0; made < 150; made += 1) await call({ Filler });
  for (let number = 1; number <= 150; number += 1) assert.equal((await next())?.id, String(number));
});

test("a page hears that its world is over, and all of the one that follows it", async (t) => {
  const { call, sandbox, live } = newWorld(t);
  await call();
  await call();
  const next = await live();
  await sandbox("state/reset");
  assert.deepEqual(await next(), { event: "over", id: undefined, data: {} });
  assert.equal(await next(), undefined);
  await call();
  const again = await live({ "Last-Event-ID": "2" });
  assert.deepEqual(numberOf(await again()), ["traffic", "1", 1]);
});

test("what is no entry's number is refused with a sentence", async (t) => {
  newWorld(t);
  const response = await fetch(`${server.url}/sandbox/v1/live?after=yesterday`);
  assert.equal(response.status, 400);
  assert.match(await response.text(), /"after must be the number of an entry\."/);
});
