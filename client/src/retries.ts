import { ConnectionError, ConnectorError } from "./errors.ts";

/** Waits; rejects with the signal's reason when that is aborted first. */
export type Sleep = (milliseconds: number, signal?: AbortSignal) => Promise<void>;

export interface RetryRules {
  /** How often a call is repeated at most. */
  readonly retries: number;
  /** How long a `Retry-After` may be that is waited for, in milliseconds. */
  readonly longestWait: number;
  readonly sleep: Sleep;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly signal: AbortSignal | undefined;
  /** Whether repeating is safe when it is not known what came of the request. */
  readonly isRepeatable: boolean;
  /** Hears of every failure that a repetition follows. */
  readonly retried: (error: ConnectorError, milliseconds: number) => void;
}

const firstWait = 500;
const longestBackoff = 8000;
const passingStatuses: ReadonlySet<number | undefined> = new Set([408, 429, 500, 502, 503, 504]);

/** The pause after so many failures in a row, in milliseconds: doubling, and up to half of it left to chance. */
export function backoff(failures: number, random: () => number): number {
  const full = Math.min(longestBackoff, firstWait * 2 ** (failures - 1));
  return full * (1 - random() / 2);
}

/** Repeats what fails in passing, when that is safe. `attempt` is told which one it is, from 1 on. */
export async function withRetries<T>(rules: RetryRules, attempt: (count: number) => Promise<T>): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt(count);
    } catch (error) {
      if (count > rules.retries || !(error instanceof ConnectorError)) throw error;
      if (!mayRepeat(error, rules.isRepeatable)) throw error;
      const asked = error.retryAfter === undefined ? undefined : error.retryAfter * 1000;
      if (asked !== undefined && asked > rules.longestWait) throw error;
      const milliseconds = asked ?? backoff(count, rules.random);
      rules.retried(error, milliseconds);
      await rules.sleep(milliseconds, rules.signal);
    }
  }
}

/** Whether to try again: always when the server did nothing for certain, as with 429 or a request that was never sent. */
function mayRepeat(error: ConnectorError, isRepeatable: boolean): boolean {
  if (error.status === 429) return true;
  if (error instanceof ConnectionError) return error.isUnsent || isRepeatable;
  return isRepeatable && passingStatuses.has(error.status);
}

/** The most that a timer can be set to, in milliseconds; beyond that it goes off at once. */
export const longestTimer = 2 ** 31 - 1;

export const sleep: Sleep = (milliseconds, signal) =>
  new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      },
      Math.min(milliseconds, longestTimer),
    );
    signal?.addEventListener("abort", stop, { once: true });
    if (signal?.aborted) stop();
  });
