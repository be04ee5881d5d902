/** What can go wrong at the edge, and the HTTP status each kind is answered with (contract, section 2). */
const statusOfKind = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  timeout: 408,
  conflict: 409,
  otherPerson: 412,
  tooLarge: 413,
  tooMany: 429,
  unexpected: 500,
  unavailable: 503,
} as const;

export type ProblemKind = keyof typeof statusOfKind;

/**
 * What a failure is about, for programs. An edge that knows a way out finds it by the code, and says it in its own
 * words: `src/core/ways-out.ts` for the command line. Messages are for people, and no program reads them.
 */
export type ProblemSubject =
  | { readonly code: "unknown"; readonly what: KnownRecord; readonly id?: string }
  | { readonly code: "disabled"; readonly what: "person" }
  | { readonly code: "secretForgotten"; readonly what: "webhook"; readonly id: string }
  | { readonly code: DatabaseTrouble }
  | { readonly code: "secretKeyMissing" | "secretKeyUnusable" | "secretKeyOther" }
  | { readonly code: "copyUnfinished" | "schemaOlder" | "noRoomForHistory" }
  /** The copy goes on where it ended; `by` is what ended it. */
  | { readonly code: "copyInterrupted"; readonly by: ProblemSubject | undefined };

/** The operator's records. */
export type KnownRecord =
  | "client"
  | "clientToken"
  | "enterprise"
  | "integration"
  | "webhook"
  | "delivery"
  | "person"
  | "link";

/** Why a database can't be used that was named. */
export type DatabaseTrouble =
  | "databaseDamaged"
  | "databaseFile"
  | "databaseHost"
  | "databaseCredentials"
  | "databaseMissing"
  | "databaseRights"
  | "databasePooler"
  | "databaseConnections"
  | "databaseOfOthers"
  | "databaseOccupied";

/** Which of the two databases of a copy a failure is about. */
export type CopySide = "source" | "target";

export interface ProblemOptions {
  readonly retryAfterSeconds?: number | undefined;
  readonly subject?: ProblemSubject | undefined;
  readonly side?: CopySide | undefined;
  /** What went wrong with the machine, for the log. */
  readonly cause?: unknown;
}

/** A failure that a caller may read: its message is one plain sentence without secrets, SQL, stack or command line. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly retryAfterSeconds: number | undefined;
  readonly subject: ProblemSubject | undefined;
  readonly side: CopySide | undefined;

  constructor(kind: ProblemKind, message: string, options: ProblemOptions = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.subject = options.subject;
    this.side = options.side;
  }

  get status(): number {
    return statusOfKind[this.kind];
  }
}

/** The request breaks a rule; `message` names the property and says why. */
export function invalid(message: string, subject?: ProblemSubject): Problem {
  return new Problem("invalid", message, { subject });
}

/** There is no such record. */
export function unknown(what: Exclude<KnownRecord, "clientToken" | "person" | "link">, id: string): Problem {
  return invalid(`There is no ${what} ${id}.`, { code: "unknown", what, id });
}

/** The service can't take this now; nothing was stored and the caller may try again. */
export function unavailable(message: string, cause?: unknown, subject?: ProblemSubject): Problem {
  return new Problem("unavailable", message, { retryAfterSeconds: 1, cause, subject });
}

/** The request took longer than it may, and no transaction of it was committed. */
export function tooLate(): Problem {
  return new Problem("timeout", "The request could not be served in time; nothing was stored.");
}

/** What was asked may have been stored or not, and nobody can tell. */
export function undecided(): Problem {
  const message =
    "The database did not say whether this was stored. Repeat the request with the same Idempotency-Key, or look first.";
  return new Problem("unavailable", message, { retryAfterSeconds: 1 });
}
