import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { Fault } from "../../src/protocol/sandbox/faults.ts";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { eventually } from "../support/postgres/nodes.ts";
import { holdTime } from "../support/run/held-time.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { client2AtGross, guest } from "../support/server/world.ts";

const server = await startTestSandbox({ after: (stop) => after(stop as () => unknown) });
let worlds = 0;

/** A world of its own for a test. */
function newWorld(of: Pick<typeof server, "url" | "sandbox"> = server) {
  worlds += 1;
  const name = `faults-${worlds}`;
  const sandbox = (operation: string, input?: object) => of.sandbox(operation, input, name);
  const set = async (Faults: readonly Partial<Fault>[], Seed?: number) => {
    const { status, text } = await sandbox("faults/set", { Faults, Seed });
    assert.equal(status, 200, text);
  };
  const fetchAnswer = (operation: string, properties: object = {}) =>
    fetch(`${of.url}/api/connector/v1/${operation}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Innbox-World": name },
      body: JSON.stringify({ ...demoTokens, Client: "Test 1.0.0", ...properties }),
    });
  /** The status, or `0` where the connection broke off before there was one, and `-1` where it did within the answer. */
  async function outcome(operation: string, properties?: object): Promise<number> {
    const response = await fetchAnswer(operation, properties).catch(() => undefined);
    if (!response) return 0;
    return response.text().then(
      () => response.status,
      () => -1,
    );
  }
  /** How many threads have been opened. */
  async function opened(): Promise<number> {
    await set([]);
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString();
    const response = await fetchAnswer("messageThreads/getAll", { CreatedUtc: { StartUtc: day(-1), EndUtc: day(1) } });
    return ((await response.json()) as { MessageThreads: unknown[] }).MessageThreads.length;
  }
  const lastEntry = async () => (await sandbox("traffic/getAll")).body.Traffic.at(-1);
  const states = async () => (await sandbox("faults/getAll")).body.Faults;
  return { name, sandbox, set, fetchAnswer, outcome, opened, lastEntry, states };
}

for (const [Status, kept] of [
  [408, null],
  [429, "7"],
  [500, null],
  [503, "7"],
] as const) {
  test(`a fault answers ${Status} to the next call, as the server would, and nothing is done`, async () => {
    const { set, fetchAnswer, opened, lastEntry } = newWorld();
    await set([{ On: "Request", Kind: "Status", Status, ...(kept && { RetryAfterSeconds: Number(kept) }), Times: 1 }]);
    const response = await fetchAnswer("messageThreads/add", guest);
    assert.equal(response.status, Status);
    assert.equal(response.headers.get("Retry-After"), kept);
    assert.equal(response.headers.get("Content-Type"), "application/json; charset=utf-8");
    assert.deepEqual(await response.json(), {
      Message: `The sandbox was told to answer ${Status}.`,
      RequestId: response.headers.get("Request-Id"),
      Details: null,
    });
    assert.equal((await lastEntry())?.Fault, `Status ${Status}`);
    assert.equal(await opened(), 0);
  });
}

for (const [Kind, outcome, done, status, error] of [
  ["Disconnect", 0, 0, null, "A fault ended the connection; nothing was done."],
  ["Drop", 0, 1, null, "A fault ended the connection in place of an answer of 200."],
  ["Half", -1, 1, 200, "A fault ended the connection within the answer."],
] as const) {
  test(`${Kind} breaks the connection of one call, which opens ${done} threads`, async () => {
    const world = newWorld();
    await world.set([{ On: "Request", Kind, Times: 1 }]);
    assert.equal(await world.outcome("messageThreads/add", guest), outcome);
    const entry = await world.lastEntry();
    assert.deepEqual([entry?.Status, entry?.Error, entry?.Fault], [status, error, Kind]);
    assert.equal(await world.outcome("configuration/get"), 200, "the next one is well");
    assert.equal(await world.opened(), done);
  });
}

test("half an answer says how long the whole one is, and has its first half", async () => {
  const { set, fetchAnswer, lastEntry } = newWorld();
  const whole = await (await fetchAnswer("configuration/get")).text();
  await set([{ On: "Request", Kind: "Half" }]);
  const response = await fetchAnswer("configuration/get");
  assert.equal(response.headers.get("Content-Length"), String(Buffer.byteLength(whole)));
  await assert.rejects(response.text());
  const kept = (await lastEntry())?.ResponseBody ?? "";
  assert.equal(kept.length, Math.ceil(whole.length / 2));
  assert.ok(JSON.parse(whole) && kept.startsWith('{"NowUtc":'));
});

test("a list that is sent in pieces breaks off within, or is not sent at all", async () => {
  const world = newWorld();
  const thread = (await (await world.fetchAnswer("messageThreads/add", guest)).json()) as {
    readonly MessageThreads: readonly { readonly Id: string }[];
  };
  const MessageThreadId = thread.MessageThreads[0]?.Id;
  const Messages = Array.from({ length: 201 }, () => ({ MessageThreadId, Text: "Hello" }));
  assert.equal(await world.outcome("messages/add", { Messages }), 200);
  const ask = () => world.outcome("messages/getAll", { MessageThreadIds: [MessageThreadId] });
  await world.set([{ On: "Request", Kind: "Half" }]);
  assert.equal(await ask(), -1);
  assert.match((await world.lastEntry())?.ResponseBody ?? "", /^\{"Messages":\[\{"Id":/);
  await world.set([{ On: "Request", Kind: "Drop" }]);
  assert.equal(await ask(), 0);
  await world.set([]);
  assert.equal(await ask(), 200);
  assert.deepEqual(failures(), []);
});

test("a delayed call is carried out after its delay", async () => {
  const { set, outcome, lastEntry } = newWorld();
  await set([{ On: "Request", Kind: "Delay", Delay: "20ms" }]);
  assert.equal(await outcome("configuration/get"), 200);
  const entry = await lastEntry();
  assert.deepEqual([entry?.Fault, entry?.Error], ["Delay 20ms", null]);
});

test("a delayed call goes on at once when its world is reset", async () => {
  const { set, outcome, states, sandbox, lastEntry } = newWorld();
  await set([{ On: "Request", Kind: "Delay", Delay: "7d" }]);
  const answered = outcome("configuration/get");
  await until(async () => (await states())[0]?.Bitten === 1);
  assert.equal(await lastEntry(), undefined, "it waits");
  assert.equal((await sandbox("state/reset")).status, 200);
  assert.equal(await answered, 200);
});

test("a delayed call whose client does not wait is carried out", async () => {
  const { name, set, states, opened, lastEntry } = newWorld();
  await set([{ On: "Request", Kind: "Delay", Delay: "7d" }]);
  const leaving = new AbortController();
  const left = fetch(`${server.url}/api/connector/v1/messageThreads/add`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "Innbox-World": name },
    body: JSON.stringify({ ...demoTokens, Client: "Test 1.0.0", ...guest }),
    signal: leaving.signal,
  });
  await until(async () => (await states())[0]?.Bitten === 1);
  leaving.abort();
  await assert.rejects(left);
  await until(async () => (await lastEntry()) !== undefined);
  const entry = await lastEntry();
  assert.deepEqual([entry?.Status, entry?.Error], [null, "The connection ended before the answer was whole."]);
  await until(async () => (await opened()) === 1);
});

test("a call that a fault delays beyond the server's time limit is answered 408 and not carried out", async (t) => {
  const time = holdTime(t);
  const world = newWorld(await startTestSandbox(t, { "request-timeout": "30s" }));
  await world.set([{ On: "Request", Kind: "Delay", Delay: "7d", Times: 1 }]);
  const late = world.outcome("messageThreads/add", guest);
  await until(async () => (await world.states())[0]?.Bitten === 1);
  time.pass(30_000);
  assert.equal(await late, 408);
  assert.equal((await world.lastEntry())?.Status, 408);
  assert.equal(await world.opened(), 0);
});

test("a fault bites only the calls that it is for, and counts them", async () => {
  const { set, outcome, states, sandbox } = newWorld();
  const table: readonly [Partial<Fault>, operation: string, properties: object, bitten: boolean][] = [
    [{ Operation: "messageThreads/add" }, "messageThreads/add", guest, true],
    [{ Operation: "messageThreads/add" }, "configuration/get", {}, false],
    [{ Client: "Client 1" }, "configuration/get", {}, true],
    [{ Client: "Client 2" }, "configuration/get", {}, false],
    [{ Client: "Client 2" }, "configuration/get", client2AtGross.tokens, true],
    [{ Client: "Robot 2" }, "configuration/get", { Client: "Robot 2" }, true],
    [{ Client: "Robot 2" }, "configuration/get", { Client: "Robot 22" }, false],
    [{ Client: "Client 1", Operation: "messages/add" }, "configuration/get", {}, false],
    [{ Share: 0 }, "configuration/get", {}, false],
  ];
  for (const [choice, operation, properties, isBitten] of table) {
    await set([{ On: "Request", Kind: "Status", Status: 500, ...choice }]);
    assert.equal(await outcome(operation, properties), isBitten ? 500 : 200, JSON.stringify(choice));
    assert.equal((await states())[0]?.Bitten, isBitten ? 1 : 0);
  }
  await set([
    { On: "Webhook", Kind: "Drop" },
    { On: "Request", Kind: "Status", Status: 429, Times: 2 },
    { On: "Request", Kind: "Status", Status: 503, Operation: "configuration/get" },
  ]);
  const statuses = [];
  for (let made = 0; made < 4; made += 1) statuses.push(await outcome("configuration/get"));
  assert.deepEqual(statuses, [429, 429, 503, 503]);
  assert.deepEqual(
    (await states()).map(({ Seen, Bitten }) => [Seen, Bitten]),
    [
      [0, 0],
      [2, 2],
      [2, 2],
    ],
  );
  assert.equal((await server.call("configuration/get")).status, 200, "another world has none");
  assert.deepEqual((await sandbox("faults/set", { Faults: [] })).body, { Faults: [], Seed: 1 });
  assert.equal(await outcome("configuration/get"), 200);
});

test("the same seed bites the same calls in any world, another seed others, and a share of them", async () => {
  const bitten = async (Seed: number) => {
    const { set, outcome } = newWorld();
    await set([{ On: "Request", Kind: "Status", Status: 500, Share: 0.3 }], Seed);
    const calls = [];
    for (let made = 0; made < 40; made += 1) calls.push((await outcome("configuration/get")) === 500);
    return calls;
  };
  const [first, again, other] = [await bitten(7), await bitten(7), await bitten(8)];
  assert.deepEqual(first, again);
  assert.notDeepEqual(first, other);
  const count = first.filter((is) => is).length;
  assert.ok(count >= 5 && count <= 20, `${count} of 40`);
});

test("faults that make no sense are refused with a sentence, and those before stay", async () => {
  const { set, sandbox, states } = newWorld();
  const request = { On: "Request", Kind: "Status", Status: 503 } as const;
  await set([request]);
  const table: readonly [object, RegExp][] = [
    [{ ...request, Kind: "Late" }, /^Faults\[1\]\.Kind must be one of Delay, Status, .* where On is Request\.$/],
    [{ On: "Webhook", Kind: "Half" }, /^Faults\[1\]\.Kind must be one of Delay, Drop, .* where On is Webhook\.$/],
    [{ ...request, Kind: "Nonsense" }, /^Faults\[1\]\.Kind must be one of /],
    [{ ...request, Status: 418 }, /^Faults\[1\]\.Status must be one of 408, 429, 500, 503\.$/],
    [{ ...request, Status: null }, /^Faults\[1\]\.Status must be one of/],
    [{ ...request, Kind: "Drop" }, /^Faults\[1\]\.Status is for faults of the kind Status\.$/],
    [{ ...request, Status: 500, RetryAfterSeconds: 3 }, /^Faults\[1\]\.RetryAfterSeconds is for the statuses 429/],
    [{ ...request, Delay: "1s" }, /^Faults\[1\]\.Delay is for faults of the kinds Delay and Late\.$/],
    [{ On: "Request", Kind: "Delay", Delay: "soon" }, /^Faults\[1\]\.Delay must be a time as in/],
    [
      { On: "Webhook", Kind: "Delay", Delay: "61s" },
      /^Faults\[1\]\.Delay must be 1m at the longest for webhooks; Late takes longer ones\.$/,
    ],
    [{ On: "Request", Kind: "Delay", Delay: "8d" }, /^Faults\[1\]\.Delay must be 7d at the longest\.$/],
    [{ ...request, Operation: "messages/ad" }, /^Faults\[1\]\.Operation must be one of messageThreads\/getAll, /],
    [{ On: "Webhook", Kind: "Drop", Operation: "messages/add" }, /^Faults\[1\]\.Operation is for faults of requests/],
    [{ ...request, Share: 1.5 }, /^Faults\[1\]\.Share must be .+ from 0 to 1\.$/],
    [{ ...request, Times: 0 }, /^Faults\[1\]\.Times must be an integer from 1 to/],
  ];
  for (const [fault, sentence] of table) {
    const { status, body } = await sandbox("faults/set", { Faults: [request, fault] });
    assert.equal(status, 400, JSON.stringify(fault));
    assert.match(body.Message, sentence);
  }
  assert.deepEqual(await states(), [{ Fault: request, Seen: 0, Bitten: 0 }]);
});

/** Asks until it is so. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  await eventually("What the test waits for", async () => ((await isSo()) ? true : undefined));
}

/** What was logged as a failure of the server. */
function failures(): unknown[] {
  return server.logged.filter(
    (entry) => typeof entry === "object" && entry !== null && "error" in entry && entry.error,
  );
}
