import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { formatDateTime } from "../src/protocol/date-time.ts";
import { demoTokens } from "../src/sandbox/demo-world.ts";
import { type Seeded, seedThreads } from "./seed.ts";

/**
 * Requests per second of the real server as a share of a bare one's, in one run on one machine: both answer the same
 * bytes, each in a process of its own, to load from a third.
 */
const threads = Number(process.env.BENCH_THREADS ?? 100_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const day = 86_400_000_000;

interface Scenario {
  readonly name: string;
  readonly path: string;
  readonly body: object;
  /** The share of the bare server's rate that must be reached. */
  readonly floor: number;
}

function scenarios({ threadId, to }: Seeded): Scenario[] {
  const interval = { StartUtc: formatDateTime(to - 60 * day), EndUtc: formatDateTime(to + day) };
  const getAll = (count: number, filter: object) => ({ ...filter, Limitation: { Count: count } });
  return [
    {
      name: "messageThreads/add",
      path: "messageThreads/add",
      body: { OriginalSender: "John Doe", Subject: "Example subject" },
      floor: 0.5,
    },
    {
      name: "messages/add of one",
      path: "messages/add",
      body: { Messages: [{ MessageThreadId: threadId, Text: "I will arrive late tonight" }] },
      floor: 0.45,
    },
    {
      name: "messageThreads/getAll of 10",
      path: "messageThreads/getAll",
      body: getAll(10, { CreatedUtc: interval }),
      floor: 0.5,
    },
    {
      name: "messageThreads/getAll of 1,000",
      path: "messageThreads/getAll",
      body: getAll(1000, { CreatedUtc: interval }),
      floor: 0.25,
    },
    {
      name: "getAll of 10 by UpdatedUtc",
      path: "messageThreads/getAll",
      body: getAll(10, { UpdatedUtc: interval }),
      floor: 0,
    },
    {
      name: "messages/getAll of 1,000",
      path: "messages/getAll",
      body: getAll(1000, { MessageThreadIds: [threadId] }),
      floor: 0.25,
    },
  ];
}

const folder = mkdtempSync(join(tmpdir(), "innbox-bench-"));
const children = new Set<ChildProcess>();
try {
  const seeded = await seedThreads(`sqlite:${join(folder, "bench.db")}`, threads);
  const server = await startInnbox();
  print(`${threads.toLocaleString("en")} threads stored, 32 connections, median of ${rounds} rounds\n`);
  for (const scenario of scenarios(seeded)) await compare(server.url, scenario);
  print(`\nListing ${threads.toLocaleString("en")} threads without Limitation`);
  server.child.kill();
  await once(server.child, "exit");
  const fresh = await startInnbox();
  await listEverything(fresh.url, seeded);
  print(`Resident memory of the server at its peak: ${peakMiB(fresh.child)} MiB`);
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}

/** As npm start does, with the seeded database and without request limit. */
function startInnbox() {
  const flags = ["--port", "0", "--rate-limit", "off", "--database", `sqlite:${join(folder, "bench.db")}`];
  return start(["--max-semi-space-size=2", "src/main.ts", "dev", ...flags]);
}

async function compare(url: string, { name, path, body, floor }: Scenario): Promise<void> {
  const full = {
    path: `/api/connector/v1/${path}`,
    body: JSON.stringify({ ...demoTokens, Client: "Bench 1.0.0", ...body }),
  };
  const answer = join(folder, "answer.json");
  writeFileSync(answer, await sample(url + full.path, full.body));
  const bare = await start(["bench/bare.ts", "--answer", answer]);
  const ratios: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const limit = await load(bare.url, full);
    const rate = await load(url, full);
    ratios.push(rate / limit);
    rates.push(rate);
  }
  bare.child.kill();
  const ratio = median(ratios);
  const verdict = floor === 0 ? "" : `  (floor ${floor.toFixed(2)}${ratio < floor ? ", MISSED" : ""})`;
  print(`${name.padEnd(32)} ${ratio.toFixed(2)}  ${Math.round(median(rates)).toString().padStart(6)}/s${verdict}`);
  if (ratio < floor) process.exitCode = 1;
}

async function listEverything(url: string, { from, to }: Seeded): Promise<void> {
  const interval = { StartUtc: formatDateTime(from), EndUtc: formatDateTime(to + day) };
  const begin = performance.now();
  const response = await fetch(`${url}/api/connector/v1/messageThreads/getAll`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...demoTokens, Client: "Bench 1.0.0", CreatedUtc: interval }),
  });
  let bytes = 0;
  for await (const piece of response.body ?? []) bytes += piece.length;
  const seconds = (performance.now() - begin) / 1000;
  print(`${Math.round(bytes / 1e6)} MB in ${seconds.toFixed(1)} s`);
}

async function sample(url: string, body: string): Promise<string> {
  const response = await fetch(url, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text;
}

async function load(url: string, { path, body }: { path: string; body: string }): Promise<number> {
  const args = ["bench/load.ts", "--url", url + path, "--body", body];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}

/** Starts a server and waits for the line in which it says where it listens. */
async function start(args: string[]): Promise<{ url: string; child: ChildProcess }> {
  const environment = { ...process.env, NODE_COMPILE_CACHE: "node_modules/.cache/innbox" };
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], env: environment });
  children.add(child);
  child.once("exit", () => children.delete(child));
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (!url) continue;
    child.stdout.resume();
    return { url, child };
  }
  await once(child, "exit");
  throw new Error(`${args.join(" ")} did not start.`);
}

/** As Linux tells it. */
function peakMiB({ pid }: ChildProcess): number {
  const kibibytes = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Math.round(Number(kibibytes) / 1024);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
