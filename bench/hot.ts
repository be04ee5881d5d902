import { madeUp } from "../src/cli/seed.ts";
import { systemClock } from "../src/clock.ts";
import { addConversations } from "../src/store/bulk-conversations.ts";
import { migrate } from "../src/store/migrations.ts";
import { openStore } from "../src/store/store.ts";
import { paced } from "./pace.ts";
import { addPartner, type Partner } from "./partners.ts";
import { benchPlace } from "./place.ts";
import { bodiesOf, call, killAll, load, print, quantile, startInnbox, type Tokens } from "./processes.ts";

/**
 * What a busy property costs the quiet ones of the same server: the time that `messageThreads/add` takes at one of
 * 10,000 properties that call now and then, while a partner writes to another as fast as it can by 32 connections, as a
 * multiple of the time without. `BENCH_DATABASE` has it done on PostgreSQL.
 */
const quietProperties = 10_000;
const callsPerSecond = 50;
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 15);
const day = 86_400_000_000;

const operation = "messageThreads/add";
const opening = { OriginalSender: "John Doe", Subject: "Example subject" };

const place = benchPlace();
try {
  const database = await place.newDatabase();
  const { quiet, hot } = await prepare(database);
  const server = await startInnbox(place, database, "serve");
  const bodies = bodiesOf([opening], hot);
  let asked = 0;
  const ask = async () => {
    const before = asked;
    asked += callsPerSecond * seconds;
    return paced(asked - before, callsPerSecond, (index) =>
      quietCall(server.url, quiet[(before + index) % quiet.length]),
    );
  };
  await ask();
  const alone: number[] = [];
  const beside: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    alone.push(...(await ask()));
    // The load warms up for a second, and lasts as long as the calls.
    const busy = load(place, { url: server.url, operation, bodies }, seconds);
    beside.push(...(await ask()));
    rates.push(await busy);
  }
  print(`${quietProperties.toLocaleString("en")} properties with ${callsPerSecond} threads a second in all`);
  print(`alone                      ${timesOf(alone)}`);
  print(`beside one with ${Math.round(quantile(rates, 0.5)).toString().padStart(6)}/s   ${timesOf(beside)}`);
  const ratio = (share: number) => (quantile(beside, share) / quantile(alone, share)).toFixed(2);
  print(`ratio                      median ${ratio(0.5)}, p99 ${ratio(0.99)}`);
} finally {
  killAll();
  await place.remove();
}

/** Every property has had a few threads before, and the hot one many. */
async function prepare(database: string): Promise<{ quiet: readonly Tokens[]; hot: Tokens | undefined }> {
  const store = openStore(database, systemClock);
  try {
    await migrate(store.db, systemClock);
    const to = systemClock();
    const fill = (partner: Partner, threads: number) =>
      addConversations(
        store.db,
        { ...partner, ...madeUp, threads, messagesPerThread: 3, from: to - 80 * day, to },
        () => undefined,
      );
    const many = await addPartner(store, "Quiet", quietProperties);
    await fill(many, quietProperties * 3);
    const one = await addPartner(store, "Hot", 1);
    await fill(one, 20_000);
    return { quiet: many.tokens, hot: one.tokens[0] };
  } finally {
    await store.close();
  }
}

/** How long one takes, in milliseconds. */
async function quietCall(url: string, tokens: Tokens | undefined): Promise<number> {
  const start = performance.now();
  await call(url, operation, bodiesOf([opening], tokens)[0]);
  return performance.now() - start;
}

function timesOf(latencies: readonly number[]): string {
  const time = (share: number) => `${quantile(latencies, share).toFixed(1)} ms`;
  return `median ${time(0.5)}, p99 ${time(0.99)}`;
}
