import { randomBytes, randomUUID } from "node:crypto";
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { Config } from "../config/config.ts";
import { defaultKeyFile, parseSecretKey } from "../config/secret-key.ts";
import { unavailable } from "../core/problem.ts";
import { keyLength, type SecretBox, secretBox } from "../core/secret-box.ts";
import type { Db } from "../store/db.ts";
import { claimSecretKey, isSecretKeyClaimed } from "../store/directory/installation.ts";

/** Where the key of an installation is. */
type SecretKeyPlace = Pick<Config, "database" | "secretKey" | "secretKeyFile">;

/**
 * Opens the secrets of an installation, with its key or that in its key file.
 * @throws Problem (unavailable) when there is no usable key, or the database's secrets were sealed with another one
 */
export async function openSecretBox(place: SecretKeyPlace, db: Db): Promise<SecretBox> {
  const file = place.secretKeyFile ?? defaultKeyFile(place.database);
  // Asked before the file is looked for: a process that claims the database has made the key file before it does.
  const isClaimed = await isSecretKeyClaimed(db);
  const box = secretBox(place.secretKey ?? readOrMakeKeyFile(file, isClaimed));
  await claimSecretKey(db, box.keyCheck);
  return box;
}

/**
 * The key in a file, which is made, readable by its owner only, when there is none and nothing was sealed with one.
 * @throws Problem (unavailable), with the way out, when it can't be read or made
 */
function readOrMakeKeyFile(path: string, isClaimed: boolean): Buffer {
  const isMissing = !existsSync(path);
  if (isMissing && isClaimed) {
    throw unavailable(
      `The key file ${path} is missing, and secrets in the database were sealed with its key.`,
      undefined,
      { code: "secretKeyMissing" },
    );
  }
  try {
    if (isMissing) makeKeyFile(path);
    const key = parseSecretKey(readFileSync(path, "utf8").trim());
    if (key) return key;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw unavailable(`The key file ${path} can't be used (${reason}).`, error, { code: "secretKeyUnusable" });
  }
  throw unavailable(`The key file ${path} must hold base64 of ${keyLength} bytes, and nothing else.`);
}

/** Has the file's name outlast a power cut, as the database does whose secrets its key seals. */
function flushFolder(path: string): void {
  const folder = openSync(path, "r");
  fsyncSync(folder);
  closeSync(folder);
}

/**
 * Writes a key under another name and links the file once it is whole. Of two processes that start at once, the second
 * finds the name taken and uses the first one's key.
 */
function makeKeyFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, `${randomBytes(keyLength).toString("base64")}\n`, { mode: 0o600, flag: "wx", flush: true });
  try {
    linkSync(draft, path);
    flushFolder(dirname(path));
  } catch (error) {
    if (!existsSync(path)) throw error;
  } finally {
    rmSync(draft);
  }
}
