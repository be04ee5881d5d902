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
import { unavailable } from "../core/problem.ts";
import { keyLength, type SecretBox, secretBox } from "../core/secret-box.ts";
import type { Db } from "../store/db.ts";
import { claimSecretKey, isSecretKeyClaimed } from "../store/directory/installation.ts";
import { databasePlace } from "../store/store.ts";

/** A key as it is written down: base64 or hexadecimal digits of 32 bytes. `undefined` for anything else. */
export function parseSecretKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(text);
  const key = Buffer.from(text, "base64");
  return isBase64 && key.length === keyLength ? key : undefined;
}

/** Where the key of an installation is. */
export interface SecretKeyPlace {
  readonly database: string;
  readonly secretKey: Buffer | undefined;
  readonly secretKeyFile: string | undefined;
}

/** Beside the file of a database; for one on other machines, beside where a file would be. */
export function defaultKeyFile(database: string): string {
  const place = databasePlace(database);
  return place.engine === "sqlite" ? `${place.path}.key` : "data/innbox.key";
}

/**
 * Opens the secrets of an installation, with its key or that in its key file.
 * @throws Problem (unavailable) when there is no usable key, or the database's secrets were sealed with another one
 */
export async function openSecretBox(place: SecretKeyPlace, db: Db): Promise<SecretBox> {
  const file = place.secretKeyFile ?? defaultKeyFile(place.database);
  // Asked before the file is looked at: whoever claims a database has made its file by then.
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

/** A database must not outlive a power cut that its key does not. */
function flushFolder(path: string): void {
  const folder = openSync(path, "r");
  fsyncSync(folder);
  closeSync(folder);
}

/** Made whole under another name, and then linked: of two processes that start at once, both use the same one. */
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
