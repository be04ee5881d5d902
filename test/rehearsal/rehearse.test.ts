import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import type { GeneralWebhook } from "../../src/protocol/connector/webhooks.ts";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";
import { type Receiver, startReceiver } from "../support/delivery/receiver.ts";
import { startTestSandbox } from "../support/sandbox/sandbox-server.ts";
import { trafficLog } from "../support/sandbox/traffic-log.ts";
import type { AnswerBody } from "../support/server/answer.ts";
import { innboxHere, projectFolder } from "../support/server/process.ts";
import { temporaryFolder } from "../support/server/server.ts";

interface Report {
  readonly HasPassed: boolean;
  readonly Clients: readonly {
    readonly Client: string;
    readonly Rules: readonly { readonly Rule: string; readonly Grade: string; readonly HasPassed: boolean }[];
  }[];
}

type Sandbox = Awaited<ReturnType<typeof startTestSandbox>>;
type Properties = Readonly<Record<string, unknown>>;

const careful = { ...demoTokens, Client: "Night Owl 1.2.0" };
const naive = {
  ClientToken: "E916C341431C4D28A866AD200152DBD3-A046EB5583FFBE94DE1172237763712",
  AccessToken: "CC150C355D6A4048A220AD20015483AB-B6D09C0C84B09538077CB8FFBB907B4",
  Client: "bot",
};

