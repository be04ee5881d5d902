import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { runCommandLine } from "../../src/cli/run.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { type Ended, innboxHere } from "../support/server/process.ts";
import { temporaryFolder } from "../support/server/server.ts";

const server = await startTestSandbox({ after });

/** Runs `innbox sandbox …` on a world of the sandbox. */
function run(world: string, ...args: readonly string[]): Promise<Ended> {
  return innboxHere(["sandbox", ...args, "--url", server.url, "--world", world]);
}

/** What it prints, where it must succeed. */
async function out(world: string, ...args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await run(world, ...args);
  assert.equal(exitCode, 0, stderr);
  return stdout.trimEnd();
}

async function json<T>(world: string, ...args: readonly string[]): Promise<T> {
  return JSON.parse(await out(world, ...args, "--json")) as T;
}

async function openThread(world: string): Promise<string> {
  const opened = await server.call("messageThreads/add", { OriginalSender: "Jane", Subject: "Hello" }, world);
  return opened.body.MessageThreads[0]?.Id ?? "";
}

test("reply, resolve and reopen act in the world that is named", async () => {
  const thread = await openThread("staff");
  assert.match(await out("staff", "reply", "--thread", thread, "--text", "Good evening"), /^[0-9a-f-]{36}$/);
  assert.equal((await json<{ IsResolved: boolean }>("staff", "resolve", "--thread", thread)).IsResolved, true);
  assert.equal((await json<{ IsResolved: boolean }>("staff", "reopen", "--thread", thread)).IsResolved, false);
  const elsewhere = await run("elsewhere", "resolve", "--thread", thread);
  assert.equal(elsewhere.exitCode, 1);
  assert.match(elsewhere.stderr, /^There is no message thread /);
});

test("the autopilot is set by a mode, or by what only one mode has", async () => {
  const set = (...args: readonly string[]) => json<{ Autopilot: object }>("autopilot", "autopilot", ...args);
  assert.deepEqual(await set(), { Autopilot: { Mode: "Off" } });
  assert.deepEqual(await set("echo", "--pace", "slow", "--resolve-after", "10m"), {
    Autopilot: { Mode: "Echo", Pace: "Slow", ResolveAfter: "10m" },
  });
  assert.deepEqual(await set("--reply", "One", "--reply", "Two", "--delay", "2s"), {
    Autopilot: { Mode: "Script", Replies: ["One", "Two"], Delay: "2s" },
  });
  assert.deepEqual(await set("--persona", "warm", "--language", "de", "--seed", "7"), {
    Autopilot: { Mode: "Persona", Persona: "warm", LanguageCode: "de", Seed: 7 },
  });
  assert.match(await out("autopilot", "autopilot"), /^Mode: Persona\nPersona: warm\n/);
  assert.match(await out("autopilot", "personas"), /^NAME +LANGUAGES +DESCRIPTION\nwarm +en, de, /);
  assert.deepEqual(await set("off"), { Autopilot: { Mode: "Off" } });
});

test("a scenario of the library is listed, played and seen to its end", async () => {
  assert.match(await out("library", "scenarios"), /^NAME .*\nallergy +es +7 +A child /);
  await out("library", "autopilot", "persona", "--pace", "impatient");
  const emoji = await out("library", "play", "emoji-only", "--enterprise", "3fa85f64-5717-4562-b3fc-2c963f66afa6");
  assert.match(emoji, /^[0-9a-f-]{36}$/);
  await out("library", "clock", "--freeze", "--advance", "1h");
  assert.match(await out("library", "runs"), /\nemoji-only +Passed +10 +[0-9a-f-]{36} +-$/);
});

test("play --wait shows each step, and ends as the conversation does", async (t) => {
  const folder = temporaryFolder(t);
  const head = "Name: own\nDescription: A test.\nOriginalSender: Jane\nSubject: Test\nSteps:\n  - Guest: Hello\n";
  const [good, bad] = [join(folder, "good.yaml"), join(folder, "bad.yaml")];
  await writeFile(good, `${head}  - Expect: { Text: hello, Sender: Enterprise }\n  - Guest: "{n}"\n    Repeat: 2\n`);
  await writeFile(bad, `${head}  - Expect: { Text: goodbye, Within: 1ms }\n`);
  await out("wait", "autopilot", "echo", "--pace", "impatient");

  const passed = await run("wait", "play", good, "--wait");
  assert.equal(passed.exitCode, 0, passed.stderr);
  assert.match(
    passed.stderr,
    /^ +1\/3 {2}Guest: Hello\n +2\/3 {2}Expect: \{.*\}\n +3\/3 {2}Guest: \{n\} \(2 times\)\nown went as/,
  );
  assert.match(passed.stdout, /^[0-9a-f-]{36}\n$/);

  const failed = await run("wait", "play", bad, "--wait", "--json");
  assert.equal(failed.exitCode, 1);
  assert.match(failed.stderr, /^Steps\[1\] expected a message with "goodbye" within 1ms, /);
  assert.equal((JSON.parse(failed.stdout) as { Run: { State: string } }).Run.State, "Failed");
});

