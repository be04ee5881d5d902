import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { days } from "../src/core/clock.ts";
import { formatDateTime } from "../src/protocol/date-time.ts";
import { benchPlace } from "./load/place.ts";
import {
  bodiesOf,
  compared,
  load,
  memoryOf,
  nodeFlags,
  post,
  print,
  type Running,
  rateOfProcess,
  start,
  startInnbox,
  stop,
} from "./load/processes.ts";
import { newestThreads } from "./load/sample.ts";
import { type Seeded, seedThreads } from "./load/seed.ts";

/**
 * Requests per second of the real server as a share of a bare one's, in one run on one machine: both answer the same
 * bytes, each in a process of its own, to load from a third. Then writes as a share of what the store carries without
 * HTTP. `BENCH_DATABASE` has it done on PostgreSQL.
 */
const threads = Number(process.env.BENCH_THREADS ?? 100_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const day = days(1);

interface Scenario {
  readonly name: string;
  readonly operation: string;
  readonly body: object;
  /** The share of the bare server's rate that must be reached: on SQLite, and on PostgreSQL, which needs its own part. */
  readonly floors: readonly [sqlite: number, postgres: number];
}

const opening = { OriginalSender: "John Doe", Subject: "Example subject" };

function scenarios({ to }: Seeded, threadId: string): Scenario[] {
  const interval = { StartUtc: formatDateTime(to - 60 * day), EndUtc: formatDateTime(to + day) };
  const getAll = (count: number, filter: object) => ({ ...filter, Limitation: { Count: count } });
  return [
    { name: "messageThreads/add", operation: "messageThreads/add", body: opening, floors: [0.5, 0.25] },
    {
      name: "messages/add of one",
      operation: "messages/add",
      body: { Messages: [{ MessageThreadId: threadId, Text: "I will arrive late tonight" }] },
      floors: [0.45, 0.15],
    },
    {
      name: "messageThreads/getAll of 10",
      operation: "messageThreads/getAll",
      body: getAll(10, { CreatedUtc: interval }),
      floors: [0.5, 0.25],
    },
    {
      name: "messageThreads/getAll of 1,000",
      operation: "messageThreads/getAll",
      body: getAll(1000, { CreatedUtc: interval }),
      floors: [0.25, 0.2],
    },
    {
      name: "getAll of 10 by UpdatedUtc",
      operation: "messageThreads/getAll",
      body: getAll(10, { UpdatedUtc: interval }),
      floors: [0, 0],
    },
    {
      name: "messages/getAll of 1,000",
      operation: "messages/getAll",
      body: getAll(1000, { MessageThreadIds: [threadId] }),
      floors: [0.25, 0.2],
    },
  ];
}

await using place = benchPlace();
const isOnSqlite = process.env.BENCH_DATABASE === undefined;
const database = await place.newDatabase();
const seeded = await seedThreads(database, threads);
const server = await startInnbox(place, database);
print(`${threads.toLocaleString("en")} threads stored, 32 connections, median of ${rounds} rounds\n`);
const [threadId = ""] = await newestThreads(server.url, seeded, 1);
for (const scenario of scenarios(seeded, threadId)) await compare(server.url, scenario);
await compareWithDirect(server, database);
print(`\nListing ${threads.toLocaleString("en")} threads without Limitation`);
await stop(server);
const fresh = await startInnbox(place, database);
await listEverything(fresh.url, seeded);
print(`Resident memory of the server at its peak: ${memoryOf(fresh, "VmHWM")} MiB`);

async function compare(url: string, { name, operation, body, floors }: Scenario): Promise<void> {
  const floor = floors[isOnSqlite ? 0 : 1];
  const bodies = bodiesOf([body]);
  const answer = join(place.folder, "answer.json");
  writeFileSync(answer, await (await post(url, operation, bodies[0])).text());
  const bare = await start(["bench/load/bare.ts", "--answer", answer]);
  const limit = () => load(place.folder, { url: bare.url, operation, bodies });
  await report(name, floor, limit, () => load(place.folder, { url, operation, bodies }));
  await stop(bare);
}

/**
 * What HTTP, validation and authentication leave of what the same statements reach without them. SQLite has no floor: it
 * works within the process, and without HTTP it is several times as fast as a bare server.
 */
async function compareWithDirect({ url }: Running, database: string): Promise<void> {
  const operation = "messageThreads/add";
  const limit = () => rateOfProcess([...nodeFlags, "bench/load/direct.ts", "--database", database]);
  const bodies = bodiesOf([opening]);
  const reach = () => load(place.folder, { url, operation, bodies, perSecond: Number.POSITIVE_INFINITY });
  print("\nAs a share of the same writes without HTTP");
  await report(operation, isOnSqlite ? 0 : 0.6, limit, reach);
}

async function report(name: string, floor: number, limit: () => Promise<number>, reach: () => Promise<number>) {
  const { ratio, first } = await compared(rounds, reach, limit);
  const verdict = floor === 0 ? "" : `  (floor ${floor.toFixed(2)}${ratio < floor ? ", MISSED" : ""})`;
  print(`${name.padEnd(32)} ${ratio.toFixed(2)}  ${Math.round(first).toString().padStart(6)}/s${verdict}`);
  if (ratio < floor) process.exitCode = 1;
}

async function listEverything(url: string, { from, to }: Seeded): Promise<void> {
  const interval = { StartUtc: formatDateTime(from), EndUtc: formatDateTime(to + day) };
  const begin = performance.now();
  const response = await post(url, "messageThreads/getAll", bodiesOf([{ CreatedUtc: interval }])[0]);
  let bytes = 0;
  for await (const piece of response.body ?? []) bytes += piece.length;
  const seconds = (performance.now() - begin) / 1000;
  print(`${Math.round(bytes / 1e6)} MB in ${seconds.toFixed(1)} s`);
}
