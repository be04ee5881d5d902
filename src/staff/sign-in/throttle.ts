import { type Microseconds, microsecondsPerSecond, minutes, seconds } from "../../core/clock.ts";
import { Problem } from "../../core/problem.ts";
import type { SecretBox } from "../../core/secret-box.ts";
import type { Reader, Transaction } from "../../store/db.ts";
import {
  deleteThrottle,
  findThrottle,
  lockThrottle,
  removeOldThrottles,
  setThrottle,
  type ThrottleRow,
} from "../../store/staff/throttle.ts";

/** What wrong tries are counted by, and how long the next one must wait. */
export interface Counter {
  readonly digest: Uint8Array;
  readonly rule: ThrottleRule;
}

interface ThrottleRule {
  wait(row: ThrottleRow, now: Microseconds): Microseconds;
  afterFailure(row: ThrottleRow, now: Microseconds): ThrottleRow;
  /** Takes a failure back; `undefined` when success begins the whole count anew. */
  afterSuccess(row: ThrottleRow): ThrottleRow | undefined;
}

const minute = minutes(1);

const longestWait = 15 * minute;
const freeFailures = 5;
/**
 * In two hours without a try, the count begins anew: five free tries are then fewer than one each quarter of an hour.
 */
const memory = 120 * minute;

/** Five wrong tries in a row are free. Each one after them doubles the wait, from a minute to a quarter of an hour. */
const doubling: ThrottleRule = {
  wait: ({ failures, failed, expires }, now) => {
    if (failures < freeFailures || expires <= now) return 0;
    const wait = Math.min(longestWait, 2 ** (failures - freeFailures) * minute);
    // When the clock was set back, the failure lies in the future, and would keep the person out for too long.
    return failed <= now ? Math.max(0, failed + wait - now) : 0;
  },
  afterFailure: ({ failures, expires }, now) => ({
    failures: expires <= now ? 1 : failures + 1,
    failed: now,
    expires: now + memory,
  }),
  afterSuccess: () => undefined,
};

/**
 * Allows so many wrong tries at once, and one more in each interval after them. `expires` is when all of them are
 * forgotten, so that a row which has expired means the same as no row.
 */
function wearingOff(burst: number, interval: Microseconds): ThrottleRule {
  // A clock that was set back must not make it longer than a full burst.
  const wornOff = ({ expires }: ThrottleRow, now: Microseconds) =>
    Math.min(Math.max(expires, now), now + burst * interval);
  return {
    wait: (row, now) => Math.max(0, wornOff(row, now) + interval - (now + burst * interval)),
    afterFailure: (row, now) => ({
      failures: row.expires <= now ? 1 : row.failures + 1,
      failed: now,
      expires: wornOff(row, now) + interval,
    }),
    afterSuccess: ({ failures, failed, expires }) => ({
      failures: Math.max(0, failures - 1),
      failed,
      expires: expires - interval,
    }),
  };
}

/** A stranger is stopped after 20 wrong tries, at whatever accounts, and has one more in each 45 s. */
const ofNetwork = wearingOff(20, seconds(45));
/** All strangers together have 100 wrong tries at one account, and one more in each 6 minutes. */
const ofAccount = wearingOff(100, 6 * minute);

/** The counters of a stranger who tries to sign in with an e-mail address, whether or not a person has it. */
export function strangerCounters(box: SecretBox, email: string, network: string): readonly Counter[] {
  return [
    pairCounter(box, email, network),
    { digest: box.digest(network, "sign-in network"), rule: ofNetwork },
    { digest: box.digest(email, "sign-in account"), rule: ofAccount },
  ];
}

/** The counter of an account and a network together. */
export function pairCounter(box: SecretBox, email: string, network: string): Counter {
  return { digest: box.digest(JSON.stringify([email, network]), "sign-in pair"), rule: doubling };
}

/** The counter of a network that uses links which are not good. */
export function linkCounter(box: SecretBox, network: string): Counter {
  return { digest: box.digest(network, "link network"), rule: ofNetwork };
}

/** The counter of a device in which the person has signed in before. */
export function deviceCounter(box: SecretBox, device: Uint8Array): Counter {
  return { digest: box.digest(Buffer.from(device).toString("base64"), "sign-in device"), rule: doubling };
}

/** The counter of a session in which somebody gives the old password. */
export function sessionCounter(box: SecretBox, sessionId: string): Counter {
  return { digest: box.digest(sessionId, "session password"), rule: doubling };
}

/** @throws Problem (tooMany) when one of the counters says that the next try is to come later */
export async function mustNotWait(reader: Reader, counters: readonly Counter[], now: Microseconds): Promise<void> {
  for (const { digest, rule } of counters) refuseEarly(rule.wait(await findThrottle(reader, digest), now));
}

/**
 * Counts a try as a wrong one before the password is compared, so that many tries at once get no more than one by one.
 * @throws Problem (tooMany) when it comes too early; then it is not counted
 */
export async function countFailure(
  transaction: Transaction,
  counters: readonly Counter[],
  now: Microseconds,
): Promise<void> {
  for (const { digest, rule } of counters) {
    const row = await lockThrottle(transaction, digest);
    refuseEarly(rule.wait(row, now));
    await setThrottle(transaction, digest, rule.afterFailure(row, now));
  }
  await removeOldThrottles(transaction, now);
}

/** Takes a try back that turned out to be right. */
export async function countSuccess(transaction: Transaction, counters: readonly Counter[]): Promise<void> {
  for (const { digest, rule } of counters) {
    const row = rule.afterSuccess(await lockThrottle(transaction, digest));
    if (row && row.failures > 0) await setThrottle(transaction, digest, row);
    else await deleteThrottle(transaction, digest);
  }
}

function refuseEarly(wait: Microseconds): void {
  if (wait <= 0) return;
  const retryAfterSeconds = Math.max(1, Math.ceil(wait / microsecondsPerSecond));
  throw new Problem("tooMany", `Too many wrong tries; try again in ${retryAfterSeconds} s.`, { retryAfterSeconds });
}
