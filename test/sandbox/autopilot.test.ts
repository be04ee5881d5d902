import assert from "node:assert/strict";
import { after, test } from "node:test";
import { autopilotDesk, monday, secondsAfterMonday } from "../support/sandbox/autopilot-desk.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";

const server = await startTestSandbox({ after });
const desk = autopilotDesk(server);

test("it is off until it is set", async () => {
  assert.deepEqual((await server.sandbox("autopilot/get")).body.Autopilot, { Mode: "Off" });
  const set = { Mode: "Echo", Delay: "1s" };
  assert.deepEqual((await server.sandbox("autopilot/set", set)).body.Autopilot, set);
  assert.deepEqual((await server.sandbox("autopilot/get")).body.Autopilot, set);
});

test("an echo repeats each message after exactly its delay, and never itself", async () => {
  const { open, advance, replies } = await desk("echo", { Mode: "Echo", Delay: "2m" });
  const thread = await open("First\n  line", "👋🏽");
  await advance("119s");
  assert.deepEqual(await replies(thread), []);
  await advance("1h");
  const answered = await replies(thread);
  assert.deepEqual(
    answered.map((message) => [message.Text, secondsAfterMonday(message)]),
    [
      ["First\n  line", 120],
      ["👋🏽", 120],
    ],
  );
});

test("a script says its lines in each thread from the first, and then nothing", async () => {
  const { open, write, advance, replies } = await desk("script", {
    Mode: "Script",
    Replies: ["One", "Two"],
    Pace: "Normal",
  });
  const [a, b] = [await open("Hello", "Hello?"), await open("Hi")];
  await advance("1m");
  await write(a, "And?");
  await write(b, "And?");
  await advance("1m");
  for (const thread of [a, b]) {
    const answered = await replies(thread);
    assert.deepEqual(
      answered.map(({ Text }) => Text),
      ["One", "Two"],
    );
  }
});

const paces: [pace: string, from: number, to: number][] = [
  ["Slow", 120, 600],
  ["Normal", 3, 15],
  ["Impatient", 0, 0],
];

for (const [Pace, from, to] of paces) {
  test(`at the pace ${Pace} an answer takes ${from} to ${to} seconds`, async () => {
    const { open, advance, replies } = await desk(`pace-${Pace.toLowerCase()}`, { Mode: "Echo", Pace });
    const threads = await Promise.all(Array.from({ length: 8 }, () => open("Hello")));
    await advance(to === 0 ? "0s" : "11m");
    for (const thread of threads) {
      const [reply] = await replies(thread);
      assert.ok(reply, "it is answered");
      const seconds = secondsAfterMonday(reply);
      assert.ok(seconds >= from && seconds <= to, `after ${seconds} s`);
    }
  });
}

test("it keeps quiet where a person has answered meanwhile, and about what was there before", async () => {
  const { ask, open, write, advance, replies } = await desk("quiet", { Mode: "Off" });
  const before = await open("Was there before");
  await ask("autopilot/set", { Mode: "Echo", Delay: "1m" });
  const thread = await open("Answered by hand");
  await advance("30s");
  await ask("messageThreads/reply", { MessageThreadId: thread, Text: "I have it." });
  await advance("10m");
  assert.deepEqual(
    (await replies(thread)).map(({ Text }) => Text),
    ["I have it."],
  );
  assert.deepEqual(await replies(before), []);
  await write(thread, "And one more thing");
  await advance("10m");
  assert.equal((await replies(thread)).at(-1)?.Text, "And one more thing");
});

test("it serves only the threads that it is told to", async () => {
  const { ask, open, write, advance, replies } = await desk("only", { Mode: "Off" });
  const [a, b] = [await open(), await open()];
  await ask("autopilot/set", { Mode: "Echo", Delay: "1s", MessageThreadIds: [a.toUpperCase()] });
  await write(a, "Hello");
  await write(b, "Hello");
  await advance("1m");
  assert.deepEqual([(await replies(a)).length, (await replies(b)).length], [1, 0]);
});

test("a thread is resolved after a silence, which a reply that is yet to come is not", async () => {
  const { open, write, advance, isResolved, replies } = await desk("silence", {
    Mode: "Script",
    Replies: ["Soon"],
    Delay: "20m",
    ResolveAfter: "10m",
  });
  const thread = await open("Hello");
  await advance("15m");
  assert.equal(await isResolved(thread), false, "the answer is on its way");
  await advance("14m");
  assert.deepEqual([(await replies(thread)).length, await isResolved(thread)], [1, false]);
  await advance("2m");
  assert.equal(await isResolved(thread), true);
  await write(thread, "Once more");
  assert.equal(await isResolved(thread), false);
  await advance("1h");
  assert.equal(await isResolved(thread), true);
});

test("a clock that is set back makes no guest wait longer", async () => {
  const { ask, open, write, advance, replies } = await desk("back", { Mode: "Echo", Delay: "1m" });
  const thread = await open("Before");
  await advance("1h");
  await ask("clock/set", { NowUtc: monday });
  await write(thread, "After");
  await advance("1m");
  assert.deepEqual(
    (await replies(thread)).map(({ Text }) => Text),
    ["Before", "After"],
  );
});

test("what was planned is called off when it is set anew", async () => {
  const { ask, open, advance, replies } = await desk("anew", { Mode: "Echo", Delay: "1m" });
  const thread = await open("Hello");
  await ask("autopilot/set", { Mode: "Off" });
  await advance("1h");
  assert.deepEqual(await replies(thread), []);
});

test("it answers by a clock that goes, too", async () => {
  const world = "going";
  await server.sandbox("autopilot/set", { Mode: "Echo", Pace: "Impatient" }, world);
  const { Run } = (
    await server.sandbox(
      "scenarios/start",
      {
        Scenario: {
          Name: "own",
          Description: "For a test.",
          OriginalSender: "Jane Guest",
          Subject: "A question",
          Steps: [{ Guest: "Anybody?" }, { Expect: { Sender: "Enterprise", Text: "anybody" } }],
        },
      },
      world,
    )
  ).body;
  const stream = await fetch(`${server.url}/sandbox/v1/live`, {
    headers: { "Innbox-World": world },
    signal: AbortSignal.timeout(20_000),
  });
  assert.ok(stream.body);
  const look = async () => {
    const { Runs } = (await server.sandbox("scenarios/getAllRuns", {}, world)).body;
    return Runs.find(({ Id }) => Id === Run.Id)?.State;
  };
  let state = await look();
  for await (const _ of stream.body) {
    state = await look();
    if (state !== "Running") break;
  }
  assert.equal(state, "Passed");
});

const mistakes: [input: object, sentence: RegExp][] = [
  [{ Mode: "Loud" }, /^Mode must be one of Off, Echo, Script, Persona\.$/],
  [{ Mode: "Script" }, /^Replies is required with the Mode Script\.$/],
  [{ Mode: "Persona", Persona: "rude" }, /^Persona must be one of warm, brisk, formal, clumsy\.$/],
  [{ Mode: "Persona", LanguageCode: "tlh" }, /^LanguageCode must be one of en, de, fr, es, cs, ar\.$/],
  [{ Mode: "Echo", Delay: "soon" }, /^Delay must be a time/],
];

for (const [input, sentence] of mistakes) {
  test(`the autopilot refuses ${JSON.stringify(input)}`, async () => {
    const { status, body } = await server.sandbox("autopilot/set", input, "mistakes");
    assert.equal(status, 400);
    assert.match(body.Message, sentence);
  });
}
