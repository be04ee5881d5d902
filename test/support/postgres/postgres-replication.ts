import pg from "pg";
import type { Scope } from "../run/scope.ts";
import { startPostgres } from "./postgres.ts";
import type { PostgresServer } from "./postgres-server.ts";

export interface ReplicatedPostgres {
  /** The URL of both, the primary first: several hosts, as libpq takes them and `new URL` does not. */
  readonly url: string;
  readonly primary: PostgresServer;
  readonly standby: StandbyServer;
}

export interface StandbyServer extends PostgresServer {
  /** Makes it a primary that waits for no standby. Resolves when it takes writes. */
  promote(): Promise<void>;
}

/**
 * Starts a primary and a synchronous standby, which have what the primary has acknowledged before it is. Both are gone
 * when the test ends. The primary acknowledges nothing while the standby does not run.
 */
export async function startReplicated(scope: Scope): Promise<ReplicatedPostgres> {
  const primary = await startPostgres(scope, {
    // What the standby needs to catch up from a copy of the empty data folder.
    settings: { synchronous_standby_names: "standby", wal_keep_size: "64MB" },
  });
  const standby = await startPostgres(scope, {
    isStandby: true,
    settings: {
      primary_conninfo: `host=127.0.0.1 port=${primary.port} user=postgres application_name=standby`,
      wal_retrieve_retry_interval: "20ms",
    },
  });
  await query(primary, waitUntilSynchronous);
  return {
    url: `postgres://postgres@127.0.0.1:${primary.port},127.0.0.1:${standby.port}/postgres`,
    primary,
    standby: { ...standby, promote: () => query(standby, "SELECT pg_promote()") },
  };
}

/** The server waits, not the test. */
const waitUntilSynchronous = `DO $$
BEGIN
  WHILE NOT EXISTS (SELECT FROM pg_stat_replication WHERE sync_state = 'sync') LOOP
    PERFORM pg_stat_clear_snapshot(), pg_sleep(0.01);
  END LOOP;
END $$`;

async function query({ url }: PostgresServer, text: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
