import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { killAll } from "./processes.ts";

export type Place = ReturnType<typeof benchPlace>;

/** Names a database whose user may make others. */
const server = process.env.BENCH_DATABASE;

/** Where a benchmark keeps what it makes. All of it is gone at the end, and so are the servers that it has started. */
export function benchPlace() {
  const folder = mkdtempSync(join(tmpdir(), "innbox-bench-"));
  const names: string[] = [];
  return {
    folder,
    /** Where the key of the installation is. */
    keyFile: join(folder, "innbox.key"),
    /** @returns the URL of a new database: a file, or with `BENCH_DATABASE` one on that server of PostgreSQL */
    newDatabase: async () => {
      const name = `innbox_bench_${randomBytes(4).toString("hex")}`;
      if (!server) return `sqlite:${join(folder, `${name}.db`)}`;
      await tell(server, `CREATE DATABASE ${name}`);
      names.push(name);
      return Object.assign(new URL(server), { pathname: name }).href;
    },
    [Symbol.asyncDispose]: async () => {
      killAll();
      rmSync(folder, { recursive: true, force: true });
      for (const name of names) await tell(server ?? "", `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
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
