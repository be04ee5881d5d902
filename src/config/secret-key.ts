import { databasePlace } from "../core/database-place.ts";
import { keyLength } from "../core/secret-box.ts";

/** A key as it is written down: base64 or hexadecimal digits of 32 bytes. `undefined` for anything else. */
export function parseSecretKey(text: string): Buffer | undefined {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, "hex");
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(text);
  const key = Buffer.from(text, "base64");
  return isBase64 && key.length === keyLength ? key : undefined;
}

/** Beside the file of a SQLite database; for PostgreSQL, beside the default place of such a file. */
export function defaultKeyFile(database: string): string {
  const place = databasePlace(database);
  return place.engine === "sqlite" ? `${place.path}.key` : "data/innbox.key";
}
