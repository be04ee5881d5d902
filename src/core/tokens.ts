import { hash, randomBytes } from "node:crypto";

/** A new client or access token: 256 random bits, printed like the published ones. Shown once, never stored. */
export function newToken(): string {
  const digits = randomBytes(32).toString("hex").toUpperCase();
  return `${digits.slice(0, 32)}-${digits.slice(32)}`;
}

/** What is stored of a token. Tokens are random, so a plain digest can't be searched for them. */
export function tokenDigest(token: string): Buffer {
  return hash("sha256", token, "buffer");
}

/** A text without the tokens in it, for what others send back. */
export function withoutTokens(text: string): string {
  return text.replaceAll(/[0-9A-F]{32}-[0-9A-F]{32}/gi, "(hidden)");
}

/** The secret of a session or of a link that is good once: 256 random bits, as addresses and cookies may hold them. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}
