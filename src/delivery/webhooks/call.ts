import { Agent, type Dispatcher } from "undici";
import type { Microseconds } from "../../core/clock.ts";
import type { Destinations } from "./destination.ts";

/** How long an endpoint may take to answer, redirects and all, in milliseconds (contract, section 6). */
export const defaultCallTimeout = 5000;

const maxHops = 3;

/** How much of an answer is read and kept, in bytes. */
const maxAnswer = 20_000;

export type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** What an endpoint answered, or why it did not. */
export interface CallResult {
  readonly status: number | null;
  readonly headers: Headers | null;
  readonly body: string | null;
  /** A sentence; `null` for a success. */
  readonly error: string | null;
  /** When to send it after all, if nothing was sent and it is neither a success nor a failure. A sandbox postpones. */
  readonly postponedTo?: Microseconds | undefined;
}

/** Posts a body to a URL; never throws. Aborting the signal ends it with an error that says so. */
export type PostWebhook = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
) => Promise<CallResult>;

/** The client and the delivery of a call. */
export interface WebhookSubject {
  readonly clientName: string;
  /** The same at every attempt. */
  readonly deliveryId: string;
}

/** Posts a delivery of a client. */
export type CallWebhook = (...request: [...Parameters<PostWebhook>, subject: WebhookSubject]) => Promise<CallResult>;

/** Begins a limit of so many milliseconds. The signal aborts with a `TimeoutError`, as that of `AbortSignal.timeout`. */
export type TimeLimit = (milliseconds: number) => AbortSignal;

/**
 * Calls go out on connections of their own, so that each attempt and each hop is checked for itself.
 * @param timeout  for each call, redirects and all, in milliseconds
 */
export function webhookCaller(
  destinations: Destinations,
  timeout = defaultCallTimeout,
  timeLimit: TimeLimit = AbortSignal.timeout,
): { call: PostWebhook; close(): Promise<void> } {
  const { connect } = destinations;
  // `timeLimit` ends the whole call, so the library's own limits for parts of it are off.
  const agent = new Agent({ connect, pipelining: 0, headersTimeout: 0, bodyTimeout: 0 });

  async function follow(url: URL, headers: Readonly<Record<string, string>>, body: string, signal: AbortSignal) {
    let target = url;
    for (let hop = 0; ; hop += 1) {
      destinations.checkUrl(target);
      const response = await agent.request({
        origin: target.origin,
        path: target.pathname + target.search,
        method: "POST",
        headers: { ...headers },
        body,
        signal,
      });
      const isRedirect = response.statusCode === 307 || response.statusCode === 308;
      const location = response.headers.location;
      if (!isRedirect || typeof location !== "string" || hop === maxHops) return response;
      response.body.on("error", () => undefined).destroy();
      if (!URL.canParse(location, target.href)) throw new Error("It redirects to what is no URL.");
      target = new URL(location, target.href);
    }
  }

  return {
    call: async (url, headers, body, signal) => {
      const limit = AbortSignal.any([signal, timeLimit(timeout)]);
      let answered: Pick<CallResult, "status" | "headers"> = { status: null, headers: null };
      try {
        const response = await Promise.race([follow(new URL(url), headers, body, limit), abortOf(limit)]);
        answered = { status: response.statusCode, headers: response.headers };
        const text = await readAnswer(response);
        return { ...answered, body: text, error: failureOf(response.statusCode) };
      } catch (error) {
        return { ...answered, body: null, error: sentenceOf(error, timeout) };
      }
    },
    close: () => agent.destroy(),
  };
}

/** Rejects when a signal aborts. The library itself would wait until a connection that is being made stands or fails. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
  });
}

function failureOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  if (status === 307 || status === 308) return `It answered ${status} after ${maxHops} redirects, or without a place.`;
  return `It answered ${status}.`;
}

/** Reads an answer's beginning. @throws Error for a longer one that did not announce its length */
async function readAnswer({ headers, body }: Dispatcher.ResponseData): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    pieces.push(piece);
    length += piece.length;
    if (length <= maxAnswer) continue;
    if (headers["content-length"] === undefined) {
      throw new Error(`Its answer does not end within ${maxAnswer.toLocaleString("en")} bytes.`);
    }
    break;
  }
  // PostgreSQL stores no text that contains NUL.
  return Buffer.concat(pieces).toString("utf8", 0, maxAnswer).replaceAll("\0", "\ufffd");
}

const unknownSigner = "Its certificate is not signed by anybody who is known here";

/** Sentences for the errors of connections, by the error's code or, if it has none, its name. */
const troubles: readonly (readonly [code: RegExp, sentence: string])[] = [
  [/^ECONNREFUSED$/, "It refused the connection"],
  [/^(?:ECONNRESET|EPIPE|UND_ERR_SOCKET)$/, "The connection ended before its answer was whole"],
  [/^(?:ENETUNREACH|EHOSTUNREACH|EADDRNOTAVAIL|ETIMEDOUT)$/, "There is no way to it from here"],
  [/^HTTPParserError$|^HPE_/, "It did not answer in HTTP"],
  [/^UND_ERR_HEADERS_OVERFLOW$/, "The headers of its answer are too long"],
  [/SELF_SIGNED_CERT|^UNABLE_TO_(?:GET_ISSUER|VERIFY)/, unknownSigner],
  [/^CERT_HAS_EXPIRED$/, "Its certificate has expired"],
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, "Its certificate is for another host"],
  [/^(?:ERR_SSL_|EPROTO)/, "It does not speak TLS as it should"],
];

function sentenceOf(error: unknown, timeout: number): string {
  // When a host has several addresses, there is an error for each, and the first one is told.
  const [cause] = error instanceof AggregateError ? error.errors : [error];
  if (!(cause instanceof Error)) return String(cause);
  if (/Timeout/.test(cause.name)) return `It did not answer within ${timeout / 1000} seconds.`;
  const code = "code" in cause && cause.code ? String(cause.code) : cause.name;
  const [, sentence] = troubles.find(([pattern]) => pattern.test(code)) ?? [];
  return sentence ? `${sentence} (${code}).` : cause.message || "It can't be reached.";
}