/** A partner's application: what it sends, and where it hears of messages. */
function partner({ url }: Sandbox, credentials: typeof careful) {
  return async (operation: string, properties: Properties, headers: Readonly<Record<string, string>> = {}) => {
    const response = await fetch(`${url}/api/connector/v1/${operation}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...headers },
      body: JSON.stringify({ ...credentials, ...properties }),
    }).catch(() => undefined);
    const body = JSON.parse((await response?.text()) || "null") as AnswerBody;
    return { status: response?.status, headers: response?.headers, body };
  };
}

/** Does everything as one should. Time passes by the sandbox's clock. */
async function behaveWell(sandbox: Sandbox, receiver: Receiver): Promise<void> {
  const call = partner(sandbox, careful);
  const key = (value: string) => ({ "Idempotency-Key": value });
  await sandbox.sandbox("webhooks/set", { ClientToken: careful.ClientToken, Url: receiver.url });
  const opened = await call("messageThreads/add", { OriginalSender: "Jane", Subject: "Late" }, key("k1"));
  const MessageThreadId = opened.body.MessageThreads[0]?.Id;

  await setFaults(sandbox, { On: "Request", Kind: "Status", Status: 429, RetryAfterSeconds: 2, Times: 1 });
  const hello = { Messages: [{ MessageThreadId, Text: "Our flight lands at 23:40." }] };
  const limited = await call("messages/add", hello, key("k2"));
  assert.equal(limited.status, 429);
  await sandbox.sandbox("clock/advance", { By: `${limited.headers?.get("retry-after")}s` });
  await setFaults(sandbox, { On: "Request", Kind: "Drop", Times: 1 });
  assert.equal((await call("messages/add", hello, key("k2"))).status, undefined);
  assert.equal((await call("messages/add", hello, key("k2"))).status, 200);

  await setFaults(sandbox, { On: "Webhook", Kind: "Duplicate", Times: 1 });
  const told = receiver.received.length;
  await sandbox.sandbox("messageThreads/reply", { MessageThreadId, Text: "The front desk is open all night." });
  const received = await receiver.until((all) => all.length >= told + 2);
  const { Events } = JSON.parse(received.at(-1)?.text ?? "") as GeneralWebhook;
  await call("messages/getAll", { MessageIds: Events.map(({ Value }) => Value.Id), Limitation: { Count: 100 } });

  for (let Cursor: string | null | undefined; Cursor !== null; ) {
    const Limitation = { Count: 2, ...(Cursor && { Cursor }) };
    Cursor = (await call("messages/getAll", { MessageThreadIds: [MessageThreadId], Limitation })).body.Cursor;
  }
}

/** Does everything as one should not. */
async function behaveBadly(sandbox: Sandbox, receiver: Receiver): Promise<void> {
  const call = partner(sandbox, naive);
  await sandbox.sandbox("webhooks/set", { ClientToken: naive.ClientToken, Url: receiver.url });
  const opened = await call("messageThreads/add", { OriginalSender: "Jane", Subject: "Late" });
  const MessageThreadId = opened.body.MessageThreads[0]?.Id;
  for (let times = 0; times < 3; times += 1) await call("messageThreads/add", { OriginalSender: "Jane" });

  const hello = { Messages: Array.from({ length: 3 }, () => ({ MessageThreadId, Text: "Hello?" })) };
  await setFaults(sandbox, { On: "Request", Kind: "Drop", Times: 1 });
  await call("messages/add", hello);
  await call("messages/add", hello);
  await receiver.requests(1);

  for (const Text of ["Hello!", "How may I help you?"]) {
    await sandbox.sandbox("messageThreads/reply", { MessageThreadId, Text });
  }
  await call("messages/getAll", { MessageThreadIds: [MessageThreadId], Limitation: { Count: 2 } });
  for (let times = 0; times < 7; times += 1) {
    await sandbox.sandbox("clock/advance", { By: "5s" });
    await call("messages/getAll", { MessageThreadIds: [MessageThreadId], Limitation: { Count: 2 } });
  }
  await setFaults(sandbox, { On: "Request", Kind: "Status", Status: 429, RetryAfterSeconds: 5, Times: 1 });
  await call("configuration/get", {});
  await sandbox.sandbox("clock/advance", { By: "1s" });
  await call("configuration/get", {});
  await sandbox.sandbox("clock/advance", { By: "60s" });
}

function setFaults(sandbox: Sandbox, fault: Properties) {
  return sandbox.sandbox("faults/set", { Faults: [fault] });
}

/** `innbox rehearse` in a process of its own, once it watches. */
async function startRehearsal(t: TestContext, args: readonly string[]) {
  const child = spawn(process.execPath, [join(projectFolder, "src/main.ts"), "rehearse", ...args]);
  t.after(() => child.kill("SIGKILL"));
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  const watches = new Promise<void>((resolve) => {
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
      if (/^Watching/m.test(stderr)) resolve();
    });
  });
  const closed = once(child, "close");
  await Promise.race([watches, closed]);
  return {
    /** As Ctrl+C does. */
    interrupt: async () => {
      child.kill("SIGINT");
      const [exitCode] = await closed;
      return { exitCode, stdout, stderr };
    },
  };
}

function gradesOf(report: Report, client: string): Record<string, string> {
  const rules = report.Clients.find(({ Client }) => Client === client)?.Rules ?? [];
  return Object.fromEntries(rules.map(({ Rule, Grade }) => [Rule, Grade]));
}

test("watching a sandbox until Ctrl+C, a naive bot fails and a careful one passes", async (t) => {
  const [sandbox, good, bad] = await Promise.all([startTestSandbox(t), startReceiver(t), startReceiver(t, () => 500)]);
  const rehearsal = await startRehearsal(t, ["--for", "1h", "--url", sandbox.url, "--json"]);
  await behaveWell(sandbox, good);
  await behaveBadly(sandbox, bad);
  const { exitCode, stdout, stderr } = await rehearsal.interrupt();
  assert.deepEqual([exitCode, stderr.trim().split("\n").at(-1)], [1, "Not there yet: Client 2."]);
  const report = JSON.parse(stdout) as Report;
  assert.equal(report.HasPassed, false);
  assert.deepEqual(gradesOf(report, "Client 1"), {
    "client-name": "pass",
    limits: "pass",
    "retry-after": "pass",
    polling: "pass",
    "webhook-answers": "pass",
    deduplication: "pass",
    "safe-repeats": "pass",
    paging: "pass",
    "repeated-errors": "unseen",
    intervals: "unseen",
  });
  assert.deepEqual(gradesOf(report, "Client 2"), {
    "client-name": "fail",
    limits: "pass",
    "retry-after": "fail",
    polling: "fail",
    "webhook-answers": "fail",
    deduplication: "pass",
    "safe-repeats": "fail",
    paging: "fail",
    "repeated-errors": "fail",
    intervals: "unseen",
  });

  // What the sandbox has recorded is graded in the same way.
  const { Traffic } = (await sandbox.sandbox("traffic/getAll")).body;
  const log = written(t, Traffic.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
  const one = await innboxHere(["rehearse", "--log", log, "--client", "Client 1"]);
  assert.deepEqual([one.exitCode, one.stderr], [0, ""], one.stdout);
  assert.match(one.stdout, /^Client 1, which calls itself "Night Owl 1\.2\.0": \d+ exchanges from /);
  const answer = written(t, JSON.stringify({ Traffic }, null, 2));
  assert.deepEqual(await innboxHere(["rehearse", "--log", answer, "--client", "Client 1"]), one);
  const needed = await innboxHere(["rehearse", "--log", log, "--client", "Client 1", "--need", "intervals,paging"]);
  assert.equal(needed.exitCode, 1);
  assert.match(needed.stdout, /^UNSEEN +intervals +It asked for no interval\.$/m);
  assert.match(needed.stdout, /^It fails: 1 of 10 rules\.$/m);
});

/** A log with one warning: a name that changes. */
function logWithWarning(t: TestContext): string {
  const log = trafficLog();
  log.request(0, "configuration/get");
  log.request(1.5, "configuration/get", { Client: "Night Owl 1.3.0" });
  return written(t, log.entries.map((entry) => JSON.stringify(entry)).join("\n"));
}

function written(t: TestContext, text: string): string {
  const file = join(temporaryFolder(t), "traffic.jsonl");
  writeFileSync(file, text);
  return file;
}

test("the report for people shows what was seen when, and says what to do", async (t) => {
  const { exitCode, stdout } = await innboxHere(["rehearse", "--log", logWithWarning(t)]);
  assert.equal(exitCode, 0);
  assert.match(stdout, /^warn {4}client-name +It calls itself "Night Owl 1\.2\.0" and "Night Owl 1\.3\.0"\.$/m);
  assert.match(stdout, /^ {4}12:00:01\.500 {2}#2 +configuration\/get → 200, 5 ms$/m);
  assert.match(stdout, /^ {2}Do this: Set Client in one place/m);
  assert.match(stdout, /\n\nIt passes\.\n$/);
});

test("--strict has warnings fail", async (t) => {
  const { exitCode, stdout, stderr } = await innboxHere(["rehearse", "--log", logWithWarning(t), "--strict"]);
  assert.deepEqual([exitCode, stderr], [1, "Not there yet: Client 1.\n"]);
  assert.match(stdout, /^WARN {4}client-name /m);
});

const failures: [name: string, log: string, args: readonly string[], sentence: RegExp][] = [
  ["an empty log", "\n", [], /^Nothing went over the wire/],
  ["a line that is not JSON", "{}x\n", [], /^Line 1 is no entry .* It is not a JSON object\.$/],
  ["an answer with what is no entry", '{"Traffic": [{}]}', [], /^Traffic\[0\] is no entry .* is required\.$/],
  ["a line that is no entry", '\n{"Number": 1}\n', [], /^Line 2 is no entry .* is required\.$/],
  ["another client", JSON.stringify(trafficLog().request(0, "x/y")), ["--client", "X"], /client "X"; .* "Client 1"\.$/],
];

for (const [name, text, args, sentence] of failures) {
  test(`${name} can't be graded: 1, and one sentence on stderr`, async (t) => {
    const { exitCode, stdout, stderr } = await innboxHere(["rehearse", "--log", written(t, text), ...args]);
    assert.deepEqual([exitCode, stdout], [1, ""]);
    assert.match(stderr.trimEnd(), sentence);
  });
}

const mistakes: [command: string, hint: RegExp][] = [
  ["--for ages", /--for must be a time .* not "ages"/],
  ["--for 25h", /--for must be at most 24h/],
  ["--need everything", /--need must be all, or of client-name,.* not "everything"/],
  ["--log x --for 1m", /--for is for watching/],
  ["--url localhost:8080", /--url must be an address/],
];

for (const [command, hint] of mistakes) {
  test(`innbox rehearse ${command} was typed wrong: 2, and a hint`, async () => {
    const { exitCode, stdout, stderr } = await innboxHere(["rehearse", ...command.split(" ")]);
    assert.deepEqual([exitCode, stdout], [2, ""]);
    assert.match(stderr, hint);
  });
}