test("a file that is no scenario is told of before anything is asked", async (t) => {
  const file = join(temporaryFolder(t), "torn.yaml");
  await writeFile(file, "Name: own\n");
  const { exitCode, stdout, stderr } = await run("files", "play", file);
  assert.deepEqual([exitCode, stdout], [1, ""]);
  assert.match(stderr, /^.*torn\.yaml: Description is required\.\n$/);
  const missing = await run("files", "play", "./nowhere.yaml");
  assert.match(missing.stderr, /^\.\/nowhere\.yaml can't be read: ENOENT/);
  const unknown = await run("files", "play", "nowhere");
  assert.match(unknown.stderr, /^Name must be one of allergy, /);
});

test("faults are added one by one, listed and cleared", async () => {
  await out("faults", "fault", "status", "--status", "429", "--retry-after", "5", "--share", "0.5", "--seed", "3");
  const set = await json<{ Faults: { Fault: object }[]; Seed: number }>("faults", "fault", "late", "--times", "2");
  assert.equal(set.Seed, 3);
  assert.deepEqual(
    set.Faults.map(({ Fault }) => Fault),
    [
      { On: "Request", Kind: "Status", Share: 0.5, Status: 429, RetryAfterSeconds: 5 },
      { On: "Webhook", Kind: "Late", Times: 2 },
    ],
  );
  assert.match(
    await out("faults", "faults"),
    /\nRequest +Status +Share 0\.5, Status 429, RetryAfterSeconds 5 +0 +0\nWebhook/,
  );
  await out("faults", "faults-clear");
  const { stderr } = await run("faults", "faults");
  assert.match(stderr, /^Nothing goes wrong on purpose/);
});

test("the clock is frozen, set, advanced and let go", async () => {
  assert.match(await out("clock", "clock"), /^\d{4}-\d\d-\d\dT/);
  assert.equal(
    await out("clock", "clock", "--freeze", "--set", "2026-05-05T20:00:00Z", "--advance", "75h"),
    "2026-05-08T23:00:00.000Z",
  );
  assert.equal((await json<{ IsFrozen: boolean }>("clock", "clock")).IsFrozen, true);
  assert.equal((await json<{ IsFrozen: boolean }>("clock", "clock", "--unfreeze")).IsFrozen, false);
});

test("a world is kept, brought back, forked, exported, imported, reset and dropped", async (t) => {
  const file = join(temporaryFolder(t), "export.jsonl");
  const thread = await openThread("state");
  const isThere = async (world: string) =>
    (await server.call("messageThreads/getAll", { MessageThreadIds: [thread] }, world)).body.MessageThreads.length ===
    1;
  await out("state", "snapshot", "with-thread");
  assert.match(await out("state", "snapshots"), /\nwith-thread +\d{4}-/);
  await out("state", "fork", "state-fork");
  await out("state", "export", "--out", file);
  assert.equal(await out("state", "export"), (await readFile(file, "utf8")).trimEnd());
  await out("state", "reset");
  assert.deepEqual([await isThere("state"), await isThere("state-fork")], [false, true]);
  await out("state", "restore", "with-thread");
  await out("state-import", "import", file);
  assert.deepEqual([await isThere("state"), await isThere("state-import")], [true, true]);

  assert.match(await out("state", "worlds"), /\nstate-fork +no/);
  const drop = await innboxHere(["sandbox", "drop", "state-fork", "--url", server.url]);
  assert.equal(drop.exitCode, 0, drop.stderr);
  assert.doesNotMatch(await out("state", "worlds"), /state-fork/);
});

test("what goes over the wire is shown, and a webhook is set", async () => {
  const secret = await out("wire", "webhook", "http://127.0.0.1:9/hook", "--events", "MessageAdded");
  assert.match(secret, /^whsec_/);
  await openThread("wire");
  assert.match(
    await out("wire", "traffic"),
    /^\d\d:\d\d:\d\d\.\d{3} {2}1 {2}Client 1 {2}messageThreads\/add {2}200 {2}\d+ ms$/m,
  );
  const { Traffic } = await json<{ Traffic: { Operation: string }[] }>("wire", "traffic", "--count", "1");
  assert.equal(Traffic[0]?.Operation, "messageThreads/add");
});

test("traffic --follow goes on until the world ends", async () => {
  await openThread("follow");
  const lines: string[] = [];
  const next = [() => openThread("follow"), () => server.sandbox("state/reset", {}, "follow")];
  const terminal = {
    out: (line: string) => {
      lines.push(line);
      void next.shift()?.();
    },
    note: () => undefined,
    environment: {},
  };
  const args = ["sandbox", "traffic", "--follow", "--url", server.url, "--world", "follow"];
  assert.equal(await runCommandLine(args, terminal), 0);
  assert.equal(lines.length, 2);
  assert.match(lines[1] ?? "", / {2}2 {2}Client 1 {2}messageThreads\/add {2}200 /);
});

const mistakes: [args: readonly string[], hint: RegExp][] = [
  [["autopilot", "loud"], /--mode must be one of Off, Echo, Script, Persona, not "loud"/],
  [["autopilot", "echo", "--seed", "x"], /--seed must be a number, not "x"/],
  [["play"], /--scenario NAME\|FILE is required/],
  [["fault", "explode"], /--kind must be one of Delay, .*, not "explode"/],
  [["fault", "late", "--on", "request"], /--kind must be one of Delay, Status, .* on a request, not "Late"/],
  [["clock", "--freeze", "--unfreeze"], /Give --freeze or --unfreeze, not both/],
  [["snapshot"], /--name NAME is required/],
];

for (const [args, hint] of mistakes) {
  test(`innbox sandbox ${args.join(" ")} was typed wrong: 2, and a hint`, async () => {
    const { exitCode, stdout, stderr } = await run("mistakes", ...args);
    assert.deepEqual([exitCode, stdout], [2, ""]);
    assert.match(stderr, hint);
  });
}
