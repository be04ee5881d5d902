import { setTimeout } from "node:timers/promises";
import { days, systemClock } from "../src/core/clock.ts";
import { nilIdentifier } from "../src/core/identifiers.ts";
import type { View } from "../src/protocol/staff/inbox.ts";
import { parseSearch } from "../src/staff/search/query.ts";
import type { Db } from "../src/store/db.ts";
import { inboxCounts } from "../src/store/lists/inbox-counts.ts";
import { type InboxPage, inboxPage, inboxRows } from "../src/store/lists/inbox-threads.ts";
import { itemPage } from "../src/store/lists/thread-items.ts";
import { unreadAmong } from "../src/store/lists/thread-readings.ts";
import { logNumbers } from "../src/store/log/property-log.ts";
import type { PropertyScope } from "../src/store/scope.ts";
import { search } from "../src/store/search/search.ts";
import { indexSome } from "../src/store/search/search-index.ts";
import type { Store } from "../src/store/store.ts";
import { addConversations } from "../src/store/writing/bulk-conversations.ts";
import { addPartner, addProperties } from "./load/partners.ts";
import { benchPlace } from "./load/place.ts";
import { print, quantile } from "./load/processes.ts";
import { spoken, wordOf } from "./load/search-texts.ts";
import { filled } from "./load/seed.ts";

/**
 * How long lists, threads and searches take at the server, where there are so many threads: `BENCH_THREADS`, with `BENCH_MESSAGES` in each,
 * over a year and `BENCH_PROPERTIES`, of which the first has half. `BENCH_DATABASE` has it done on PostgreSQL.
 */
const threads = Number(process.env.BENCH_THREADS ?? 1_000_000);
const messagesPerThread = Number(process.env.BENCH_MESSAGES ?? 10);
const properties = Number(process.env.BENCH_PROPERTIES ?? 20);
const rounds = Number(process.env.BENCH_ROUNDS ?? 40);
/** At most, for 19 of 20: what is looked at, and what is looked for, in milliseconds. */
const mostToShow = 50;
const mostToFind = 300;
const year = days(365);

/** How many entries one transaction of the index takes, where no request is to be served. */
const together = 200;

const views: readonly View[] = ["Awaiting", "Open", "Unassigned", "All"];

/** Somebody who has read nothing yet. */
const person = { userId: nilIdentifier, joined: 0 };

await using place = benchPlace();
await filled(await place.newDatabase(), async (store) => {
  const enterpriseIds = await addProperties(store, properties);
  await seed(store, enterpriseIds);
  await index(store, enterpriseIds);
  await measure(store, enterpriseIds);
});

async function seed(store: Store, enterpriseIds: readonly string[]): Promise<void> {
  const { db } = store;
  const { clientId } = await addPartner(store, "Client", enterpriseIds);
  const to = systemClock();
  const plan = { clientId, ...spoken, messagesPerThread, from: to - year, to };
  const [first = "", ...others] = enterpriseIds;
  await timed("seeded", async () => {
    const half = others.length > 0 ? Math.ceil(threads / 2) : threads;
    await addConversations(db, { ...plan, enterpriseIds: [first], threads: half }, () => undefined);
    if (half === threads) return;
    await addConversations(db, { ...plan, enterpriseIds: others, threads: threads - half }, () => undefined);
  });
}

async function index({ db }: Store, enterpriseIds: readonly string[]): Promise<void> {
  await timed("indexed", async () => {
    for (const id of enterpriseIds) while (await indexSome(db, id, together));
  });
  if (db.engine === "postgres") await db.transaction((transaction) => transaction.script("ANALYZE"));
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const begin = performance.now();
  await work();
  const seconds = (performance.now() - begin) / 1000;
  const rate = Math.round((threads * (messagesPerThread + 1)) / seconds).toLocaleString("en");
  print(`${threads.toLocaleString("en")} threads ${what} in ${Math.round(seconds)} s, ${rate} entries a second`);
}

