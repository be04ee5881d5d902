import { madeUp } from "../src/cli/commands/seed.ts";
import { days, systemClock } from "../src/core/clock.ts";
import { addConversations } from "../src/store/writing/bulk-conversations.ts";
import { paced } from "./load/pace.ts";
import { addPartner, addProperties, type Partner } from "./load/partners.ts";
import { benchPlace } from "./load/place.ts";
import { bodiesOf, call, load, median, print, quantile, startInnbox, type Tokens } from "./load/processes.ts";
import { filled } from "./load/seed.ts";

/**
 * What a busy property costs the quiet ones: the time that `messageThreads/add` takes at one of 10,000 properties that
 * call now and then, while a partner writes to another property by 32 connections, as a multiple of the time without:
 * ten times as much as all the others, and then as fast as it can, which takes the whole machine. `BENCH_DATABASE` has it done on PostgreSQL, where the partner is asked to call another node too.
 */
const quietProperties = 10_000;
const callsPerSecond = 50;
const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const seconds = Number(process.env.BENCH_SECONDS ?? 15);
const day = days(1);

const hotPerSecond = 10 * callsPerSecond;

const operation = "messageThreads/add";
const opening = { OriginalSender: "John Doe", Subject: "Example subject" };

await using place = benchPlace();
const database = await place.newDatabase();
const { quiet, hot } = await prepare(database);
const server = await startInnbox(place, database, "serve");
const nodes = [{ name: "at the same node", url: server.url }];
if (!database.startsWith("sqlite:")) {
  const other = await startInnbox(place, database, "serve");
  nodes.push({ name: "at another node", url: other.url });
}
const calls = quietCalls(server.url, quiet);
await calls();
print(`${quietProperties.toLocaleString("en")} properties with ${callsPerSecond} threads a second in all\n`);
const loads = nodes.flatMap(({ name, url }) => [
  { name: `${hotPerSecond}/s ${name}`, url, perSecond: hotPerSecond },
  { name: `all it can ${name}`, url, perSecond: Number.POSITIVE_INFINITY },
]);
for (const { name, url, perSecond } of loads) {
  const alone: number[] = [];
  const beside: number[] = [];
  const rates: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    alone.push(...(await calls()));
    // The load warms up for a second, and lasts as long as the calls.
    const busy = load(place.folder, { url, operation, bodies: bodiesOf([opening], hot), seconds, perSecond });
    beside.push(...(await calls()));
    rates.push(await busy);
  }
  const ratio = (share: number) => (quantile(beside, share) / quantile(alone, share)).toFixed(2);
  print(`alone${" ".repeat(24)}${timesOf(alone)}`);
  print(`${name.padEnd(29)}${timesOf(beside)}, with ${Math.round(median(rates))}/s there`);
  print(`ratio${" ".repeat(24)}median ${ratio(0.5)}, p99 ${ratio(0.99)}\n`);
}

/** Every property has had a few threads before, and the hot one many. */
function prepare(database: string): Promise<{ quiet: readonly Tokens[]; hot: Tokens | undefined }> {
  return filled(database, async (store) => {
    const to = systemClock();
    const fill = (partner: Partner, threads: number) =>
      addConversations(
        store.db,
        { ...partner, ...madeUp, threads, messagesPerThread: 3, from: to - 80 * day, to },
        () => undefined,
      );
    const many = await addPartner(store, "Quiet", await addProperties(store, quietProperties));
    await fill(many, quietProperties * 3);
    const one = await addPartner(store, "Hot", await addProperties(store, 1));
    await fill(one, 20_000);
    return { quiet: many.tokens, hot: one.tokens[0] };
  });
}

/** Calls at their times, each at the next property; each of them took so many milliseconds. */
function quietCalls(url: string, quiet: readonly Tokens[]): () => Promise<number[]> {
  let asked = 0;
  return () =>
    paced(callsPerSecond * seconds, callsPerSecond, async () => {
      const [body] = bodiesOf([opening], quiet[asked % quiet.length]);
      asked += 1;
      const start = performance.now();
      await call(url, operation, body);
      return performance.now() - start;
    });
}

function timesOf(latencies: readonly number[]): string {
  const time = (share: number) => `${quantile(latencies, share).toFixed(1)} ms`;
  return `median ${time(0.5)}, p99 ${time(0.99)}`;
}
