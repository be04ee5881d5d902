import { hash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { type Clock, type Microseconds, microsecondsPerSecond } from "../clock.ts";
import { Problem } from "../errors.ts";
import type { ReadWriter } from "../store/db.ts";
import { type CredentialsRow, lockCredentials, setFailures } from "../store/staff-users.ts";
import { isPassword } from "./passwords.ts";

/** Slows down whoever guesses passwords or links. What it knows is this process's own, and gone with it. */
export interface SignIns {
  /**
   * Counts a guess from an address as a wrong one, before anybody looks.
   * @returns what takes that back once it was right
   * @throws Problem (tooMany)
   */
  fromAddress(address: string): () => void;
  /** Counts a try at an e-mail address that nobody has, as those of people are counted. @throws Problem (tooMany) */
  ofNobody(email: string): void;
}

/** How many wrong guesses an address has, and in which time. */
const maxGuesses = 20;
const guessWindow = 15 * 60 * microsecondsPerSecond;

/** How many wrong passwords in a row are free. */
const freeFailures = 5;
const minute = 60 * microsecondsPerSecond;
const longestWait = 15 * minute;

/** How many addresses, and how many e-mail addresses, are remembered at most. */
const maxRemembered = 10_000;

/** What is wrong is said at full steps of this, in milliseconds, so that the time tells nothing. */
const answerStep = 250;

export function signIns(clock: Clock): SignIns {
  const guesses = new Map<string, Microseconds[]>();
  const nobodies = new Map<string, Failures>();
  return {
    fromAddress: (address) => {
      const now = clock();
      const isRecent = (time: Microseconds) => time > now - guessWindow && time <= now;
      const times = (guesses.get(address) ?? []).filter(isRecent);
      const [oldest] = times;
      if (oldest !== undefined && times.length >= maxGuesses) throw tooMany(oldest + guessWindow - now);
      remember(guesses, address, [...times, now]);
      return () => {
        const others = [...(guesses.get(address) ?? [])];
        const index = others.indexOf(now);
        if (index >= 0) others.splice(index, 1);
        if (others.length > 0) guesses.set(address, others);
        else guesses.delete(address);
      };
    },
    ofNobody: (email) => {
      const key = hash("sha256", email, "base64");
      remember(nobodies, key, oneMore(nobodies.get(key) ?? { failures: 0, failed: 0 }, clock()));
    },
  };
}

type Failures = Pick<CredentialsRow, "failures" | "failed">;

/** The next try, counted as a failure until it is known to be right. @throws Problem (tooMany) when it is too early */
function oneMore({ failures, failed }: Failures, now: Microseconds): Failures {
  const wait = failures < freeFailures ? 0 : Math.min(longestWait, 2 ** (failures - freeFailures) * minute);
  // A clock that was set back must keep nobody out.
  if (failed <= now && now < failed + wait) throw tooMany(failed + wait - now);
  return { failures: failures + 1, failed: now };
}

function tooMany(wait: Microseconds): Problem {
  const retryAfterSeconds = Math.max(1, Math.ceil(wait / microsecondsPerSecond));
  return new Problem("tooMany", `Too many wrong tries; try again in ${retryAfterSeconds} s.`, { retryAfterSeconds });
}

/** The one that was remembered longest ago makes room. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > maxRemembered && oldest !== undefined) map.delete(oldest);
}

interface Guarded {
  readonly db: ReadWriter;
  readonly clock: Clock;
  readonly signIns: SignIns;
}

/**
 * Tries a password. Each try counts as a wrong one before it is looked at, so that many at once gain nothing; opening a
 * session, or setting a password, begins the count anew.
 * @param person  who says so: an id, or an e-mail address as it is kept
 * @returns whose it is; `undefined` for a wrong password, and just so for who is unknown, disabled or has none yet
 * @throws Problem (tooMany)
 */
export async function tryPassword(
  { db, clock, signIns }: Guarded,
  person: { readonly id: string } | { readonly email: string },
  password: string,
  address: string,
): Promise<CredentialsRow | undefined> {
  const start = performance.now();
  const forgive = signIns.fromAddress(address);
  try {
    const known = await db.transaction(async (transaction) => {
      const row = await lockCredentials(transaction, person);
      if (!row) return undefined;
      const { failures, failed } = oneMore(row, clock());
      await setFailures(transaction, row.id, failures, failed);
      return row;
    });
    if (!known && "email" in person) signIns.ofNobody(person.email);
    const isRight = await isPassword(password, known?.password_hash ?? null);
    if (known?.is_enabled && isRight) {
      forgive();
      return known;
    }
  } catch (error) {
    // Whoever was not even listened to has guessed nothing, and shares the address with colleagues.
    forgive();
    throw error;
  }
  await setTimeout(answerStep - ((performance.now() - start) % answerStep));
  return undefined;
}
