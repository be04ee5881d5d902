import { execFile } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { addPartner, addProperties } from "./load/partners.ts";
import { benchPlace } from "./load/place.ts";
import { memoryOf, print, quantile, type Running, startInnbox, stop } from "./load/processes.ts";
import { filled } from "./load/seed.ts";

/**
 * What hostile bodies do to everybody else: how long `/health/live` and a partner's small call take while 20 callers send
 * the costliest bodies at once, and the resident memory while 1,000 connections withhold the last byte of theirs.
 */
const size = 8 * 1024 * 1024 - 1024;
const callers = 20;
const withheldConnections = 1000;

type Kind = readonly [name: string, operation: string, tokens: object, filling: (bytes: number) => string];

await using place = benchPlace();
const database = await place.newDatabase();
const own = await filled(database, async (store) => {
  const { tokens } = await addPartner(store, "Bench", await addProperties(store, 1));
  return tokens[0] ?? {};
});
const strangers = { ClientToken: "unknown", AccessToken: "unknown", Client: "Flood" };
const known = { ...own, Client: "Flood" };

function list(name: string, item: string): (bytes: number) => string {
  return (bytes) => `"${name}":[${`${item},`.repeat(Math.floor(bytes / (item.length + 1)))}${item}]`;
}

const objects = list("a", "{}");
const deep = (bytes: number) => `"a":${"[".repeat(bytes / 2)}${"]".repeat(bytes / 2)}`;
const names = (bytes: number) =>
  Array.from({ length: Math.floor(bytes / 12) }, (_, index) => `"${String(index).padStart(7)}":0`).join(",");

const kinds: readonly Kind[] = [
  ["unknown, tokens first, empty objects", "configuration/get", strangers, objects],
  ["known, empty objects", "configuration/get", known, objects],
  ["known, deeply nested", "configuration/get", known, deep],
  ["known, many names", "configuration/get", known, names],
  ["known, many empty messages", "messages/add", known, list("Messages", "{}")],
  ["known, many identifiers", "messages/getAll", known, list("MessageThreadIds", '"x"')],
];

/** @returns how long it took in milliseconds */
async function timed(url: string, init?: RequestInit): Promise<number> {
  const start = performance.now();
  const answer = await fetch(url, init);
  await answer.arrayBuffer();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}`);
  return performance.now() - start;
}

const smallCall = {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ ...own, Client: "Bench 1.0.0" }),
};

/** Asks again and again until `work` is over, and at least so many times. */
async function watch(url: string, work: Promise<unknown>, least = 20) {
  const live: number[] = [];
  const call: number[] = [];
  let isOver = false;
  work.finally(() => {
    isOver = true;
  });
  while (!isOver || live.length < least) {
    live.push(await timed(`${url}/health/live`));
    call.push(await timed(`${url}/api/connector/v1/configuration/get`, smallCall));
    await setTimeout(5);
  }
  return { live, call };
}

function show(times: readonly number[]): string {
  return `${quantile(times, 0.5).toFixed(1)} / ${quantile(times, 0.99).toFixed(1)} / ${Math.max(...times).toFixed(1)} ms`;
}

/** Sends a body from so many connections at once, from another process. @returns how often each status was answered */
async function flood(url: string, operation: string, body: Buffer, count: number): Promise<string> {
  const file = join(place.folder, "flood");
  writeFileSync(file, Buffer.concat([Buffer.from(headOf(operation, body.length)), body]));
  const args = ["bench/load/flood.ts", "--url", url, "--file", file, "--connections", String(count)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return stdout.trim();
}

function headOf(operation: string, length: number): string {
  return [
    `POST /api/connector/v1/${operation} HTTP/1.1`,
    "Host: innbox",
    "Content-Type: application/json",
    "Connection: close",
    `Content-Length: ${length}`,
    "",
    "",
  ].join("\r\n");
}

async function measureFloods(server: Running): Promise<void> {
  print(`${callers} callers at once, 8 MiB each; median / 99 % / longest`);
  const quiet = await watch(server.url, Promise.resolve(), 200);
  print(`${"quiet".padEnd(40)} live ${show(quiet.live).padEnd(24)} call ${show(quiet.call)}`);
  for (const [name, operation, tokens, filling] of kinds) {
    const body = Buffer.from(`{${JSON.stringify(tokens).slice(1, -1)},${filling(size)}}`);
    const start = performance.now();
    const work = flood(server.url, operation, body, callers);
    const { live, call } = await watch(server.url, work);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    print(`${name.padEnd(40)} live ${show(live).padEnd(24)} call ${show(call)}  ${await work} in ${seconds} s`);
    print(`${"".padEnd(40)} resident ${memoryOf(server, "VmRSS")} MiB`);
  }
}

async function measureWithheld(server: Running, name: string, tokens: object): Promise<void> {
  const before = memoryOf(server, "VmRSS");
  const body = Buffer.from(`{"a":"${"a".repeat(size)}",${JSON.stringify(tokens).slice(1)}`);
  const head = headOf("configuration/get", body.length + 1);
  const { hostname, port } = new URL(server.url);
  const sockets = Array.from({ length: withheldConnections }, () =>
    connect(Number(port), hostname).on("error", () => undefined),
  );
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  const closed = sockets.map((socket) => once(socket.resume(), "close"));
  for (const socket of sockets) {
    socket.write(head);
    socket.write(body);
  }
  const { live, call } = await watch(server.url, setTimeout(5000), 200);
  const peak = Math.max(before, memoryOf(server, "VmRSS"));
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
  await setTimeout(12_000);
  print(`${name}: resident ${before} MiB, then ${peak} MiB, then ${memoryOf(server, "VmRSS")} MiB`);
  print(`${"".padEnd(40)} live ${show(live).padEnd(24)} call ${show(call)}`);
}

const server = await startInnbox(place, database, "serve");
await measureFloods(server);
await measureWithheld(server, `${withheldConnections} that withhold the last byte`, strangers);
await stop(server);