/** What is typed, in the round of a number. */
function queries(): Readonly<Record<string, (round: number) => string>> {
  const day = (round: number) => new Date(Date.now() - round * 8 * 86_400_000).toISOString().slice(0, 10);
  return {
    "common word": (round) => `${wordOf(round % 10)} `,
    "usual word": (round) => `${wordOf(300 + round * 7)} `,
    "rare word": (round) => `${wordOf(20_000 + round * 500)} `,
    "word that is in no message": (round) => `${wordOf(60_000_000 + round)} `,
    "two common words": (round) => `${wordOf(round % 10)} ${wordOf(10 + (round % 10))} `,
    "common and rare word": (round) => `${wordOf(round % 10)} ${wordOf(20_000 + round * 500)} `,
    "two usual words": (round) => `${wordOf(100 + round)} ${wordOf(200 + round)} `,
    "beginning of a word, 2": (round) => wordOf(round).slice(0, 2),
    "beginning of a word, 4": (round) => wordOf(3000 + round * 11).slice(0, 4),
    "word and beginning": (round) => `${wordOf(20 + round)} ${wordOf(500 + round).slice(0, 3)}`,
    phrase: (round) => `"${wordOf(round % 10)} ${wordOf((round + 3) % 20)}"`,
    "rare phrase": (round) => `"${wordOf(1000 + round)} ${wordOf(2000 + round)}"`,
    "from:": (round) => `from:${wordOf(round * 120)} `,
    "from: and word": (round) => `from:${wordOf(round * 120)} ${wordOf(round % 20)} `,
    "word, is:open": (round) => `${wordOf(round % 20)} is:open`,
    "word, is:resolved": (round) => `${wordOf(round % 20)} is:resolved`,
    "word, is:mine": (round) => `${wordOf(round % 20)} is:mine`,
    "word, before:": (round) => `${wordOf(round % 20)} before:${day(round)}`,
    "before:": (round) => `before:${day(round)}`,
  };
}

async function measure({ db }: Store, all: readonly string[]): Promise<void> {
  for (const [name, enterpriseIds] of Object.entries({ "one property": all.slice(0, 1), "all properties": all })) {
    const scope = { clientId: null, enterpriseIds };
    print(`\n${name.padEnd(28)}  median     p95  slowest  found  cut short`);
    for (const view of views) {
      await measureOne(`list of 50: ${view}`, mostToShow, async () => {
        const rows = await db.snapshot(async (reader) => {
          const page = await inboxPage(reader, scope, person.userId, view, 50);
          await unreadAmong(reader, person, page.rows);
          return page.rows;
        });
        return { found: rows.length, isComplete: true };
      });
    }
    await measureOne("counts", mostToShow, async () => {
      const counts = await inboxCounts(db, scope, person.userId);
      return { found: counts.length, isComplete: true };
    });
    const ids = await someThreads(db, scope);
    await measureOne("open a thread", mostToShow, async (round) => {
      const items = await db.snapshot(async (reader) => {
        const [thread] = await inboxRows(reader, scope, [ids[(round * 7) % ids.length] ?? ""]);
        if (!thread) throw new Error("The thread is gone.");
        await unreadAmong(reader, person, [thread]);
        await logNumbers(reader, scope);
        return (await itemPage(reader, thread, 50)).items;
      });
      return { found: items.length, isComplete: true };
    });
    for (const [query, typed] of Object.entries(queries())) {
      await measureOne(query, mostToFind, async (round) => {
        const { hits, isComplete } = await search(db, scope, person.userId, parseSearch(typed(round)), 20);
        return { found: hits.length, isComplete };
      });
    }
  }
}

/** From all over the list. */
async function someThreads(db: Db, scope: PropertyScope): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < 50; pages += 1) {
    const page: InboxPage = await inboxPage(db, scope, person.userId, "All", 200, cursor);
    ids.push(...page.rows.map(({ id }) => id));
    cursor = page.cursor;
    if (cursor === null) break;
  }
  return ids;
}

async function measureOne(
  name: string,
  most: number,
  work: (round: number) => Promise<{ readonly found: number; readonly isComplete: boolean }>,
): Promise<void> {
  const times: number[] = [];
  let found = 0;
  let cut = 0;
  // Connections and plans are there in a server that has been asked before.
  await work(rounds);
  for (let round = 0; round < rounds; round += 1) {
    const begin = performance.now();
    const outcome = await work(round);
    times.push(performance.now() - begin);
    found += outcome.found;
    cut += outcome.isComplete ? 0 : 1;
    await setTimeout(1);
  }
  const shown = [0.5, 0.95, 1].map((share) => `${quantile(times, share).toFixed(1)} ms`.padStart(9)).join("");
  const verdict = quantile(times, 0.95) > most ? `  MISSED: over ${most} ms` : "";
  print(`${name.padEnd(27)}${shown}${(found / rounds).toFixed(1).padStart(7)}${String(cut).padStart(11)}${verdict}`);
  if (verdict) process.exitCode = 1;
}
