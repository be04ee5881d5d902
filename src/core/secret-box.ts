import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { unavailable } from "./problem.ts";

/** Seals what must be stored so that it can be read again, such as the secrets that sign webhooks. */
export interface SecretBox {
  /** `context` says what it belongs to: it can't be opened as anything else's. */
  seal(text: string, context: string): Uint8Array;
  /** @throws Problem (unavailable) when it was sealed with another key or context, or was changed */
  open(sealed: Uint8Array, context: string): string;
  /** A digest that nobody can compare guesses with who lacks the key. `context` says what it is of. */
  digest(text: string, context: string): Uint8Array;
  /** Tells keys apart without telling the key. */
  readonly keyCheck: Uint8Array;
}

/** The length of a key, in bytes. */
export const keyLength = 32;

const nonceLength = 12;
const tagLength = 16;

/** AES-256-GCM; what is sealed is the nonce, the tag and the text. */
export function secretBox(key: Uint8Array): SecretBox {
  const digestKey = createHmac("sha256", key).update("Innbox digests").digest();
  return {
    digest: (text, context) =>
      createHmac("sha256", digestKey)
        .update(JSON.stringify([context, text]))
        .digest(),
    seal: (text, context) => {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context));
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
    },
    open: (sealed, context) => {
      const nonce = sealed.subarray(0, nonceLength);
      const tag = sealed.subarray(nonceLength, nonceLength + tagLength);
      try {
        const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagLength });
        decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
        return Buffer.concat([decipher.update(sealed.subarray(nonceLength + tagLength)), decipher.final()]).toString();
      } catch (error) {
        throw unavailable("A secret can't be opened with this installation's key.", error);
      }
    },
    keyCheck: createHmac("sha256", key).update("Innbox secret key check").digest().subarray(0, 16),
  };
}
