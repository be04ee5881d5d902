import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import type { TestContext } from "node:test";
import { eventually, otherClient } from "../postgres/nodes.ts";
import { databaseFile } from "../server/server.ts";
import { isOnPostgres } from "./engine.ts";
import { tablesOf } from "./lived-in.ts";

/** A database whose lock for writing another program holds. */
export interface HeldDatabase {
  /** Lets go of it, and resolves when everything that waited for it has ended. */
  release(): Promise<void>;
}

/** @param drained  resolves when every transaction that the server on a file has begun so far has ended */
export async function holdDatabase(
  t: TestContext,
  url: string,
  drained: () => Promise<unknown>,
): Promise<HeldDatabase> {
  return isOnPostgres ? holdTables(t, url) : holdFile(t, url, drained);
}

async function holdFile(t: TestContext, url: string, drained: () => Promise<unknown>): Promise<HeldDatabase> {
  const holder = new DatabaseSync(databaseFile(url));
  t.after(() => holder.close());
  holder.exec("PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE");
  return {
    release: async () => {
      holder.exec("ROLLBACK");
      await drained();
    },
  };
}

/** Everybody else may read the tables, but neither write to them nor lock rows. */
async function holdTables(t: TestContext, url: string): Promise<HeldDatabase> {
  const holder = await otherClient(t, url);
  const names = await tablesOf(url);
  await holder.query("BEGIN");
  await holder.query(`LOCK TABLE ${names.join(", ")} IN EXCLUSIVE MODE`);
  return {
    release: async () => {
      await holder.query("ROLLBACK");
      await eventually("The end of what waited", async () => {
        const { rows } = await holder.query<{ count: number }>(
          `SELECT count(*)::int AS count FROM pg_stat_activity
           WHERE datname = current_database() AND application_name = 'innbox' AND state <> 'idle'`,
        );
        return rows[0]?.count === 0 ? true : undefined;
      });
    },
  };
}

/** One operation of an API, and how to ask for it. */
export interface Asking {
  readonly name: string;
  readonly ask: () => Promise<{ readonly status: number; readonly text: string }>;
}

/** How many are asked for at once: fewer than a server has connections for. */
const atOnce = 4;

/**
 * Asks for every operation while the database is held, and sees to it that each one that writes is answered 408.
 * @param isReading  whether the operation of a name writes nothing, and so may be answered all the same
 */
export async function askWhileHeld(askings: readonly Asking[], isReading: (name: string) => boolean): Promise<void> {
  for (let index = 0; index < askings.length; index += atOnce) {
    const answers = askings.slice(index, index + atOnce).map(async ({ name, ask }) => ({ name, ...(await ask()) }));
    for (const { name, status, text } of await Promise.all(answers)) {
      // A read may come too late as well.
      const expected = isReading(name) ? [200, 408] : [408];
      assert.ok(expected.includes(status), `${name} was answered ${status}: ${text}`);
    }
  }
}
