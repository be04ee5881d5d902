import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";

/** Where a benchmark keeps what it makes; all of it is gone at the end. */
export interface Place {
  /** For files. */
  readonly folder: string;
  /** Where the key of the installation is. */
  readonly keyFile: string;
  /** The URL of a new database: a file, or with `BENCH_DATABASE` one on that server of PostgreSQL. */
  newDatabase(): Promise<string>;
  remove(): Promise<void>;
}

/** Names a database whose user may make others. */
const server = process.env.BENCH_DATABASE;

export function benchPlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), "innbox-bench-"));
  const names: string[] = [];
  return {
    folder,
    keyFile: join(folder, "innbox.key"),
    newDatabase: async () => {
      const name = `innbox_bench_${randomBytes(4).toString("hex")}`;
      if (!server) return `sqlite:${join(folder, `${name}.db`)}`;
      await tell(server, `CREATE DATABASE ${name}`);
      names.push(name);
      return withName(server, name);
    },
    remove: async () => {
      rmSync(folder, { recursive: true, force: true });
      for (const name of names) await tell(server ?? "", `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

function withName(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = name;
  return changed.href;
}

async function tell(url: string, statement: string): Promise<void> {
  const client = new Client(url);
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
