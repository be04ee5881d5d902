import type { queries as copy } from "../../../../src/store/copy/copy.ts";
import type { queries as progress } from "../../../../src/store/copy/progress.ts";
import type { queries as durability } from "../../../../src/store/engines/durability.ts";
import type { queries as integrity } from "../../../../src/store/engines/integrity.ts";
import type { queries as migrations } from "../../../../src/store/migrations/migrations.ts";
import { another, nothing, now, type Samples } from "./samples.ts";

const progressSamples: Samples<typeof progress> = {
  progress: nothing,
  lockProgress: nothing,
  lockInstallation: nothing,
  isUsed: nothing,
  begin: () => ({ source: "source" }),
  advance: () => ({ table: "message", key: "[]", rows: 1 }),
  end: nothing,
};

const copySamples: Samples<Omit<typeof copy, "count" | "any">> = { deliveries: nothing, analyze: nothing };

const durabilitySamples: Samples<typeof durability> = { switchedOff: nothing };

const integritySamples: Samples<typeof integrity> = {
  integrity: nothing,
  tables: nothing,
  quickCheck: () => ({ table: "client" }),
  foreignKeys: nothing,
  logTable: nothing,
  orphans: nothing,
  logs: nothing,
};

const migrationSamples: Samples<typeof migrations> = {
  applied: nothing,
  insert: () => ({ number: another, name: "another", checksum: "", applied: now }),
  newest: nothing,
  setRunsWith: () => ({ number: 1, runsWith: 1 }),
  createTable: nothing,
  table: nothing,
  anyTable: nothing,
  lock: nothing,
  unpartitioned: nothing,
  partitions: nothing,
};

/** Of queries that are about a database as a whole. */
export const wholeDatabase = {
  "copy/copy": copySamples,
  "copy/progress": progressSamples,
  "engines/durability": durabilitySamples,
  "engines/integrity": integritySamples,
  "migrations/migrations": migrationSamples,
};
