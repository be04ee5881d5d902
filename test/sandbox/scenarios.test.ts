import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import type { Message } from "../../src/protocol/connector/messages.ts";
import type { Scenario, ScenarioRun } from "../../src/protocol/sandbox/scenarios.ts";
import { readScenario } from "../../src/sandbox/scenarios/scenario-file.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { temporaryFolder } from "../support/server/server.ts";

const server = await startTestSandbox({ after }, { "rate-limit": "200/30s" });

const library = [
  "allergy",
  "angry-storm",
  "complaint",
  "early-departure",
  "emoji-only",
  "group",
  "invoice",
  "late-arrival",
  "lost-bag",
  "noise-at-night",
  "right-to-left",
  "very-long",
];

/** Starts a scenario in a world whose clock stands still. */
async function start(world: string, input: object): Promise<ScenarioRun> {
  await server.sandbox("clock/freeze", {}, world);
  const { status, text, body } = await server.sandbox("scenarios/start", input, world);
  assert.equal(status, 200, text);
  return body.Run;
}

async function runsAfter(world: string, by: string): Promise<readonly ScenarioRun[]> {
  assert.equal((await server.sandbox("clock/advance", { By: by }, world)).status, 200);
  return (await server.sandbox("scenarios/getAllRuns", {}, world)).body.Runs;
}

async function messagesOf(world: string, run: ScenarioRun | undefined): Promise<Message[]> {
  const properties = { MessageThreadIds: [run?.MessageThreadId], Limitation: { Count: 1000 } };
  const { status, text, body } = await server.call("messages/getAll", properties, world);
  assert.equal(status, 200, text);
  return body.Messages.toReversed();
}

function scenario(steps: Scenario["Steps"]): Scenario {
  return { Name: "own", Description: "For a test.", OriginalSender: "Jane Guest", Subject: "A test", Steps: steps };
}

test("the library has twelve scenarios, in several languages", async () => {
  const { Scenarios } = (await server.sandbox("scenarios/getAll")).body;
  assert.deepEqual(
    Scenarios.map(({ Name }) => Name),
    library,
  );
  assert.ok(new Set(Scenarios.map(({ LanguageCode }) => LanguageCode)).size >= 6);
});

for (const name of library) {
  test(`${name} is played to its end when the staff are on autopilot`, async () => {
    const { Scenarios } = (await server.sandbox("scenarios/getAll")).body;
    const played = Scenarios.find(({ Name }) => Name === name);
    await server.sandbox("autopilot/set", { Mode: "Persona", Pace: "Slow" }, name);
    await start(name, { Name: name });
    const [run] = await runsAfter(name, "3d");
    assert.deepEqual([run?.State, run?.Failure, run?.StepsDone], ["Passed", null, played?.Steps.length]);

    const messages = await messagesOf(name, run);
    const said = played?.Steps.reduce((count, { Guest, Repeat }) => count + (Guest ? (Repeat ?? 1) : 0), 0);
    assert.equal(messages.filter(({ Sender }) => Sender.Discriminator === "Application").length, said);
    if (name === "angry-storm") assert.equal(said, 200);
  });
}

test("a guest writes through the Connector API, as the wire shows", async () => {
  await start("wire", { Scenario: scenario([{ Guest: "Hello" }]) });
  await runsAfter("wire", "1s");
  const { Traffic } = (await server.sandbox("traffic/getAll", {}, "wire")).body;
  assert.deepEqual(
    Traffic.map(({ Client, Operation, Status }) => [Client, Operation, Status]),
    [
      ["Client 1", "messageThreads/add", 200],
      ["Client 1", "messages/add", 200],
    ],
  );
  assert.match(Traffic[0]?.ClientName ?? "", /^Innbox scenario \d/);
});

test("steps come one after the other, and a wait lasts as long as the world's clock says", async () => {
  const steps = [
    { Guest: "Message {n}", Repeat: 3 },
    { Wait: "1h" },
    { Staff: "Good evening" },
    { Resolve: true },
    { Expect: { IsResolved: true } },
    { Reopen: true },
    { Expect: { IsResolved: false } },
  ];
  await start("steps", { Scenario: scenario(steps) });
  const [waiting] = await runsAfter("steps", "59m");
  assert.deepEqual([waiting?.State, waiting?.StepsDone], ["Running", 1]);
  const [passed] = await runsAfter("steps", "1m");
  assert.deepEqual([passed?.State, passed?.StepsDone], ["Passed", 7]);
  const messages = await messagesOf("steps", passed);
  assert.deepEqual(
    messages.map(({ Text }) => Text),
    ["Message 1", "Message 2", "Message 3", "Good evening"],
  );
  const [first, , , reply] = messages.map(({ CreatedUtc }) => Date.parse(CreatedUtc));
  assert.equal((reply ?? 0) - (first ?? 0), 3_600_000);
});

