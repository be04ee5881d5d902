import { systemClock } from "../../../src/core/clock.ts";
import { uuidv7Source } from "../../../src/core/identifiers.ts";
import { seedDemoWorld } from "../../../src/sandbox/demo/demo-world.ts";
import { claimInstallation } from "../../../src/store/directory/installation.ts";
import { migrate } from "../../../src/store/migrations/migrations.ts";
import { openDatabase, openStore } from "../../../src/store/store.ts";
import { postgresDatabase, postgresTemplate } from "../postgres/postgres.ts";
import type { Scope } from "../run/scope.ts";

/** What the tests of this run keep things in: files of SQLite, or databases on the run's PostgreSQL. */
export const isOnPostgres = process.env.INNBOX_TEST_ENGINE === "postgres";

/** Whether random tests try a part of what they do in a whole run, as in `npm test`. */
const isQuick = process.env.INNBOX_TEST_RUNS === "few";

/** How many random runs a test has: what they look for is the same on both engines, and PostgreSQL takes its time. */
export function runs(count: number): number {
  return isOnPostgres || isQuick ? Math.ceil(count / 3) : count;
}

/** More than one, so that properties are apart, and few, since every test has tables of its own. */
const partitions = 3;

/** The URL of a PostgreSQL database with Innbox's tables and nothing in them. */
export async function migratedDatabase(t: Scope): Promise<string> {
  const template = await postgresTemplate("innbox", async (url) => {
    const db = openDatabase(url);
    await migrate(db, systemClock, partitions);
    await db.close();
  });
  return postgresDatabase(t, template);
}

/** The same with the demo world in it, as a sandbox would make it at its first start. */
export async function sandboxDatabase(t: Scope): Promise<string> {
  const template = await postgresTemplate("sandbox", async (url) => {
    const store = openStore(url, systemClock);
    await migrate(store.db, systemClock, partitions);
    await claimInstallation(store.db, "sandbox");
    await seedDemoWorld({ store, clock: systemClock, newIdentifier: uuidv7Source(systemClock) });
    await store.close();
  });
  return postgresDatabase(t, template);
}

/** A key of the run's own, where there is no file to keep one beside. */
export const environment: Readonly<Record<string, string>> = isOnPostgres ? { INNBOX_SECRET_KEY: "42".repeat(32) } : {};
