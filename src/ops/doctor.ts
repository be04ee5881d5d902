import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Config, type Environment, type Flags, readConfig } from "../config/config.ts";
import { systemClock } from "../core/clock.ts";
import { databasePlace } from "../core/database-place.ts";
import { Problem } from "../core/problem.ts";
import { operatorSentence, withWayOut } from "../core/ways-out.ts";
import { mustBeWhole } from "../store/copy/progress.ts";
import type { Db } from "../store/db.ts";
import { isSecretKeyClaimed } from "../store/directory/installation.ts";
import { lossySettings } from "../store/engines/durability.ts";
import { findDamage } from "../store/engines/integrity.ts";
import { hasNoTables, pendingMigrations } from "../store/migrations/migrations.ts";
import { openStore } from "../store/store.ts";
import { openSecretBox } from "./secret-key.ts";

/** What one look found, and how to mend it. */
export interface Finding {
  readonly subject: string;
  readonly isWell: boolean;
  readonly text: string;
}

/** Below this the disk is said to be short of space, in bytes. */
const leastFreeSpace = 512 * 1024 * 1024;

/** Looks at everything that a server needs, changing nothing. */
export async function examine(flags: Flags, environment: Environment): Promise<Finding[]> {
  try {
    const config = readConfig(flags, environment);
    const place = databasePlace(config.database);
    const configuration = { subject: "configuration", isWell: true, text: "Every setting is valid." };
    if (place.engine === "postgres") return [configuration, ...(await examineDatabase(config))];
    const { path } = place;
    return [configuration, examineFolder(path), examineSpace(path), ...(await examineFile(config, path))];
  } catch (error) {
    // A line for each wrong setting.
    return sentenceOf(error)
      .split("\n")
      .map((text) => ({ subject: "configuration", isWell: false, text }));
  }
}

function examineFolder(path: string): Finding {
  const folder = existingFolder(path);
  if (!statSync(folder).isDirectory()) {
    return { subject: "folder", isWell: false, text: `${folder} is no folder. Name another place with --database.` };
  }
  try {
    accessSync(folder, constants.W_OK);
    return { subject: "folder", isWell: true, text: `${folder} may be written to.` };
  } catch {
    const text = `${folder} may not be written to. Change its owner, or name another place with --database.`;
    return { subject: "folder", isWell: false, text };
  }
}

function examineSpace(path: string): Finding {
  const { bavail, bsize } = statfsSync(existingFolder(path));
  const free = bavail * bsize;
  const size = `${Math.round(free / 1024 ** 2).toLocaleString("en")} MiB`;
  if (free >= leastFreeSpace) return { subject: "disk", isWell: true, text: `${size} are free.` };
  return { subject: "disk", isWell: false, text: `Only ${size} are free. Make room before writes are refused.` };
}

async function examineFile(config: Config, path: string): Promise<Finding[]> {
  if (!existsSync(path)) {
    return [{ subject: "database", isWell: true, text: `${path} does not exist yet; the first start makes it.` }];
  }
  // To open it would make it a database.
  if (statSync(path).size === 0) return [emptyFinding(`${path} has 0 bytes.`)];
  return examineDatabase(config);
}

/** Nobody can tell a new database from a copy that came to nothing. */
function emptyFinding(what: string): Finding {
  const text =
    `${what} If it is to be a copy, that has failed, as it does when the file of a running server is copied without its ` +
    "-wal file: make a backup as docs/operating.md says, and restore that. If it is new, the first start fills it, or " +
    "innbox migrate.";
  return { subject: "database", isWell: false, text };
}

async function examineDatabase(config: Config): Promise<Finding[]> {
  try {
    const store = openStore(config.database, systemClock, config);
    try {
      const content = await examineContent(store.db);
      if (!content.isWell) return [content];
      if (await hasNoTables(store.db)) return [emptyFinding("The database has no tables.")];
      const schema = await examineSchema(store.db);
      const findings = [schema, content, ...(await examineDurability(store.db))];
      if (!schema.isWell) return findings;
      return [...findings, ...(await examineCopy(store.db)), await examineSecrets(config, store.db)];
    } finally {
      await store.close();
    }
  } catch (error) {
    const text = config.database.startsWith("sqlite:") ? sentenceOf(error) : operatorSentence(error);
    return [{ subject: "database", isWell: false, text }];
  }
}

async function examineSchema(db: Db): Promise<Finding> {
  const pending = await pendingMigrations(db, db.engine);
  if (pending.length === 0) return { subject: "schema", isWell: true, text: "The schema is up to date." };
  return {
    subject: "schema",
    isWell: false,
    text: `The schema is of an older version. Missing: ${pending.join(", ")}. Run innbox migrate.`,
  };
}

async function examineContent(db: Db): Promise<Finding> {
  const damage = await findDamage(db);
  if (!damage) return { subject: "content", isWell: true, text: "Every page and every reference is intact." };
  const text = `The database is damaged: ${damage}. Stop the server, keep a copy of the file, and restore a backup.`;
  return { subject: "content", isWell: false, text };
}

/** A database that a copy is being made into is not one to serve yet. */
async function examineCopy(db: Db): Promise<Finding[]> {
  try {
    await mustBeWhole(db);
    return [];
  } catch (error) {
    return [{ subject: "copy", isWell: false, text: sentenceOf(error) }];
  }
}

async function examineDurability(db: Db): Promise<Finding[]> {
  if (db.engine === "sqlite") return [];
  const subject = "durability";
  const settings = await lossySettings(db);
  if (settings.length === 0) return [{ subject, isWell: true, text: "Commits are on the disk before they count." }];
  const text = `PostgreSQL has ${settings.join(" and ")} off: what was acknowledged may be lost. Turn it on.`;
  return [{ subject, isWell: false, text }];
}

/** Nothing is made here: there is a key file once secrets were sealed, or it is missing. */
async function examineSecrets(config: Config, db: Db): Promise<Finding> {
  const subject = "secrets";
  if (!(await isSecretKeyClaimed(db))) return { subject, isWell: true, text: "Nothing is sealed yet." };
  try {
    await openSecretBox(config, db);
    return { subject, isWell: true, text: "The key is the one that secrets were sealed with." };
  } catch (error) {
    return { subject, isWell: false, text: sentenceOf(error) };
  }
}

function existingFolder(path: string): string {
  let folder = resolve(dirname(path));
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}

function sentenceOf(error: unknown): string {
  if (error instanceof Problem) return withWayOut(error);
  return error instanceof Error ? error.message : String(error);
}
