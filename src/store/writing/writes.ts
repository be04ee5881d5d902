import type { Microseconds } from "../../core/clock.ts";
import type { Command } from "../../messaging/commands.ts";
import type { AnswerFrame } from "../../messaging/documents.ts";
import type { Scope } from "../scope.ts";

/** A command of a caller. A thread outside the scope is refused as if it did not exist. */
export interface Write {
  readonly scope: Scope;
  readonly command: Command;
  readonly idempotency?: Idempotency | undefined;
  /** When it happened, for what is written afterwards. */
  readonly at?: Microseconds;
}

/** The key of a request that may be repeated. It belongs to a client at a property (contract, section 5). */
export interface IdempotencyKey {
  readonly operation: string;
  readonly key: string;
  /** SHA-256 of the body as parsed, without credentials. */
  readonly bodyDigest: Uint8Array;
}

/** A key, and the frame of the answer that is kept under it. */
export interface Idempotency extends IdempotencyKey {
  readonly frame: AnswerFrame;
}

/** What became of a write. */
export interface Written {
  /** What was made or changed, as the API answers it, in the order of the command. */
  readonly documents: readonly string[];
  /** The answer to the first request with this idempotency key, when this one repeats it. */
  readonly replayed?: string;
}

/** Writes to the logs of properties. */
export interface Writer {
  /**
   * Stores a write together with those that arrive at the same time; resolves after their common commit.
   * @throws Problem (invalid, conflict) when the command can't be carried out, (timeout) when the deadline passed before
   * the commit, (unavailable) when the database can't take it or, after a lost connection, did not say whether it has
   */
  write(write: Write): Promise<Written>;
}
