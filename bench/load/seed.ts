import { madeUp, makeSandbox, ownPlace } from "../../src/cli/commands/seed.ts";
import { days, type Microseconds, systemClock } from "../../src/core/clock.ts";
import { uuidv7Source } from "../../src/core/identifiers.ts";
import { migrate } from "../../src/store/migrations/migrations.ts";
import { openStore, type Store } from "../../src/store/store.ts";
import { addConversations } from "../../src/store/writing/bulk-conversations.ts";

/** All threads fit into one interval of a list. */
const span = days(80);

const messagesPerThread = 3;

export interface Seeded {
  readonly from: Microseconds;
  readonly to: Microseconds;
}

/** Has `work` fill a database, whose schema is the newest by then. */
export async function filled<T>(url: string, work: (store: Store) => Promise<T>): Promise<T> {
  const store = openStore(url, systemClock);
  try {
    await migrate(store.db, systemClock);
    return await work(store);
  } finally {
    await store.close();
  }
}

/** A sandbox with so many threads of client 1 at its primary property, over the last 80 days, as innbox seed makes it. */
export function seedThreads(url: string, threads: number): Promise<Seeded> {
  return filled(url, async (store) => {
    const parts = { store, clock: systemClock, newIdentifier: uuidv7Source(systemClock) };
    await makeSandbox(parts);
    const to = systemClock();
    const plan = { ...(await ownPlace(parts)), ...madeUp, threads, messagesPerThread, from: to - span, to };
    await addConversations(store.db, plan, () => undefined);
    return { from: plan.from, to };
  });
}