test("what a scenario expects may come from anybody, until the last moment", async () => {
  const steps = [{ Guest: "Who is there?" }, { Expect: { Text: "NIGHT porter", Within: "10m" } }];
  const run = await start("expect", { Scenario: scenario(steps) });
  const [opened] = await runsAfter("expect", "10m");
  assert.match(opened?.Failure ?? "", /there was none/, "nobody answered the first one");
  await start("expect", { Scenario: scenario(steps) });
  const [, second] = await runsAfter("expect", "9m");
  await server.sandbox(
    "messageThreads/reply",
    { MessageThreadId: second?.MessageThreadId, Text: "The night porter." },
    "expect",
  );
  const runs = await runsAfter("expect", "1s");
  assert.deepEqual(
    runs.map(({ State }) => State),
    ["Failed", "Passed"],
  );
  assert.equal(runs[0]?.Id, run.Id);
  await start("expect", { Scenario: scenario(steps) });
  const third = (await runsAfter("expect", "9m")).at(-1);
  const answer = { MessageThreadId: third?.MessageThreadId, Text: "Nobody.\nReally." };
  await server.sandbox("messageThreads/reply", answer, "expect");
  const failed = (await runsAfter("expect", "2m")).at(-1);
  assert.match(failed?.Failure ?? "", /within 10m, and the last one, of Enterprise, was "Nobody\. Really\."\.$/);
});

const failures: [name: string, steps: Scenario["Steps"], sentence: string][] = [
  [
    "nobody-answers",
    [{ Guest: "Hello?" }, { Expect: { Sender: "Enterprise", Within: "5m" } }],
    "Steps[1] expected a message of Enterprise within 5m, and there was none.",
  ],
  [
    "other-words",
    [
      { Guest: "Hello?" },
      { Staff: "Yes?" },
      { Guest: "Taxi!" },
      { Staff: "Which taxi?" },
      { Expect: { Text: "ordered" } },
    ],
    'Steps[4] expected a message with "ordered" within 1m, and there was none.',
  ],
  [
    "still-open",
    [{ Guest: "Bye" }, { Expect: { IsResolved: true, Within: "30s" } }],
    "Steps[1] expected the thread to be resolved within 30s, and it was open.",
  ],
];

for (const [world, steps, sentence] of failures) {
  test(`a conversation that does not go as expected says why: ${world}`, async () => {
    await start(world, { Scenario: scenario(steps) });
    const [run] = await runsAfter(world, "1h");
    assert.deepEqual([run?.State, run?.Failure, run?.StepsDone], ["Failed", sentence, steps.length - 1]);
  });
}

test("a guest whose calls fail tries again, and says everything once", async () => {
  const faults = [
    { On: "Request", Kind: "Drop", Operation: "messages/add", Times: 2 },
    { On: "Request", Kind: "Status", Status: 429, RetryAfterSeconds: 40, Times: 1 },
    { On: "Request", Kind: "Half", Times: 1 },
  ];
  await server.sandbox("faults/set", { Faults: faults }, "faulty");
  await start("faulty", { Scenario: scenario([{ Guest: "One" }, { Guest: "Two" }]) });
  const [waiting] = await runsAfter("faulty", "30s");
  assert.equal(waiting?.State, "Running", "it waits as long as it was told to");
  const [run] = await runsAfter("faulty", "30s");
  assert.deepEqual([run?.State, run?.Failure], ["Passed", null]);
  const messages = await messagesOf("faulty", run);
  assert.deepEqual(
    messages.map(({ Text }) => Text),
    ["One", "Two"],
  );
});

test("a guest who can't write at all gives up, and says what was answered", async () => {
  await server.sandbox("faults/set", { Faults: [{ On: "Request", Kind: "Status", Status: 503 }] }, "down");
  await start("down", { Scenario: scenario([{ Guest: "Hello?" }]) });
  const [failed] = await runsAfter("down", "1h");
  assert.match(
    failed?.Failure ?? "",
    /^Opening the thread failed: messageThreads\/add was answered 503: .*, 10 times\.$/,
  );
  const tokens = { ClientToken: "nobody", AccessToken: "nothing" };
  await server.sandbox("faults/set", { Faults: [] }, "down");
  await start("down", { Scenario: scenario([{ Guest: "Hello?" }]), ...tokens });
  const [, refused] = await runsAfter("down", "1s");
  assert.match(refused?.Failure ?? "", /^Opening the thread failed: messageThreads\/add was answered 401: /);
});

