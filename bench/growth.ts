import { days } from "../src/core/clock.ts";
import { formatDateTime } from "../src/protocol/date-time.ts";
import { benchPlace } from "./load/place.ts";
import { bodiesOf, compared, load, print, type Running, startInnbox } from "./load/processes.ts";
import { newestThreads, threadsAllOver } from "./load/sample.ts";
import { type Seeded, seedThreads } from "./load/seed.ts";

/**
 * What calls take longer where years of data are: the rate of each at 100,000 threads as a multiple of that at
 * `BENCH_THREADS`, through HTTP by 32 connections. Two servers, of which one waits while the other is asked, take turns,
 * so that whatever else the machine does slows both. `BENCH_DATABASE` has it done on PostgreSQL.
 */
const few = 100_000;
const many = Number(process.env.BENCH_THREADS ?? 1_000_000);
const rounds = Number(process.env.BENCH_ROUNDS ?? 5);
const most = 1.3;
const day = days(1);

/** How many threads take part where a call names some: more than stay in the memory of a page or two. */
const sampled = 1000;

interface Call {
  readonly name: string;
  readonly operation: string;
  readonly bodies: readonly string[];
}

async function callsOf({ url }: Running, seeded: Seeded): Promise<Call[]> {
  const interval = { StartUtc: formatDateTime(seeded.to - 60 * day), EndUtc: formatDateTime(seeded.to + day) };
  const Limitation = { Count: 10 };
  const ids = await threadsAllOver(url, seeded, sampled);
  const tens = ids.flatMap((_, index) => (index % 10 === 0 ? [ids.slice(index, index + 10)] : []));
  const text = "I will arrive late tonight";
  const getAll = "messageThreads/getAll";
  return [
    { name: "list of 10", operation: getAll, bodies: bodiesOf([{ CreatedUtc: interval, Limitation }]) },
    { name: "list of 10 by UpdatedUtc", operation: getAll, bodies: bodiesOf([{ UpdatedUtc: interval, Limitation }]) },
    {
      name: "fetch of 10 by ids",
      operation: getAll,
      bodies: bodiesOf(tens.map((MessageThreadIds) => ({ MessageThreadIds }))),
    },
    {
      name: "messageThreads/add",
      operation: "messageThreads/add",
      bodies: bodiesOf([{ OriginalSender: "John Doe", Subject: "Example subject" }]),
    },
    {
      name: "messages/add of one",
      operation: "messages/add",
      bodies: bodiesOf(ids.map((MessageThreadId) => ({ Messages: [{ MessageThreadId, Text: text }] }))),
    },
  ];
}

await using place = benchPlace();
const small = await prepare(few);
const large = await prepare(many);
print(`\n${"".padEnd(28)}ratio  at ${few.toLocaleString("en")}  at ${many.toLocaleString("en")}`);
for (const [index, call] of small.calls.entries()) {
  const other = large.calls[index];
  if (other) await compare(call.name, rateAt(small, call), rateAt(large, other));
}

type Prepared = Awaited<ReturnType<typeof prepare>>;

async function prepare(threads: number) {
  const database = await place.newDatabase();
  const begin = performance.now();
  const seeded = await seedThreads(database, threads);
  const seconds = (performance.now() - begin) / 1000;
  const rate = Math.round(threads / seconds).toLocaleString("en");
  print(`${threads.toLocaleString("en")} threads seeded in ${Math.round(seconds)} s, ${rate} a second`);
  const server = await startInnbox(place, database);
  // The first list after all that was written.
  await newestThreads(server.url, seeded, 10);
  return { server, calls: await callsOf(server, seeded) };
}

function rateAt({ server }: Prepared, { operation, bodies }: Call): () => Promise<number> {
  return () => load(place.folder, { url: server.url, operation, bodies, seconds: 2 });
}

async function compare(name: string, atFew: () => Promise<number>, atMany: () => Promise<number>): Promise<void> {
  const { ratio, first, second } = await compared(rounds, atFew, atMany);
  const shown = (rate: number) => `${Math.round(rate)}/s`.padStart(10);
  const verdict = ratio > most ? `  MISSED: over ${most}` : "";
  print(`${name.padEnd(28)}${ratio.toFixed(2).padStart(5)}  ${shown(first)}  ${shown(second)}${verdict}`);
  if (ratio > most) process.exitCode = 1;
}
