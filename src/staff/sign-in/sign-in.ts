import { setTimeout } from "node:timers/promises";
import type { Clock } from "../../core/clock.ts";
import { Problem } from "../../core/problem.ts";
import type { SecretBox } from "../../core/secret-box.ts";
import type { TurnCaller, Turns } from "../../core/turns.ts";
import { networkOf } from "../../http/network.ts";
import type { ReadWriter, Transaction } from "../../store/db.ts";
import { type CredentialsRow, findCredentials } from "../../store/staff/users.ts";
import { knownDevice } from "./devices.ts";
import { isPassword } from "./passwords.ts";
import {
  type Counter,
  countFailure,
  countSuccess,
  deviceCounter,
  mustNotWait,
  sessionCounter,
  strangerCounters,
} from "./throttle.ts";
import type { Visitor } from "./visitor.ts";

/** A refusal is answered at full multiples of this, in milliseconds, so that its time does not tell what was wrong. */
const answerStep = 250;

interface Guarded {
  readonly db: ReadWriter;
  readonly clock: Clock;
  readonly secretBox: () => Promise<SecretBox>;
  readonly turns: Turns;
}

type Person = { readonly id: string } | { readonly email: string };

/** The credentials of a person whose password was right. */
export interface RightPassword extends CredentialsRow {
  /** Takes back what the try was counted as; belongs in the transaction that makes use of the password. */
  readonly forgive: (transaction: Transaction) => Promise<void>;
}

/**
 * Refuses to sign in where it would not last: a browser keeps no secure cookie that comes without TLS, so that the next
 * request would have no session.
 * @throws Problem (forbidden)
 */
export function mustHaveTls({ isWithoutTls }: Pick<Visitor, "isWithoutTls">): void {
  if (!isWithoutTls) return;
  throw new Problem(
    "forbidden",
    "Signing in needs https: over http the browser keeps no session, and others on the network can read the password. " +
      "Open the address that begins with https.",
  );
}

/**
 * Tries the password of an e-mail address. Strangers are counted by their network and the account together; a device in
 * which the person has signed in before has a count of its own, so that strangers can't keep it out (decision 27).
 * @param email  as it is kept
 * @param devices  the secrets in the device's cookie
 * @returns whose it is; `undefined` for a wrong password, and also for a person who is unknown, disabled or has none
 * @throws Problem (tooMany) when the counts say to wait, (unavailable) when too many wait for a turn, which counts as
 * nothing
 */
export async function trySignIn(
  guarded: Guarded,
  email: string,
  password: string,
  { address, devices }: { readonly address: string; readonly devices: readonly string[] },
): Promise<RightPassword | undefined> {
  const box = await guarded.secretBox();
  const device = await knownDevice(guarded.db, { email }, devices);
  const network = networkOf(address);
  if (!device) {
    const counters = strangerCounters(box, email, network);
    return tryPassword(guarded, { email }, password, counters, { isKnown: false, group: network });
  }
  const group = Buffer.from(device).toString("base64");
  return tryPassword(guarded, { email }, password, [deviceCounter(box, device)], { isKnown: true, group });
}

/**
 * Tries the password of the person who has a session. Only the session's own tries count, so others can't make it wait.
 * @returns `undefined` for a wrong password @throws as `trySignIn` does
 */
export async function tryOldPassword(
  guarded: Guarded,
  { userId, sessionId }: { readonly userId: string; readonly sessionId: string },
  password: string,
): Promise<RightPassword | undefined> {
  const counter = sessionCounter(await guarded.secretBox(), sessionId);
  return tryPassword(guarded, { id: userId }, password, [counter], { isKnown: true, group: sessionId });
}

async function tryPassword(
  { db, clock, turns }: Guarded,
  person: Person,
  password: string,
  counters: readonly Counter[],
  caller: TurnCaller,
): Promise<RightPassword | undefined> {
  const start = performance.now();
  // A caller who must wait anyway is refused here, so that others get the turn.
  await mustNotWait(db, counters, clock());
  const right = await turns.take(caller, async () => {
    // Counted only once it has its turn: a try that was refused for want of turns does not count.
    await db.transaction((transaction) => countFailure(transaction, counters, clock()));
    const known = await findCredentials(db, person);
    const isRight = await isPassword(password, known?.password_hash ?? null);
    return known?.is_enabled && isRight ? known : undefined;
  });
  if (right) return { ...right, forgive: (transaction) => countSuccess(transaction, counters) };
  await setTimeout(answerStep - ((performance.now() - start) % answerStep));
  return undefined;
}
