import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { demoTokens } from "../../src/sandbox/demo/demo-world.ts";

/** A server in a process of its own. */
export interface Running {
  readonly url: string;
  readonly child: ChildProcess;
}

export interface Tokens {
  readonly ClientToken: string;
  readonly AccessToken: string;
}

const children = new Set<ChildProcess>();

/** Starts a server and waits for the line in which it says where it listens. */
export async function start(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Running> {
  const env = { ...process.env, ...nodeVariables, ...variables };
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"], env });
  children.add(child);
  child.once("exit", () => children.delete(child));
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (!url) continue;
    child.stdout.resume();
    return { url, child };
  }
  throw new Error(`${args.join(" ")} did not start.`);
}

/** How `npm start` and `npm run innbox` run Node. */
export const nodeFlags = ["--max-semi-space-size=16"];
const nodeVariables = {
  NODE_COMPILE_CACHE: "node_modules/.cache/innbox",
  MALLOC_MMAP_THRESHOLD_: "49152",
  MALLOC_TRIM_THRESHOLD_: "131072",
};

/** As npm start does, on a free port and without request limit; waits until it has its database. */
export async function startInnbox(
  { keyFile }: { readonly keyFile: string },
  database: string,
  command: "dev" | "serve" = "dev",
  flags: readonly string[] = [],
): Promise<Running> {
  const kept = ["--database", database, "--secret-key-file", keyFile];
  const common = [...nodeFlags, "src/main.ts", command, "--port", "0", "--rate-limit", "off"];
  const server = await start([...common, ...kept, ...flags]);
  for (let left = 100; ; left -= 1) {
    const readiness = await fetch(`${server.url}/health/ready`);
    const answer = await readiness.text();
    if (readiness.ok) return server;
    if (left === 0) throw new Error(answer);
    await setTimeout(100);
  }
}

export async function stop({ child }: Running): Promise<void> {
  child.kill();
  await once(child, "exit");
}

/** How much memory a server has, or had at its peak, in MiB; as Linux tells it. */
export function memoryOf({ child }: Running, field: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
  return Math.round(Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024);
}

export function killAll(): void {
  for (const child of children) child.kill("SIGKILL");
}

/** The bodies of requests of the demo world's client 1, unless others are told to send them. */
export function bodiesOf(properties: readonly object[], tokens: Tokens = demoTokens): string[] {
  return properties.map((some) => JSON.stringify({ ...tokens, Client: "Bench 1.0.0", ...some }));
}

/** @throws Error for an answer that is no success */
export async function post(url: string, operation: string, body = ""): Promise<Response> {
  const headers = { "Content-Type": "application/json" };
  const response = await fetch(pathOf(url, operation), { method: "POST", headers, body });
  if (!response.ok) throw new Error(`${operation} answered ${response.status}: ${await response.text()}`);
  return response;
}

export async function call<T>(url: string, operation: string, body: string | undefined): Promise<T> {
  return (await (await post(url, operation, body)).json()) as T;
}

function pathOf(url: string, operation: string): string {
  return `${url}/api/connector/v1/${operation}`;
}

export interface Load {
  readonly url: string;
  readonly operation: string;
  /** Sent one after the other, and over again. */
  readonly bodies: readonly string[];
  readonly seconds?: number;
  /** Requests per second at most, by bare sockets, which take less of the machine than Node's own client. */
  readonly perSecond?: number;
}

/** Requests per second that 32 connections reach, of which each has one request under way. */
export async function load(folder: string, { url, operation, bodies, seconds = 3, perSecond }: Load): Promise<number> {
  const file = join(folder, "bodies.json");
  writeFileSync(file, JSON.stringify(bodies));
  const task = ["--url", pathOf(url, operation), "--bodies", file, "--seconds", String(seconds)];
  if (perSecond === undefined) return rateOfProcess(["bench/load/load.ts", ...task]);
  return rateOfProcess(["bench/load/lean-load.ts", ...task, "--rate", String(perSecond)]);
}

/** Runs a program that prints a rate. */
export async function rateOfProcess(args: readonly string[]): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}

/** Measures two rates in turn, each first as often as the other. @returns medians; `ratio` of the first to the second */
export async function compared(rounds: number, first: () => Promise<number>, second: () => Promise<number>) {
  const rates: { readonly first: number; readonly second: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = round % 2 === 0 ? undefined : await second();
    rates.push({ first: await first(), second: before ?? (await second()) });
  }
  return {
    ratio: median(rates.map((rate) => rate.first / rate.second)),
    first: median(rates.map((rate) => rate.first)),
    second: median(rates.map((rate) => rate.second)),
  };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: readonly number[], share: number): number {
  const index = Math.min(values.length - 1, Math.floor(values.length * share));
  return values.toSorted((a, b) => a - b)[index] ?? Number.NaN;
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