const refused: [input: object, sentence: RegExp][] = [
  [{}, /^Name or Scenario is required\.$/],
  [{ Name: "early-arrival" }, /^Name must be one of allergy, angry-storm, /],
  [{ Name: "allergy", Scenario: scenario([{ Guest: "Hello" }]) }, /^Name and Scenario can't be given both\.$/],
  [{ Name: "allergy", ClientToken: "x" }, /^ClientToken and AccessToken are given both or not at all\.$/],
  [
    { Scenario: scenario([{ Guest: "Hello", Wait: "5m" }]) },
    /^Steps\[0\] must have exactly one of .*, not Guest and Wait\.$/,
  ],
];

for (const [input, sentence] of refused) {
  test(`a scenario is not started with ${JSON.stringify(input).slice(0, 60)}`, async () => {
    const { status, body } = await server.sandbox("scenarios/start", input);
    assert.equal(status, 400);
    assert.match(body.Message, sentence);
  });
}

const head = "Name: own\nDescription: A test.\nOriginalSender: Jane\nSubject: Test\n";
const badFiles: [file: string, content: string, sentence: RegExp][] = [
  ["empty.yaml", "", /^.*empty\.yaml: Name is required\.$/],
  ["torn.yaml", 'Name: "own', /^.*torn\.yaml: Missing closing "quote.*\.$/],
  ["torn.json", '{"Name": ', /^.*torn\.json: .+\.$/],
  ["no-steps.yml", head, /Steps is required\.$/],
  ["wait.yaml", `${head}Steps:\n  - Guest: Hello\n  - Wait: soon\n`, /: Steps\[1\]\.Wait must be a time as in 500ms/],
  ["wait-number.yaml", `${head}Steps:\n  - Wait: 5\n`, /: Steps\[0\]\.Wait must be a string\.$/],
  ["nothing.yaml", `${head}Steps:\n  - {}\n`, /: Steps\[0\] must have exactly one of Guest, .* and Expect\.$/],
  [
    "typo.yaml",
    `${head}Steps:\n  - Geust: Hello\n`,
    /: Steps\[0\]\.Geust is nothing that is known here; there is Guest,/,
  ],
  [
    "expect-typo.yaml",
    `${head}Steps:\n  - Expect: { Sendr: x }\n`,
    /: Steps\[0\]\.Expect\.Sendr is nothing that is known/,
  ],
  ["expect.yaml", `${head}Steps:\n  - Expect: {}\n`, /: Steps\[0\]\.Expect must have Sender, Text or IsResolved\.$/],
  ["sender.yaml", `${head}Steps:\n  - Expect: { Sender: Guest }\n`, /: Steps\[0\]\.Expect\.Sender must be one of/],
  ["repeat.yaml", `${head}Steps:\n  - { Staff: Hi, Repeat: 2 }\n`, /: Steps\[0\]\.Repeat is for Guest only\.$/],
  ["resolve.yaml", `${head}Steps:\n  - Resolve: false\n`, /: Steps\[0\]\.Resolve must be true\.$/],
  ["export.mjs", "export const other = 1;", /export\.mjs must export a scenario, as in export const scenario = /],
  ["broken.ts", "export const scenario = ;", /broken\.ts can't be loaded: .+\.$/],
  ["scenario.txt", "", /scenario\.txt: a scenario is a file that ends with \.yaml, /],
];

test("a file that can't be played is refused with its name and the place", async (t) => {
  const folder = temporaryFolder(t);
  for (const [file, content, sentence] of badFiles) {
    const path = join(folder, file);
    await writeFile(path, content);
    await assert.rejects(readScenario(path), { message: sentence }, file);
  }
  await assert.rejects(readScenario(join(folder, "missing.yaml")), { message: /missing\.yaml can't be read: ENOENT/ });
});

test("a module may export a scenario by name or by default", async (t) => {
  const folder = temporaryFolder(t);
  const own: Scenario = scenario([{ Guest: "Hello" }]);
  for (const [file, begin] of [
    ["named.ts", "interface Any { Name: string }\nexport const scenario: Any ="],
    ["default.mjs", "export default"],
  ] as const) {
    await writeFile(join(folder, file), `${begin} ${JSON.stringify(own)};\n`);
    assert.deepEqual(await readScenario(join(folder, file)), own);
  }
});
