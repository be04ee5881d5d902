import { type AttemptRules, attempt } from "./attempt.ts";
import { type RetryRules, withRetries } from "./retries.ts";

/** Of one call. */
export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** How long one attempt may take, in milliseconds. */
  readonly timeout?: number | undefined;
  /** How often the call is repeated at most. */
  readonly retries?: number | undefined;
}

export interface AddOptions extends CallOptions {
  /** (+) Sent as `Idempotency-Key`, of 1 to 255 characters, and relied on: only for a server that knows it. */
  readonly idempotencyKey?: string | undefined;
}

/** Hears what the client does. No token is ever among it; guests' texts are, in `body` of `debug`. */
export interface Logger {
  debug(message: string, details: Readonly<Record<string, unknown>>): void;
  /** Something failed and is tried again. */
  warn(message: string, details: Readonly<Record<string, unknown>>): void;
}

/** What all calls of a client have in common. */
export interface Calls
  extends Pick<AttemptRules, "send" | "redact" | "now" | "timeout">,
    Pick<RetryRules, "retries" | "longestWait" | "sleep" | "random"> {
  readonly address: string;
  readonly credentials: object;
  readonly idempotencyKeys: boolean;
  readonly newKey: () => string;
  readonly logger: Logger | undefined;
}

export interface Operation {
  /** As in `messages/add`. */
  readonly name: string;
  readonly isRead: boolean;
}

/** Calls an operation, again and again where that is safe. */
export async function call(
  calls: Calls,
  { name, isRead }: Operation,
  input: object,
  options: AddOptions = {},
): Promise<object> {
  const { redact, logger, now } = calls;
  const { signal, timeout = calls.timeout, retries = calls.retries } = options;
  const url = `${calls.address}/api/connector/v1/${name}`;
  // One body for all attempts, since a key belongs to it.
  const body = JSON.stringify({ ...input, ...calls.credentials });
  const key = isRead ? undefined : (options.idempotencyKey ?? (calls.idempotencyKeys ? calls.newKey() : undefined));
  const isRepeatable = isRead || key !== undefined;
  const retried: RetryRules["retried"] = ({ message, status, requestId }, wait) => {
    logger?.warn(`${name} is tried again in ${Math.round(wait)} ms.`, { operation: name, message, status, requestId });
  };
  return withRetries({ ...calls, retries, signal, isRepeatable, retried }, (count) => {
    const start = now();
    const headers = new Headers({ "Content-Type": "application/json", Accept: "application/json" });
    if (key !== undefined) headers.set("Idempotency-Key", key);
    const answered: AttemptRules["answered"] = (status, requestId) => {
      const milliseconds = now() - start;
      logger?.debug(`${name} was answered with ${status}.`, { operation: name, status, requestId, milliseconds });
    };
    logger?.debug(`${name} is sent.`, { operation: name, attempt: count, body: redact(body) });
    return attempt({ ...calls, timeout, signal, answered }, { operation: name, url, headers, body, attempt: count });
  });
}
