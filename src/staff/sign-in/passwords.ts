import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";

/** What a hash costs: OWASP's recommendation for argon2id, memory in KiB. */
interface Cost {
  readonly memory: number;
  readonly passes: number;
  readonly parallelism: number;
}

const cost: Cost = { memory: 19_456, passes: 2, parallelism: 1 };

const saltLength = 16;
const hashLength = 32;

const compute = promisify((parameters: Argon2Parameters, done: (error: Error | null, hash: Buffer) => void) =>
  argon2("argon2id", parameters, done),
);

/**
 * What is kept of a password: a PHC string, as in `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`. A server takes one of its
 * `turns` first, so that a flood of sign-ins can't take all memory and every thread.
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltLength);
  const hash = await digest(password, salt, hashLength, cost);
  const { memory, passes, parallelism } = cost;
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(hash)}`;
}

/**
 * Whether a password is right. Takes as long for a person who has none, so that the time does not tell.
 * @param kept  as `hashPassword` made it
 */
export async function isPassword(password: string, kept: string | null): Promise<boolean> {
  const [, m, t, p, salt = "", hash = ""] =
    /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(kept ?? "") ?? [];
  if (hash === "") {
    await digest(password, Buffer.alloc(saltLength), hashLength, cost);
    return false;
  }
  const expected = Buffer.from(hash, "base64");
  const keptCost = { memory: Number(m), passes: Number(t), parallelism: Number(p) };
  const found = await digest(password, Buffer.from(salt, "base64"), expected.length, keptCost);
  return timingSafeEqual(found, expected);
}

/** One form for characters that can be typed in several ways, such as é. */
function digest(password: string, nonce: Buffer, tagLength: number, { memory, passes, parallelism }: Cost) {
  return compute({ message: password.normalize("NFKC"), nonce, tagLength, memory, passes, parallelism });
}

function unpadded(bytes: Buffer): string {
  return bytes.toString("base64").replace(/={1,2}$/, "");
}
