import { systemClock } from "../src/clock.ts";
import { uuidv7Source } from "../src/identifiers.ts";
import { demoTokens, seedDemoWorld } from "../src/sandbox/demo-world.ts";
import { findAccess } from "../src/store/access.ts";
import { claimInstallation } from "../src/store/installation.ts";
import { migrate } from "../src/store/migrations.ts";
import { openStore } from "../src/store/store.ts";
import { writeGroup } from "../src/store/write-group.ts";
import { applyWrite } from "../src/store/writes.ts";
import { tokenDigest } from "../src/tokens.ts";

const threadsPerTransaction = 1000;
/** All threads fit into one interval of a list. */
const span = 80 * 86_400_000_000;

export interface Seeded {
  /** The newest thread. */
  readonly threadId: string;
  /** The creation of the first and the last thread, in microseconds since 1970. */
  readonly from: number;
  readonly to: number;
}

/** A sandbox database with `count` threads of client 1 at its primary property, spread evenly over the last 80 days. */
export async function seedThreads(url: string, count: number): Promise<Seeded> {
  const store = openStore(url, systemClock);
  await migrate(store.db, systemClock);
  await claimInstallation(store.db, "sandbox");
  await seedDemoWorld({ store, clock: systemClock, newIdentifier: uuidv7Source(systemClock) });
  const access = await findAccess(store.db, tokenDigest(demoTokens.ClientToken), tokenDigest(demoTokens.AccessToken));
  if (!access) throw new Error("The demo world is missing.");

  const enterpriseId = access.primary_enterprise_id;
  const scope = { clientId: access.client_id, enterpriseIds: [enterpriseId] };
  const from = systemClock() - span;
  let now = from;
  const clock = () => now;
  const newIdentifier = uuidv7Source(clock);
  let threadId = "";
  for (let done = 0; done < count; done += threadsPerTransaction) {
    await store.db.transaction(async (transaction) => {
      const group = writeGroup(transaction, clock);
      for (let index = done; index < Math.min(done + threadsPerTransaction, count); index += 1) {
        now += Math.floor(span / count);
        threadId = newIdentifier();
        const thread = { id: threadId, originalSender: `Guest ${index}`, subject: "A question about my stay" };
        await applyWrite(group, { kind: "openThread", scope, enterpriseId, ...thread });
      }
      await group.save();
    });
  }
  store.close();
  return { threadId, from, to: now };
}
