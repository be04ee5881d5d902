import { AttemptTimeoutError, ConnectionError, errorOf } from "./errors.ts";
import type { Redact } from "./redaction.ts";
import { longestTimer } from "./retries.ts";

/** One request, as middleware sees it. The body is JSON and holds the tokens. */
export interface ConnectorRequest {
  /** As in `messages/add`. */
  readonly operation: string;
  readonly url: string;
  readonly headers: Headers;
  readonly body: string;
  /** From 1 on. */
  readonly attempt: number;
  /** Aborted when the attempt is out of time or the caller has ended the call. */
  readonly signal: AbortSignal;
}

export type Send = (request: ConnectorRequest) => Promise<Response>;

/** Runs around every attempt, the first one outermost. What it throws ends the call, unless it is a `ConnectionError`. */
export type Middleware = (request: ConnectorRequest, next: Send) => Promise<Response>;

/** What is used of `fetch`. */
export type Fetch = (
  url: string,
  init: {
    readonly method: "POST";
    readonly headers: Headers;
    readonly body: string;
    readonly signal: AbortSignal;
    readonly redirect: "manual";
  },
) => Promise<Response>;

/** `fetch` with middleware around it. */
export function sender(fetch: Fetch, middleware: readonly Middleware[], redact: Redact): Send {
  const send: Send = async ({ operation, url, headers, body, signal }) => {
    try {
      // A redirect would carry the tokens to wherever it points.
      return await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
    } catch (error) {
      throw noAnswer(operation, error, redact);
    }
  };
  return middleware.reduceRight<Send>((next, around) => (request) => around(request, next), send);
}

export interface AttemptRules {
  readonly send: Send;
  /** How long it may take to its last byte, in milliseconds. */
  readonly timeout: number;
  /** The caller's. */
  readonly signal: AbortSignal | undefined;
  readonly redact: Redact;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Hears of every answer. */
  readonly answered: (status: number, requestId: string | undefined) => void;
}

/**
 * Sends one request, and reads the answer to its end.
 * @throws ConnectorError, the reason of the caller's signal, or what middleware throws
 */
export function attempt(rules: AttemptRules, request: Omit<ConnectorRequest, "signal">): Promise<object> {
  const { operation } = request;
  return withinTime(rules, operation, async (signal) => {
    const response = await rules.send({ ...request, signal });
    const text = await response.text().catch((error: unknown) => {
      throw noAnswer(operation, error, rules.redact);
    });
    const requestId = response.headers.get("Request-Id") ?? undefined;
    rules.answered(response.status, requestId);
    if (!response.ok) throw refusal(rules, operation, response, text);
    const answer = text === "" ? {} : parsed(text);
    if (answer) return answer;
    const message = `The answer to ${operation} breaks off, or is no JSON object.`;
    throw new ConnectionError(message, { operation, requestId });
  });
}

function withinTime<T>(
  { timeout, signal }: AttemptRules,
  operation: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return new Promise((resolve, reject) => {
    const settled = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
    };
    // Without waiting for a `fetch` or a middleware that does not heed the signal.
    const stop = (reason: unknown) => {
      settled();
      reject(reason);
      controller.abort(reason);
    };
    const aborted = () => stop(signal?.reason);
    const tooLate = () => {
      stop(new AttemptTimeoutError(`No answer to ${operation} came within ${timeout} ms.`, { operation }));
    };
    const timer = setTimeout(tooLate, Math.min(timeout, longestTimer));
    if (signal?.aborted) return aborted();
    signal?.addEventListener("abort", aborted);
    work(controller.signal).then(resolve, reject).finally(settled);
  });
}

function refusal({ redact, now }: AttemptRules, operation: string, response: Response, text: string): Error {
  const { status, headers } = response;
  if (response.type === "opaqueredirect" || (status >= 300 && status < 400)) {
    const message = `${operation} was redirected. Give the address that it was redirected to as platformAddress.`;
    return errorOf(status, message, { operation });
  }
  const body = (parsed(redact(text)) ?? {}) as Readonly<Record<string, unknown>>;
  const message = typeof body.Message === "string" ? body.Message : `${operation} was answered with ${status}.`;
  const requestId = headers.get("Request-Id") ?? (typeof body.RequestId === "string" ? body.RequestId : undefined);
  const retryAfter = secondsOf(headers.get("Retry-After"), now);
  return errorOf(status, message, { operation, requestId, retryAfter, details: body.Details ?? undefined });
}

/** `undefined` for what is no JSON object. */
function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `Retry-After` in seconds, which may be given as a date. */
function secondsOf(header: string | null, now: () => number): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now()) / 1000);
}

/** Describes the failure without passing on the error, since a `fetch` may put tokens into it. */
function noAnswer(operation: string, error: unknown, redact: Redact): ConnectionError {
  const chain = causes(error);
  const reasons = chain.map(({ message }) => message).filter((message) => message !== "");
  const why = reasons.length > 0 ? `: ${redact(reasons.join(": "))}` : ".";
  return new ConnectionError(`No answer to ${operation} came${why}`, { operation, isUnsent: chain.some(isUnsent) });
}

interface Cause {
  readonly message: string;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly errors?: unknown;
  readonly cause?: unknown;
}

/** An error with those that it comes from; several when several addresses of a host were tried. */
function causes(error: unknown): Cause[] {
  if (!(error instanceof Error)) return [];
  const cause: Cause = error;
  const several = Array.isArray(cause.errors) ? cause.errors : [];
  return [cause, ...[cause.cause, ...several].flatMap(causes)];
}

/**
 * Whether there was no connection yet, as Node, `undici` and Bun say it. Any other error may come after the request was
 * sent.
 */
function isUnsent({ code, syscall }: Cause): boolean {
  if (syscall === "connect" || syscall === "getaddrinfo") return true;
  return code === "UND_ERR_CONNECT_TIMEOUT" || code === "ConnectionRefused";
}
