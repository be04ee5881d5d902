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

/** A failure that a caller may read: its message is one plain sentence without secrets, SQL or stack. */
export class Problem extends Error {
  readonly kind: ProblemKind;
  readonly retryAfterSeconds: number | undefined;

  constructor(kind: ProblemKind, message: string, options: { retryAfterSeconds?: number; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return statusOfKind[this.kind];
  }
}

/** A failure for the operator: its sentence, and what the machine said, unless the sentence has that already. */
export function operatorSentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, message } = error;
  const said = cause instanceof Error ? cause.message : "";
  return message.includes(said) ? message : `${message} (${said})`;
}

/** The request breaks a rule; `message` names the property and says why. */
export function invalid(message: string): Problem {
  return new Problem("invalid", message);
}

/** The service can't take this now; nothing was stored and the caller may try again. */
export function unavailable(message: string, cause?: unknown): Problem {
  return new Problem("unavailable", message, { retryAfterSeconds: 1, cause });
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
